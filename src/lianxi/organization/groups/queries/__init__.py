"""Every read of rounds."""

from ..checks import groups_of, leaderless
from .lists import Asked, Page, counts, found, page, units_to_begin
from .own import Mine, choosable, mine, my_rounds
from .record import GroupLine, Record, participants_of, record
from .roll import (
    Listed,
    PersonPage,
    RollAsked,
    before_this_slip,
    branches_on,
    group_of,
    members_by_group,
    next_silent,
    objection_of,
    participant,
    person,
    proof_of,
    roll,
    roll_found,
    round_of,
)

__all__ = [
    "Asked",
    "GroupLine",
    "Listed",
    "Mine",
    "Page",
    "PersonPage",
    "Record",
    "RollAsked",
    "before_this_slip",
    "branches_on",
    "choosable",
    "counts",
    "found",
    "group_of",
    "groups_of",
    "leaderless",
    "members_by_group",
    "mine",
    "my_rounds",
    "next_silent",
    "objection_of",
    "page",
    "participant",
    "participants_of",
    "person",
    "proof_of",
    "record",
    "roll",
    "roll_found",
    "round_of",
    "units_to_begin",
]
