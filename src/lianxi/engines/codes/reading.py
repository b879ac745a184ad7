"""Reading of codes. A reading has the code in its plain form and the name of what is wrong with it, or None.

`blank length character checksum division birth`: what can be wrong. A wrong checksum may be overridden with a reason
(codes have really been issued with one), everything else may not.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from stdnum.cn import ric, uscc

PROBLEMS: Final = ("blank", "length", "character", "checksum", "division", "birth")
ORGANIZATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB/T 11714."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A code in its plain form, and the name of its problem (one of PROBLEMS) or None."""

    code: str
    problem: str | None = None

    @property
    def may_be_overridden(self) -> bool:
        """Whether somebody may keep the code for a reason: only a wrong check digit."""
        return self.problem == "checksum"


@dataclass(frozen=True, slots=True)
class Identity(Reading):
    """A citizen's number (GB 11643) with what it says: `sex` is 1 for men and 2 for women, as in GB/T 2261.1."""

    birth: dt.date | None = None
    sex: str = ""
    division: str = ""


def plain(text: str) -> str:
    """Half-width, upper case, without blanks and dashes."""
    return "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())


def statistics(text: str) -> Reading:
    """A division (GB/T 2260, 6 digits) or its statistics code: 9 for a street, 12 for a community. It has no check digit."""
    code = plain(text)
    if not code:
        return Reading(code, "blank")
    if not re.fullmatch(r"\d+", code, re.ASCII):
        return Reading(code, "character")
    if len(code) not in (6, 9, 12):
        return Reading(code, "length")
    if code[:2] == "00" or (len(code) > 6 and code[6:9] == "000") or (len(code) == 12 and code[9:] == "000"):
        return Reading(code, "division")
    return Reading(code)


def credit(text: str) -> Reading:
    """A unified social credit code (GB 32100), 18 characters."""
    code = plain(text)
    if not code:
        return Reading(code, "blank")
    if len(code) != 18:
        return Reading(code, "length")
    if not code[:8].isdigit() and not re.fullmatch(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{2}\d{6}", code[:8]):
        return Reading(code, "character")
    if any(one not in "0123456789ABCDEFGHJKLMNPQRTUWXY" for one in code):
        return Reading(code, "character")
    return Reading(code, None if uscc.calc_check_digit(code[:17]) == code[17] else "checksum")


def organization(text: str) -> Reading:
    """An organization code (GB/T 11714), 8 characters and one check character."""
    code = plain(text)
    if not code:
        return Reading(code, "blank")
    if len(code) != 9:
        return Reading(code, "length")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code, re.ASCII):
        return Reading(code, "character")
    total = sum(weight * int(one, 36) for weight, one in zip(ORGANIZATION_WEIGHTS, code, strict=False))
    expected = (11 - total % 11) % 11
    return Reading(code, None if code[8] == ("X" if expected == 10 else str(expected)) else "checksum")


def identity_check_digit(first: str) -> str:
    """The check character of the first 17 digits of a citizen's number."""
    return str(ric.calc_check_digit(first + "0"))


def identity(text: str) -> Identity:
    """A citizen's number (GB 11643), 18 characters. Divisions are not looked up: they change, and invented ones are used in demonstrations."""
    code = plain(text)
    if not code:
        return Identity(code, "blank")
    if len(code) != 18:
        return Identity(code, "length")
    if not re.fullmatch(r"\d{17}[0-9X]", code, re.ASCII):
        return Identity(code, "character")
    try:
        birth = dt.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return Identity(code, "birth")
    sex = "1" if int(code[16]) % 2 else "2"
    problem = None if identity_check_digit(code[:17]) == code[17] else "checksum"
    return Identity(code, problem, birth, sex, code[:6])
