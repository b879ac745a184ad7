"""What a calculation says: by the names of units and trades, in the reader's language, with a cure that can be typed."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.delegates.quotas import services
from lianxi.delegates.quotas.terms import Outcome
from lianxi.engines.apportionment.sentences import SENTENCES, say
from tests.officers import login

from .conftest import DAY, begun
from .test_walk import organiser

UNITS = (("望槐", "Wanghuai"), ("栗园", "Liyuan"), ("汀兰", "Tinglan"))
OF_PEOPLE = {"weight_members": Fraction(1), "weight_organizations": Fraction(0), "weight_population": Fraction(0)}


def made(town: SimpleNamespace, at: dt.datetime, people: Any, shares: Any = (), **more: Any) -> Any:
    """A plan of three units with figures by trade, and with shares of the trades (least, most)."""
    actor = organiser(town)
    rows = [
        {"name": name, "name_en": english, "members": sum(counts), "people": list(counts), "women": 0, "young": 0}
        for (name, english), counts in zip(UNITS, people, strict=True)
    ]
    plan = services.put_figures(begun(town, at, **(OF_PEOPLE | more)), on=DAY, rows=rows, actor=actor, at=at)
    trades = list(plan.trades.all())
    plan = services.set_bounds(plan, shares={one.pk: pair for one, pair in zip(trades, shares, strict=False)}, actor=actor, at=at)  # fmt: skip
    return services.compute(plan, actor=actor, at=at)


ALIKE = ((12, 12, 12, 12, 12),) * 3
SIXTH = (None, Fraction(1, 6))
CASES = {
    "too little room": (ALIKE, (SIXTH,) * 5, {"seats": 12}, ("再放宽2席，每席是1/12", "by 2 seats in all")),
    "too much asked": (ALIKE, ((Fraction(1, 2), None),) * 3, {"seats": 12}, ("不少于", "in all")),
    "a witness": (((40, 0, 0, 0, 0), (20, 0, 0, 0, 0), (0, 9, 9, 9, 9)), (SIXTH,), {"seats": 12}, ("望槐、栗园", "Wanghuai and Liyuan")),
    "nothing whole between": (ALIKE, ((Fraction(1, 10), Fraction(3, 25)),), {"seats": 7}, ("机关事业按比例最少1席", "Offices has at least 1")),
    "fewer seats than floors": (ALIKE, (), {"seats": 2}, ("望槐、栗园、汀兰", "Wanghuai, Liyuan and Tinglan")),
    "nobody": (((9, 9, 9, 9, 9), (9, 9, 9, 9, 9), (0, 0, 0, 0, 0)), (), {"seats": 9}, ("把汀兰的最少席数降到0席", "least seats of Tinglan to 0")),
    "no figure": (ALIKE, (), {"seats": 9, "weight_members": Fraction(1, 2), "weight_organizations": Fraction(1, 2)}, ("党组织数有权重", "Organizations has a weight")),
}  # fmt: skip
ROWS_AND_COLUMNS = ("row", "column", "各行，", "各行只", "各列", "行除数", "列除数", "[", "]", "1 seats")


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_is_said_by_name(town: SimpleNamespace, at: dt.datetime, case: str) -> None:
    people, shares, more, (chinese, english) = CASES[case]
    plan = made(town, at, people, shares, **more)
    assert plan.outcome == Outcome.INFEASIBLE
    said = plan.current.document["said"]
    assert chinese in "".join(said["zh"]), said
    assert english in " ".join(said["en"]), said
    _by_name(said)
    client = login(town.organiser)
    for language, text in (("zh-hans", said["zh"][0]), ("en", said["en"][0])):
        client.cookies["language"] = language
        assert text in client.get(f"/delegates/{plan.pk}/").content.decode()


def _by_name(said: dict[str, list[str]]) -> None:
    for text in (*said["zh"], *said["en"]):
        assert not [word for word in ROWS_AND_COLUMNS if word in text], text
    assert not [name for name, _ in UNITS if name in " ".join(said["en"])]


def test_a_tie_is_said_by_name(town: SimpleNamespace, at: dt.datetime) -> None:
    said = made(town, at, ALIKE, seats=4).current.document["said"]
    assert said["zh"] == ["望槐、栗园、汀兰并列：1席给谁还没有定，须由会议表决次序或抽签决定。"]
    assert said["en"][0].startswith("Wanghuai, Liyuan and Tinglan are tied: 1 seat among these 3 is not decided")
    inside = made(town, at, ((10, 10, 0, 0, 0),) * 3, seats=9).current.document["said"]
    assert "机关事业、教育卫生并列" in inside["zh"][0]
    assert "Offices and Education, health are tied" in inside["en"][0]
    cells = made(town, at, ((10, 10, 0, 0, 0), (10, 10, 0, 0, 0), (0, 0, 9, 0, 0)), seats=3).current.document["said"]
    assert "望槐·机关事业" in cells["zh"][0]
    assert "Wanghuai·Offices" in cells["en"][0]
    for one in (said, inside, cells):
        _by_name(one)


def test_a_seat_passed_over_is_explained(town: SimpleNamespace, at: dt.datetime) -> None:
    people = ((1, 40, 0, 0, 0), (1, 0, 40, 0, 0), (38, 0, 0, 1, 1))
    plan = made(town, at, people, ((Fraction(1, 2), None),), seats=12, cap=4)
    skipped = plan.current.document.get("skipped") if plan.current.certificate else None
    if skipped is not None:
        _by_name(skipped)


def test_a_cell_says_whose_divisors(town: SimpleNamespace, computed: Any) -> None:
    client = login(town.organiser)
    page = client.get(f"/delegates/{computed.pk}/?cell=0-3", headers={"HX-Request": "true"}).content.decode()
    assert "是望槐的除数" in page
    assert "是生产一线的除数" in page


def test_a_cell_held_at_its_people_says_so(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = made(town, at, ((1, 40, 40, 40, 40), (2, 9, 9, 9, 9), (2, 9, 9, 9, 9)), ((Fraction(1, 4), None),), seats=20)
    client = login(town.organiser)
    pages = [client.get(f"/delegates/{plan.pk}/?cell={n}-0", headers={"HX-Request": "true"}).content.decode() for n in range(3)]  # fmt: skip
    assert any("席数不能多于人数" in page for page in pages)


def test_every_sentence_counts_right() -> None:
    facts = {"rows": ["A"], "cols": ["x", "y"], "have": 1, "need": 2, "row_seats": 1, "elsewhere": 0, "by": 1, "open": 1, "count": 2, "cells": ["A", "B"]}  # fmt: skip
    for code in SENTENCES:
        for language in ("zh", "en"):
            text = say(code, facts, language)
            assert "|" not in text
            assert "1 seats" not in text
    assert say("too-many", facts, "en") == "A has 1 seat and can place at most 0 of them outside x and y; so x and y must take 2, and allow 1."  # fmt: skip
