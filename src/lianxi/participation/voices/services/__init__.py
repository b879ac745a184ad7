"""Every write on a voice, one function per verb. Page, API, sheet and command line call the same."""

from .handling import (
    add_co_handler,
    ask_extension,
    ask_resident,
    assign,
    contact,
    draft_answer,
    drop_co_handler,
    grant_extension,
    object_to_dispatch,
    progress,
    refuse_extension,
    stand_aside,
    submit_answer,
    take_in_hand,
    write_note,
)
from .intake import DisciplineDoor, Said, normal_code, raise_voice, with_receipt
from .photos import add_photos, encode_anew
from .public import publish, redact, withdraw
from .rating import call_back, close_unrated, rate, rate_by_call_back, second_handling
from .receiving import accept, decline, discipline_door, dispatch, name_accused, overrule, recall, reopen, urge
from .resident import resident_answers, supplement
from .reviewing import answer, send_back

__all__ = [
    "DisciplineDoor",
    "Said",
    "accept",
    "add_co_handler",
    "add_photos",
    "answer",
    "ask_extension",
    "ask_resident",
    "assign",
    "call_back",
    "close_unrated",
    "contact",
    "decline",
    "discipline_door",
    "dispatch",
    "draft_answer",
    "drop_co_handler",
    "encode_anew",
    "grant_extension",
    "name_accused",
    "normal_code",
    "object_to_dispatch",
    "overrule",
    "progress",
    "publish",
    "raise_voice",
    "rate",
    "rate_by_call_back",
    "recall",
    "redact",
    "refuse_extension",
    "reopen",
    "resident_answers",
    "second_handling",
    "send_back",
    "stand_aside",
    "submit_answer",
    "supplement",
    "take_in_hand",
    "urge",
    "with_receipt",
    "withdraw",
    "write_note",
]
