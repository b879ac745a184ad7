"""Guessing receipt codes: slowed for one address, and for everybody while somebody guesses from many places."""

import datetime as dt

from lianxi.commons.refusals import Text, TooMany
from lianxi.commons.throttling import EVERYWHERE, allow, note


def may_guess(address: str, *, at: dt.datetime, sentence: Text = "") -> None:
    """Raise TooMany for whoever tried too many. Counts nothing."""
    allow("voices.wrong_code", address, at=at, sentence=sentence)
    try:
        allow("voices.wrong_code_all", EVERYWHERE, at=at)
    except TooMany:
        # Somebody guesses from many places: an address has one wrong code an hour. A right first try still opens.
        allow("voices.wrong_code_tight", address, at=at, sentence=sentence)


def guessed_wrong(address: str, *, at: dt.datetime) -> None:
    """Count a wrong code."""
    for what, who in (("wrong_code", address), ("wrong_code_tight", address), ("wrong_code_all", EVERYWHERE)):
        note(f"voices.{what}", who, at=at)
