"""A list's question is read from any address, and written into one that reads the same."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from lianxi.commons.questions import Address, Question


@dataclass(frozen=True, slots=True)
class Asked(Question):
    view: str = "all"
    q: str = ""
    unit: int = 0
    after: int = 0

    @classmethod
    def of(cls, params: Any) -> "Asked":
        said = Address(params)
        return cls(said.one("view", ("all", "late"), "all"), said.words("q"), said.number("unit"), said.number("after"))


@given(st.builds(Asked, st.sampled_from(("all", "late")), st.text(max_size=60).map(lambda t: " ".join(t.replace("\x00", "").split())), st.integers(0, 10**18 - 1), st.just(0)))  # fmt: skip
def test_what_was_written_reads_the_same(asked: Asked) -> None:
    assert Asked.of(QueryDict(asked.query())) == asked


def test_another_question_begins_at_its_first_page_and_defaults_are_left_out() -> None:
    asked = Asked("late", "灯", 3, 77)
    assert asked.query() == "view=late&q=%E7%81%AF&unit=3"
    assert asked.query(after=5, view="all", q="") == "unit=3&after=5"
    assert Asked().query() == ""


@pytest.mark.parametrize("unit", ["-1", "٣", "x", "1e3", "9" * 19, "", " 3"])
def test_whatever_does_not_fit_is_left_out(unit: str) -> None:
    assert Asked.of({"unit": unit, "view": "elsewhere", "q": " a\x00\n b "}) == Asked(q="a b")
