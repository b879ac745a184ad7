"""Every read of secret votes for people. Nothing here leads from a name to a ballot, for nothing is stored that does."""

from .lists import Asked, Page, counts, found, page, units_to_begin
from .public import Codes, Public, by_uuid, codes_page, how_to_check, public
from .record import PAGES, AskedIn, Primary, Record, asked_in, record, seen
from .results import Base, Line, Mark, Shown, result
from .roll import RollPage, roll_page, voters
from .steps import path_of
from .trustees import Done, Standing, standings

__all__ = [
    "PAGES",
    "Asked",
    "AskedIn",
    "Base",
    "Codes",
    "Done",
    "Line",
    "Mark",
    "Page",
    "Primary",
    "Public",
    "Record",
    "RollPage",
    "Shown",
    "Standing",
    "asked_in",
    "by_uuid",
    "codes_page",
    "counts",
    "found",
    "how_to_check",
    "page",
    "path_of",
    "public",
    "record",
    "result",
    "roll_page",
    "seen",
    "standings",
    "units_to_begin",
    "voters",
]
