"""Published elections and ties come out as their README says, through the engine and through the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lianxi.engines.apportionment import Line, Order, Table, answer, biproportional, check, upper
from lianxi.portal.command import main

FOLDER = Path(os.environ.get("LIANXI_REAL_SEATS", Path(__file__).resolve().parents[2] / "../shared/data/apportionment"))
HERE = sorted(FOLDER.glob("*.json"))
needs_data = pytest.mark.skipif(not HERE, reason="the published elections are not here")


def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_the_data_are_here() -> None:
    if not HERE:
        pytest.skip("the published elections are not here")
    assert len(HERE) >= 14


@needs_data
@pytest.mark.parametrize("path", HERE, ids=lambda path: path.stem)
def test_every_election_comes_out_as_published(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    found = answer(data)
    assert all(line[0] for line in check(json.loads(json.dumps(found.certificate())), path.read_text(encoding="utf-8")))
    if isinstance(found, Line):
        assert list(found.seats) in data["col_seats_alternatives"] if "expected" not in data else data["expected"][0]
        return
    tables = data.get("expected_alternatives") or [data["expected"]] if "expected" in data else []
    if not path.stem.startswith("TIE"):
        assert found.unique
    if tables and "n_solutions" not in data:
        assert [list(line) for line in found.seats] in tables
    if "n_solutions" in data:
        assert [tie.solutions for tie in found.ties] == [data["n_solutions"]]


@needs_data
def test_ties_are_reported_cell_by_cell() -> None:
    data = read("TIE_SUB_UNION")
    found = answer(data)
    assert isinstance(found, Table)
    marked = {(i, j) for i, line in enumerate(data["lot_cells"]) for j, one in enumerate(line) if one}
    assert found.open_cells == marked
    assert found.ties[0].solutions == 2
    drawn = {found.resolve(Order.lot(str(seed))).seats for seed in range(40)}
    assert [list(map(list, one)) for one in sorted(drawn)] == sorted(data["expected_alternatives"])


@needs_data
@pytest.mark.parametrize("name", ["TIE_ONE_SEAT", "TIE_TWO_SEATS"])
def test_three_solutions_one_of_them_published(name: str) -> None:
    data = read(name)
    found = answer(data)
    assert isinstance(found, Table)
    drawn = {found.resolve(Order.lot(str(seed))).seats for seed in range(60)}
    assert len(drawn) == 3
    assert tuple(map(tuple, data["expected"])) in drawn


@needs_data
def test_a_tie_in_one_dimension_has_both_published_vectors() -> None:
    data = read("TIE_SUPER_ELECTION")
    found = answer(data)
    assert isinstance(found, Line)
    assert {tuple(found.resolve(Order.lot(str(seed))).seats) for seed in range(40)} == set(map(tuple, data["col_seats_alternatives"]))  # fmt: skip


@needs_data
@pytest.mark.parametrize("name", ["USTER_2006", "WINTERTHUR_2018"])
def test_one_district_is_sainte_lague(name: str) -> None:
    data = {key: one for key, one in read(name).items() if key != "col_seats"}
    found = answer(data)
    assert isinstance(found, Line)
    assert [list(found.seats)] == data["expected"]


@needs_data
@pytest.mark.parametrize("name", ["ZH_KR_2015_full", "ZH_GR_2018", "URI_2020", "USTER_2006", "WINTERTHUR_2018"])
def test_seats_of_the_lists_are_sainte_lague_on_votes_per_seat(name: str) -> None:
    data = read(name)
    assert list(upper(data["votes"], data["row_seats"], eligible=data.get("eligible")).seats) == data["col_seats"]


@needs_data
def test_official_divisors_are_accepted_and_rounded_ones_are_not() -> None:
    for name, good in (("ZH_KR_2015_full", True), ("ZH_KR_2015", False)):
        data = read(name)
        told = biproportional(data["votes"], data["row_seats"], data["col_seats"]).certificate()
        told |= {"row_divisors": data["divisors"]["row"], "col_divisors": data["divisors"]["col"]}
        assert all(line[0] for line in check(told)) is good


@needs_data
@pytest.mark.parametrize("path", HERE, ids=lambda path: path.stem)
def test_the_command_line_prints_a_certificate_that_verify_accepts(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert main(["apportion", str(path), "--json"]) == 0
    told = capsys.readouterr().out
    where = tmp_path / "certificate.json"
    where.write_text(told, encoding="utf-8")
    assert main(["verify", str(where)]) == 0
    assert main(["apportion", str(path)]) == 0
