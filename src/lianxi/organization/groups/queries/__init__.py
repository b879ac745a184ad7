"""Every read of rounds."""

from .lists import Asked, Page, counts, found, page, units_to_begin
from .own import Mine, choosable, my_rounds, mine
from .record import GroupLine, Record, hand_profile, participants_of, record
from .roll import Listed, RollAsked, participant, roll, roll_found

__all__ = [
    "Asked",
    "GroupLine",
    "Listed",
    "Mine",
    "Page",
    "Record",
    "RollAsked",
    "choosable",
    "counts",
    "found",
    "hand_profile",
    "mine",
    "my_rounds",
    "page",
    "participant",
    "participants_of",
    "record",
    "roll",
    "roll_found",
    "units_to_begin",
]
