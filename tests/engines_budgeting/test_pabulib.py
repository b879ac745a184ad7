"""Pabulib files: the nine real ones come out as published, bad ones get one sentence with file, line and column."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from lianxi.engines.budgeting import BadElection, equal_shares, read, write
from lianxi.engines.budgeting.verifier import check
from lianxi.portal.command import main
from tests.draws import draws

DATA = Path(os.environ.get("LIANXI_REAL_BUDGETS", Path(__file__).resolve().parents[2] / "../shared/data/budgets"))
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
NAMES = {
    # file: (voters, projects, units of add1, winners of shares that differ from the published ones or None if by another rule)
    "Netherlands_Assen_2024": (84, 14, 843, True),
    "Poland_Swiecie_2023": (2553, 22, 242, True),
    "Poland_Wieliczka_2023_Green_Budget": (6586, 64, 164, True),
    "Poland_Warszawa_2026_Blonia_Wilanowskie": (593, 12, 276, False),
    "Poland_Warszawa_2023_Wawer": (5091, 79, 245, False),
    "Poland_Warszawa_2023_Mokotow": (11067, 81, 359, False),
    "Switzerland_Zurich_S5": (180, 24, 96, False),
    "Switzerland_Zurich_D10": (180, 24, 90, False),
    "Poland_Katowice_2023_Piotrowice_-_Ochojec": (3618, 11, 480, False),
}
LARGE = {"Poland_Warszawa_2023_Wawer", "Poland_Warszawa_2023_Mokotow"}


@real
@pytest.mark.parametrize("name", NAMES)
def test_real_files(name: str) -> None:
    voters, projects, units, published = NAMES[name]
    file = read((DATA / f"{name}.pb").read_text(encoding="utf-8"))
    election = file.election()
    assert (election.voters, len(file.projects)) == (voters, projects)
    assert read(write(file)).election() == election
    if name in LARGE and draws(0, 1) == 0:
        equal_shares(election, completion="none")
        return
    found = equal_shares(election, completion="add1")
    assert found.units == units
    if published:
        assert {step.project for step in found.steps} == {p.key for p in file.projects if p.fields["selected"] == "1"}
    if name.endswith("Wilanowskie"):
        assert file.doubled == ((268, "1481"),)
        plain = equal_shares(election, completion="none").winners
        assert "1888" in plain
        assert "1481" not in plain


@real
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Switzerland_Zurich_D10"])
def test_real_files_through_the_command_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(DATA / f"{name}.pb")
    assert main(["share", source]) == 0
    assert "只按支持多少" in capsys.readouterr().out
    assert main(["share", source, "--completion", "add1", "--json"]) == 0
    out = capsys.readouterr().out
    assert all(line[0] for line in check(json.loads(out)))
    file = tmp_path / "c.json"
    file.write_text(out)
    assert main(["verify", str(file), source]) == 0
    capsys.readouterr()
    assert main(["verify", str(file), source, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["passed"] is True
    other = tmp_path / "other.pb"
    other.write_text(Path(source).read_text().replace(";name", ";title", 1) + "\n")
    assert main(["verify", str(file), str(other)]) == 1
    file.write_text(out.replace('"units": ', '"units": 1'))
    assert main(["verify", str(file)]) == 1


GOOD = """META
key;value
budget;100
vote_type;approval
num_votes;2
PROJECTS
project_id;cost;name
a;50;Lamps
b;30.5;"Ramp; steep"
VOTES
voter_id;vote
1;a,b
2;
"""
BAD = {
    "no cost": ("a;50;Lamps", "a;;Lamps", "line 8, column 2: the cost of project a is missing."),
    "short row": ("a;50;Lamps", "a", "line 8, column 2: the cost of project a is missing."),
    "cost in words": ("a;50;", "a;fifty;", "line 8, column 2: the cost of project a, 'fifty', is not a number."),
    "NaN": ("a;50;", "a;NaN;", "is not a number"),
    "exponent": ("a;50;", "a;1e9;", "is not a number"),
    "negative cost": ("a;50;", "a;-1;", "line 8, column 2: the cost of project a, -1, is below 0."),
    "negative budget": ("budget;100", "budget;-5", "line 3, column 2: the budget, -5, is below 0."),
    "no budget": ("budget;100\n", "", "META has no budget."),
    "no cost column": ("project_id;cost;name", "project_id;price;name", "line 7: PROJECTS has no column cost."),
    "column twice": (
        "project_id;cost;name",
        "project_id;cost;cost",
        "line 7, column 3: the column cost is given twice.",
    ),
    "project twice": ("b;30.5", "a;30.5", "line 9, column 1: the project a is given twice."),
    "voter twice": ("2;\n", "1;a\n", "line 13, column 1: the voter 1 is given twice."),
    "unknown project": ("1;a,b", "1;a,c", "line 12: there is no project c, named on this ballot."),
    "wrong total": ("num_votes;2", "num_votes;3", "line 5, column 2: num_votes says 3, the file holds 2."),
    "ballot type": ("approval", "guess", "line 4, column 2: the vote_type guess is not known."),
    "choose one": ("approval", "choose-1", "line 12: this ballot may name one project only."),
    "points": ("approval", "cumulative", "line 12: the ballot names 2 projects and 0 points."),
    "not META": ("META\n", "", "line 1: the file must begin with META."),
    "null": ("Lamps", "La\0mps", "line 8: the file holds a null character."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_sentence(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, said = BAD[case]
    assert old in GOOD
    file = tmp_path / "bad.pb"
    file.write_text(GOOD.replace(old, new, 1))
    assert main(["share", str(file)]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 2
    assert error.count(str(file)) == 2


def test_points_ranks_and_decimals() -> None:
    file = read(GOOD)
    assert file.election().ballots == {(("a", 1), ("b", 1)): 1, (): 1}
    assert str(file.projects[1].cost) == "61/2"
    assert file.projects[1].name == "Ramp; steep"
    ranked = read(GOOD.replace("approval", "ordinal").replace("1;a,b", "1;b,a"))
    assert dict(ranked.votes[0].points) == {"b": 2, "a": 1}
    assert read(write(ranked)).election() == ranked.election()
    pointed = read(
        GOOD.replace("approval", "scoring")
        .replace("voter_id;vote", "voter_id;vote;points")
        .replace("1;a,b", "1;a,b;3,0.5")
    )
    assert str(pointed.votes[0].points["b"]) == "1/2"
    assert read(write(pointed)).election() == pointed.election()
    twice = read(GOOD.replace("1;a,b", "1;a,b,a"))
    assert twice.doubled == ((12, "a"),)
    assert twice.election() == file.election()


def test_a_spoiled_file_never_ends_otherwise() -> None:
    dice = random.Random(5)
    for _ in range(draws(1500, 30000)):
        text = list(GOOD)
        for _ in range(dice.randint(1, 4)):
            text[dice.randrange(len(text))] = dice.choice(';,"\n\r-.9aé\t')
        said = refusal("".join(text))
        assert said is None or (said.zh.endswith("。") and "\n" not in said.en)


def refusal(text: str) -> BadElection | None:
    try:
        equal_shares(read(text).election(), completion="none")
    except BadElection as bad:
        return bad
    return None
