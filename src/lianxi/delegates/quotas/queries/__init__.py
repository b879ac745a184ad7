"""Every read of seat plans."""

from .guiding import guides
from .lists import VIEWS, Page, listed, may_begin, published
from .matrix import SHOWN, WIDE, Line, Matrix, Working, matrix, trade_steps, unit_steps, working
from .record import (
    Record,
    calculation,
    found,
    history,
    loaded,
    lots_of,
    public_record,
    record,
    said_of,
    settings_of,
    too_few,
    trade_rules,
)
from .trials import Trial, trial

__all__ = [
    "SHOWN",
    "VIEWS",
    "WIDE",
    "Line",
    "Matrix",
    "Page",
    "Record",
    "Trial",
    "Working",
    "calculation",
    "found",
    "guides",
    "history",
    "listed",
    "loaded",
    "lots_of",
    "matrix",
    "may_begin",
    "public_record",
    "published",
    "record",
    "said_of",
    "settings_of",
    "too_few",
    "trade_rules",
    "trade_steps",
    "trial",
    "unit_steps",
    "working",
]
