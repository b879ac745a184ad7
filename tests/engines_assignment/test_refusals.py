"""Bad demands get one sentence that names the key and the member; impossible ones a cut and a cure."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lianxi.engines.assignment import Demand, Group, Infeasible, Member, Refused, place, read

GOOD: dict[str, Any] = {
    "format": "lianxi-assignment/1",
    "groups": {"Reading": {"area": "n", "lo": 1, "hi": 2}, "South": {"area": "s", "lo": 0, "hi": 2}},
    "members": {"张三": {"area": "n", "wishes": ["Reading"]}},
}
LEADER = ("groups", "Reading", "qualities")


def refusal(data: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as info:
        asked = read(data)
        place(asked.demand, rule=asked.rule, closed=asked.closed)
    assert info.value.zh
    assert "\n" not in info.value.en
    return info.value


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("format",), "x", "format"),
        (("rule",), "best", "rule"),
        (("seed",), 3, "seed"),
        (("ranks",), 1.5, "ranks"),
        (("ranks",), 0, "members.张三.wishes"),
        (("groups",), [], "groups"),
        (("groups", "Reading", "lo"), 2.0, "groups.Reading.lo"),
        (("groups", "Reading", "lo"), True, "groups.Reading.lo"),
        (("groups", "Reading", "lo"), -1, "groups.Reading.lo"),
        (("groups", "Reading", "hi"), 10**10, "groups.Reading.hi"),
        (("groups", "Reading", "hi"), float("nan"), "groups.Reading.hi"),
        (("groups", "Reading", "lo"), 3, "groups.Reading"),
        (("groups", "Reading", "seats"), 3, "groups.Reading.seats"),
        (LEADER, {"old": {"least": "third"}}, "groups.Reading.qualities.old.least"),
        (LEADER, {"old": {"most": "4/3"}}, "groups.Reading.qualities.old.most"),
        (LEADER, {"old": {"least": 2, "most": 1}}, "groups.Reading.qualities.old"),
        (("members", "张三", "wishes"), "Reading", "members.张三.wishes"),
        (("members", "张三", "wishes"), ["Reading", "South", "Reading"], "members.张三.wishes[2]"),
        (("members", "张三", "wishes"), ["Reading", "Reading"], "members.张三.wishes[2]"),
        (("members", "张三", "wishes"), ["Nowhere"], "members.张三.wishes[1]"),
        (("members", "张三", "wishes"), [7], "members.张三.wishes[1]"),
        (("members", "张三", "barred"), ["Reading"], "members.张三.wishes[1]"),
        (("members", "张三", "barred"), ["Nowhere"], "members.张三.barred"),
        (("members", "张三", "fixed"), "Nowhere", "members.张三.fixed"),
        (("members", "张三"), None, "members.张三"),
        (("closed",), ["Nowhere"], "closed"),
        (("colour",), 1, "colour"),
    ],
)
def test_one_sentence_names_the_place(path: tuple[str, ...], value: Any, where: str) -> None:
    data = copy.deepcopy(GOOD)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert refusal(data).where == where


@pytest.mark.parametrize("path", [("groups",), ("members",), ("groups", "Reading", "lo"), ("members", "张三", "area")])
def test_missing_keys(path: tuple[str, ...]) -> None:
    data = copy.deepcopy(GOOD)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    assert refusal(data).where == ".".join(path)


def test_a_good_file_is_read() -> None:
    asked = read(GOOD)
    assert place(asked.demand).placement == {"张三": "Reading"}


def test_cuts_and_cures() -> None:
    def cut(groups: dict[str, Group], members: dict[str, Member]) -> Infeasible:
        with pytest.raises(Infeasible) as info:
            place(Demand(groups, members))
        assert info.value.cures
        assert info.value.zh
        return info.value

    barred = {f"m{i}": Member("n", barred=frozenset({"A", "B"})) for i in range(5)}
    three = {name: Group("n", 0, 2) for name in "ABCD"}
    found = cut(three, {**barred, "x": Member("n")})
    assert (found.cut.groups, found.cut.need, found.cut.have, found.cut.missing) == (("C", "D"), 5, 4, 1)
    assert found.said.en == "5 members may enter only C, D, which have 4 seats."
    found = cut({"A": Group("n", 2, 3), "B": Group("n", 2, 3)}, {"m": Member("n"), "k": Member("n", fixed="A")})
    assert (found.said.code, found.cut.need, found.cut.have) == ("too-few-members", 4, 2)
    found = cut({"A": Group("n", 0, 1)}, {"m": Member("n", fixed="A"), "k": Member("n", fixed="A")})
    assert (found.said.code, found.cut.missing) == ("designated-too-many", 1)
    assert cut({"A": Group("n", 0, 1)}, {"m": Member("s")}).said.code == "no-group"


def run(command: str, path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lianxi.portal.command", command, str(path), *more], capture_output=True, text=True, check=False
    )  # fmt: skip


def test_the_command_places_and_the_single_file_verifies(tmp_path: Path) -> None:
    from lianxi.engines.assignment import verifier

    (tmp_path / "demand.json").write_text(json.dumps(GOOD), encoding="utf-8")
    placed = run("place", tmp_path / "demand.json", "--json", "--seed", "7")
    assert placed.returncode == 0, placed.stderr
    (tmp_path / "certificate.json").write_text(placed.stdout, encoding="utf-8")
    assert json.loads(placed.stdout)["seed"] == "7"
    assert run("verify", tmp_path / "certificate.json", str(tmp_path / "demand.json")).returncode == 0
    alone = [sys.executable, "-I", "-S", str(Path(verifier.__file__)), str(tmp_path / "certificate.json")]
    assert subprocess.run(alone, check=False, capture_output=True).returncode == 0
    (tmp_path / "certificate.json").write_text(placed.stdout.replace('"cost": 0', '"cost": 1'), encoding="utf-8")
    assert subprocess.run(alone, check=False, capture_output=True).returncode == 1


def test_the_command_refuses_in_one_sentence(tmp_path: Path) -> None:
    text = json.dumps(GOOD, ensure_ascii=False)
    for bad, said in (
        (text.replace('"lo": 1', '"lo": 1.5'), "groups.Reading.lo"),
        (text.replace('"South"', '"Reading"'), "groups.Reading"),
        (text.replace('["Reading"]', '["Reading", "Reading"]'), "members.张三.wishes[2]"),
        (text.replace('"hi": 2', '"hi": 0', 1).replace('"lo": 1', '"lo": 0'), "too few"),
    ):
        (tmp_path / "bad.json").write_text(bad, encoding="utf-8")
        done = run("place", tmp_path / "bad.json", "--json")
        assert (done.returncode, done.stdout) == (1, "")
        assert "bad.json" in done.stderr
        assert said in done.stderr or "may enter only" in done.stderr
        assert "Traceback" not in done.stderr
