"""Exact numbers in, exact numbers out. A float is refused: it has lost digits before it arrives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from .refusals import Invalid

Number: TypeAlias = int | Fraction | str
"""An integer, a Fraction, or a string: "12", "3/10", "0.35"."""

DIGITS = 60
"""Most digits of a number in a demand."""
_TEXT = re.compile(r"\d+(\.\d+)?|\d+/\d+")


def exact(number: object, where: str = "") -> Fraction | int:
    """A number as int or Fraction.

    Raises:
        Invalid: a float, a truth value, a text that is no number, a negative number, more than 60 digits.
    """
    if isinstance(number, int) and not isinstance(number, bool):
        found: Fraction | int = number
    elif isinstance(number, Fraction):
        found = number
    elif isinstance(number, str):
        if len(number) > 2 * DIGITS or not _TEXT.fullmatch(number.removeprefix("-")):
            raise Invalid("not-a-number", where=where, found=number[:40])
        try:
            found = Fraction(number)
        except ZeroDivisionError:
            raise Invalid("not-a-number", where=where, found=number) from None
    elif isinstance(number, float):
        raise Invalid("float", where=where, found=repr(number))
    else:
        raise Invalid("not-a-number", where=where, found=str(number)[:40])
    if found < 0:
        raise Invalid("negative", where=where, found=str(number)[:40])
    if not isinstance(number, Fraction) and max(found.numerator.bit_length(), found.denominator.bit_length()) > 200:
        raise Invalid("too-long", where=where, digits=DIGITS)
    return found.numerator if found.denominator == 1 else found


def whole(number: object, where: str = "", most: int = 10**6) -> int:
    """A count of seats: an integer from 0 to `most`."""
    if isinstance(number, float):
        raise Invalid("float", where=where, found=repr(number))
    if not isinstance(number, int) or isinstance(number, bool):
        raise Invalid("not-whole", where=where, found=str(number)[:40])
    if number < 0:
        raise Invalid("negative", where=where, found=str(number)[:40])
    if number > most:
        raise Invalid("too-many-seats", where=where, found=str(number)[:40], most=most)
    return number


def written(number: Fraction | int) -> str:
    """An exact number as text: "12", "0.35" when a decimal says it exactly, else "p/q"."""
    found = Fraction(number)
    rest, twos, fives = found.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 30:
        return f"{found.numerator}/{found.denominator}"
    if not places:
        return str(found.numerator)
    digits = str(abs(found.numerator) * 10**places // found.denominator).rjust(places + 1, "0")
    return f"{'-' if found < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def plain(number: Fraction | int) -> int | str:
    """An exact number for JSON: an integer as itself (as text past 2⁵³), everything else as text."""
    if type(number) is int and -(2**53) < number < 2**53:
        return number
    return int(number) if number.denominator == 1 and abs(int(number)) < 2**53 else written(number)


def shortest(low: Fraction, high: Fraction | None) -> Fraction:
    """The decimal of fewest significant digits in the closed interval [low, high], nearest its middle among equals.

    `high` None means no upper end. low > 0. If low == high, that number itself.
    """
    if high is None:
        high = low * 4
    if low == high:
        return low
    middle = (low + high) / 2
    power = len(str(int(middle))) - 1 if middle >= 1 else -len(str(int(1 / middle)))
    for digits in range(1, 400):
        unit = Fraction(10) ** (power - digits + 1)
        near = round(middle / unit) * unit
        if low <= near <= high and near > 0:
            return near
    return middle


def roughly(low: float, high: float) -> Fraction:
    """As `shortest`, in a floating-point interval that is wide enough (a proof follows in any case)."""
    middle = (low + high) / 2
    for digits in range(16):
        text = f"{middle:.{digits}e}"
        if low <= float(text) <= high:
            return Fraction(text)
    return Fraction(middle)


def named(found: Mapping[str, object] | Sequence[object]) -> tuple[tuple[str, ...], list[object]]:
    """Names and values of a mapping, or of a sequence with the names 1, 2, 3, …"""
    if isinstance(found, Mapping):
        return tuple(found), list(found.values())
    return tuple(str(place + 1) for place in range(len(found))), list(found)


def unlike(names: Sequence[str], where: str) -> tuple[str, ...]:
    """The names, each only once.

    Raises:
        Invalid: a name twice, or a name that is no text.
    """
    seen: set[str] = set()
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise Invalid("bad-name", where=f"{where}[{place}]")
        if name in seen:
            raise Invalid("name-twice", where=f"{where}[{place}]", name=name)
        seen.add(name)
    return tuple(names)
