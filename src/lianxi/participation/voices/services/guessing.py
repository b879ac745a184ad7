"""Guessing receipt codes: slowed for one address, and for everybody while somebody guesses from many places."""

import datetime as dt
from contextlib import suppress

from lianxi.commons.refusals import Text, TooMany
from lianxi.commons.throttling import EVERYWHERE, spend, unspent


def may_guess(address: str, *, at: dt.datetime, sentence: Text = "") -> None:
    """Raise TooMany for whoever tried too many, be this code right or not. Counts nothing."""
    unspent("voices.wrong_code", address, at=at, sentence=sentence)
    try:
        unspent("voices.wrong_code_all", EVERYWHERE, at=at)
    except TooMany:
        # Somebody guesses from many places: an address has one wrong code an hour. A right first try still opens.
        unspent("voices.wrong_code_tight", address, at=at, sentence=sentence)


def guessed_wrong(address: str, *, at: dt.datetime, sentence: Text = "") -> None:
    """Count a wrong code. Raises TooMany where `may_guess` would: looked at and counted in one."""
    spend("voices.wrong_code", address, at=at, sentence=sentence)
    try:
        spend("voices.wrong_code_all", EVERYWHERE, at=at)
    except TooMany:
        spend("voices.wrong_code_tight", address, at=at, sentence=sentence)
    else:
        _first_of_the_hour(address, at=at)


def _first_of_the_hour(address: str, *, at: dt.datetime) -> None:
    """Remember that the address had its wrong code, for when everybody has but one an hour."""
    with suppress(TooMany):
        spend("voices.wrong_code_tight", address, at=at)
