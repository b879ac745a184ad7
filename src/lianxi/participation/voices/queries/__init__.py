"""Every read on voices. Each begins at the door, with an actor."""

from .counts import Tab, due_words, open_count, tabs
from .desk import (
    Choice,
    as_choices,
    copy_named,
    head_of,
    looks,
    may_take,
    names_in,
    near_units,
    people_called,
    person_named,
    places_and_owners,
    registers_for,
    stood_aside,
    unit_named,
)
from .joined import others
from .lists import SIZES, Asked, Page, counted, listed, picked, taken_out
from .record import Change, Record, changes_of, history_of, record_of

__all__ = [
    "SIZES",
    "Asked",
    "Change",
    "Choice",
    "Page",
    "Record",
    "Tab",
    "as_choices",
    "changes_of",
    "copy_named",
    "counted",
    "due_words",
    "head_of",
    "history_of",
    "listed",
    "looks",
    "may_take",
    "names_in",
    "near_units",
    "open_count",
    "others",
    "people_called",
    "person_named",
    "picked",
    "places_and_owners",
    "record_of",
    "registers_for",
    "stood_aside",
    "tabs",
    "taken_out",
    "unit_named",
]
