"""Codes by the national standards: the golden cases, and that one changed character is found."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxi.engines import codes


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91350200776049653A", " 9135 0100m000100y43 "])
def test_valid_credit_codes(code: str) -> None:
    assert codes.credit(code).problem is None


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350203M0001QAY9B", "checksum"),
        ("91350100M000100Y44", "checksum"),
        ("91350100M000100Y4", "length"),
        ("91350100I000100Y43", "character"),
        ("9135A100M000100Y43", "character"),
        ("", "blank"),
    ],
)
def test_wrong_credit_codes(code: str, problem: str) -> None:
    reading = codes.credit(code)
    assert reading.problem == problem
    assert reading.may_be_overridden == (problem == "checksum")


def test_organization_code() -> None:
    assert codes.organization("D2143569-X").code == "D2143569X"
    assert codes.organization("D2143569-X").problem is None
    assert codes.organization("D2143569-1").problem == "checksum"
    assert codes.organization("D214356-X").problem == "length"
    assert codes.organization("D21435！9-X").problem == "character"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("999001", None),
        ("999001002", None),
        ("999001002003", None),
        ("".join(chr(ord(one) + 0xFEE0) for one in "999001002"), None),
        ("9990010", "length"),
        ("999001000", "division"),
        ("999001002000", "division"),
        ("001001", "division"),
        ("99900a", "character"),
    ],
)
def test_statistics_codes(code: str, problem: str | None) -> None:
    assert codes.statistics(code).problem == problem


def test_golden_identities() -> None:
    read = codes.identity("11010519491231002x")
    assert (read.problem, read.birth, read.sex, read.division) == (None, dt.date(1949, 12, 31), "2", "110105")
    assert codes.identity("440524188001010014").problem is None
    assert codes.identity("440524188013010014").problem == "birth"
    assert codes.identity("440524188001010015").problem == "checksum"


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2020, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_found(born: dt.date, serial: int, place: int, off: int) -> None:
    """A property of modulo 11: every single wrong digit changes the check character."""
    first = f"999001{born:%Y%m%d}{serial:03d}"
    good = first + codes.identity_check_digit(first)
    assert codes.identity(good).problem is None
    old = good[place]
    new = str((int(old) + off) % 10) if old.isdigit() else str(off)
    assert codes.identity(good[:place] + new + good[place + 1 :]).problem in ("checksum", "birth")
