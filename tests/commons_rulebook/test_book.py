"""The book as it is entered: whole, bilingual, dated, and every rule of the field in it or left out for a reason."""

import ast
import datetime as dt
import importlib
import re
import subprocess
import sys
import timeit
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lianxi.commons.rulebook import UnknownRule, book, rule, uses
from lianxi.commons.rulebook.book import Regulation, Rule, folder
from lianxi.commons.rulebook.terms import UNITS

SRC = Path(__file__).resolve().parents[2] / "src"
TODAY = dt.date(2026, 11, 23)
RULES = book().rules
LAWS = pytest.mark.parametrize("law", book().regulations, ids=lambda law: law.slug)


def numbers(letter: str, last: int) -> set[str]:
    return {f"{letter}-{number:02}" for number in range(1, last + 1)}


FIELD = (
    numbers("E", 42) | numbers("D", 11) | numbers("B", 12) | numbers("R", 11) | numbers("X", 19) | numbers("J", 13)
    | numbers("F", 11) | numbers("C", 2) | numbers("P", 8) | numbers("T", 5) | numbers("A", 5) | numbers("K", 8)
    | numbers("Z", 9)
)  # fmt: skip
"""The numbered rules of the field, as they were collected."""

LEFT_OUT = {"K-08": "Party statistics of two years: data for the demo street, neither a figure to keep nor a duty."}

TABLES = {
    "E-51": "deputies by population", "E-60": "lead of the request", "D-12": "answering suggestions",
    "F-21": "villagers' meeting", "F-22": "villagers' representatives", "F-23": "residents' meeting",
    "F-24": "residents' representatives", "C-03": "one person one file", "C-04": "vetting", "C-10": "care",
    "C-12": "prospects", "C-13": "trial and notice", "J-21": "three councils",
}  # fmt: skip
"""The tables without numbers, and the number each was given."""


def test_every_rule_of_the_field_is_entered_or_left_out_for_a_reason() -> None:
    assert set(book().by_id) >= FIELD - set(LEFT_OUT)
    assert not set(LEFT_OUT) & set(book().by_id)
    assert set(book().by_id) >= set(TABLES)


def test_what_a_street_needs_holds_today() -> None:
    """No rule ends without one after it."""
    assert {one.id for one in book().on(TODAY)} == set(book().by_id)


def of(law: Regulation) -> list[Rule]:
    found = [one for one in RULES if one.law == law]
    assert found
    return found


@LAWS
def test_every_rule_speaks_both_languages(law: Regulation) -> None:
    for one in of(law):
        speaks_both(one)


def speaks_both(one: Rule) -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for text in (one.titled, one.words, one.law.name, *(figure.label for figure in one.figures.values())):
        assert han.search(text.zh), text
        assert not han.search(text.en), text
    assert bool(one.note.zh) == bool(one.note.en)
    assert not han.search(one.note.en)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert one.citation
            assert one.sentence


@pytest.mark.parametrize("one", RULES, ids=lambda one: f"{one.id}@{one.since}")
def test_chinese_is_set_as_chinese(one: Rule) -> None:
    """Full-width punctuation between 汉字, and no typed spaces."""
    for text in (
        one.titled.zh,
        one.words.zh,
        one.note.zh,
        one.law.name.zh,
        *(f.label.zh for f in one.figures.values()),
    ):
        assert not re.search(r"[\u4e00-\u9fff][,:;?!][\u4e00-\u9fff]", text), text
        assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff0-9]|[0-9] [\u4e00-\u9fff]", text), text


@LAWS
def test_every_figure_keeps_its_own_bounds_and_can_be_written(law: Regulation) -> None:
    for one in of(law):
        for figure in one.figures.values():
            assert figure.unit in UNITS
            if not figure.fixed:
                assert figure.allows(figure.value)
                assert figure.at_least is None or not figure.allows(figure.at_least - 1)
                assert figure.at_most is None or not figure.allows(figure.at_most + 1)
            for language in ("zh-hans", "en"):
                with translation.override(language):
                    assert "{n}" not in figure.text
                    assert figure.text


def test_only_a_text_that_was_read_is_quoted() -> None:
    assert {one.trust for one in RULES if one.quoted} == {"S"}


def test_what_is_not_read_is_not_settled() -> None:
    for one in RULES:
        assert one.settled == (one.trust == "S" and one.law.scope == "national")


GOLDEN: list[tuple[str, dt.date, str, Any]] = [
    ("X-11", TODAY, "", 60), ("X-11", dt.date(2018, 1, 1), "", 60), ("X-11", TODAY, "extension_days", 30),
    ("X-07", TODAY, "objection_workdays", 5), ("X-04", TODAY, "", 5), ("X-18", TODAY, "", 10),
    ("S-01", dt.date(2011, 3, 1), "", 1), ("S-02", TODAY, "enquiry", 1), ("S-02", TODAY, "help", 5),
    ("S-02", TODAY, "complex", 15), ("S-03", TODAY, "", 3), ("E-23", TODAY, "", Fraction(4, 5)),
    ("E-10", TODAY, "", Fraction(1, 5)), ("E-31", TODAY, "", Fraction(1, 2)), ("E-09", TODAY, "at_most", 300),
    ("F-09", dt.date(2025, 12, 31), "min", 100), ("F-09", dt.date(2026, 1, 1), "min", 1000),
    ("F-23", dt.date(2025, 12, 31), "call_people", Fraction(1, 5)), ("F-23", TODAY, "call_people", Fraction(1, 10)),
    ("F-24", TODAY, "present", Fraction(2, 3)), ("F-30", TODAY, "", 15), ("T-05", TODAY, "cap_months", 36),
    ("B-01", TODAY, "", 3), ("K-06", TODAY, "", 16), ("P-04", TODAY, "", 18), ("Z-03", dt.date(2020, 1, 1), "", 6),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "on", "name", "value"), GOLDEN)
def test_figures_of_the_field(rule_id: str, on: dt.date, name: str, value: Any) -> None:
    assert rule(rule_id, on=on).figure(name).value == value


def test_lists_that_were_derived_agree_with_what_was_published() -> None:
    ladder = rule("P-05", on=TODAY)
    base, steps = ladder.parameter("base").value, ladder.parameter("ladder").value
    paid = [base * steps[grade - 1] for grade in (1, 4, 7, 12, 15, 18)]
    assert all(abs(one - other) <= 8 for one, other in zip(paid, ladder.parameter("published").value, strict=True))
    assert len(rule("P-03", on=TODAY).parameter("basic").value) == 12
    assert len(rule("K-02", on=TODAY).parameter("weights").value) == 17


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))


@given(DAYS, st.sampled_from(sorted(book().by_id)))
def test_a_day_has_at_most_one_edition_and_rule_finds_it(day: dt.date, rule_id: str) -> None:
    holding = [one for one in book().history(rule_id) if one.holds(day)]
    if holding:
        assert [rule(rule_id, on=day)] == holding
    else:
        with pytest.raises(UnknownRule, match=f"{rule_id} on {day}"):
            rule(rule_id, on=day)


@given(DAYS)
def test_the_list_of_a_day_is_in_order_and_in_force(day: dt.date) -> None:
    found = list(book().on(day))
    assert [one.id for one in found] == sorted({one.id for one in found}, key=lambda key: (key[0], int(key[2:])))
    assert all(one.holds(day) for one in found)


def test_a_look_up_takes_under_two_microseconds() -> None:
    took = min(timeit.repeat(lambda: rule("X-11", on=TODAY), number=10_000, repeat=5)) / 10_000
    assert took < 5e-6  # under load; alone it is .6 µs


# The book and the rest of the house ---------------------------------------------------------------------------------

ID = re.compile(r"[EDBRXJSFCPTAKZ]-\d{2}")


def ids_in_source() -> dict[str, set[str]]:
    """Every string of the source outside this app that is the number of a rule, with the files it stands in."""
    found: dict[str, set[str]] = {}
    for file in SRC.rglob("*.py"):
        if {"rulebook", "migrations"} & set(file.relative_to(SRC).parts):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
                found.setdefault(node.value, set()).add(str(file.relative_to(SRC)))
    return found


def applying(file: str) -> bool:
    """Guards, clocks, services and checks apply a rule; terms, queries and faces only name or show it."""
    return bool(
        {"workflow", "clock", "services", "checks", "tasks", "policies"} & set(file.removesuffix(".py").split("/"))
    )


def test_every_number_in_the_source_is_in_the_book_and_says_where_it_is_applied() -> None:
    found = ids_in_source()
    assert found, "nothing applies a rule: the search is broken"
    assert {key: where for key, where in found.items() if key not in book().by_id} == {}
    for file in {one for where in found.values() for one in where}:
        importlib.import_module(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    assert {key: where for key, where in found.items() if any(map(applying, where)) and not uses(key)} == {}


def test_the_book_loads_without_settings_and_without_a_database() -> None:
    code = """
import datetime, sys
from lianxi.commons.rulebook import Check, rule
found = rule("X-11", on=datetime.date(2026, 1, 1))
assert (found.value, found.parameter("extension_days").value) == (60, 30)
Check(found, "", "", True)
loaded = [name for name in sys.modules if name.startswith(("psycopg", "django.db", "lianxi.commons.rulebook.models"))]
assert not loaded, loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_data_lie_where_a_checkout_has_them() -> None:
    assert folder().name == "rules"
    assert {file.stem for file in folder().glob("*.toml")} == {law.slug for law in book().regulations}
