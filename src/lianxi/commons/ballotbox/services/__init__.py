"""Every write of a secret vote."""

from .archiving import chunks, write
from .counting import add_up, count, publish_archive
from .drafting import change, draft, set_items, set_roll, set_trustees
from .hinting import hint_chunks
from .preparing import FILE_AT_MOST, hand_in, make_cards, prepare, reissue, reopen_draft
from .receiving import Receipt, cast
from .running import close_poll, correct_attendance, open_poll, publish, record_attendance, withdraw
from .sheets import attendance_sheet
from .whole import begin, rewrite

__all__ = [
    "FILE_AT_MOST",
    "Receipt",
    "add_up",
    "attendance_sheet",
    "begin",
    "cast",
    "change",
    "chunks",
    "close_poll",
    "correct_attendance",
    "count",
    "draft",
    "hand_in",
    "hint_chunks",
    "make_cards",
    "open_poll",
    "prepare",
    "publish",
    "publish_archive",
    "record_attendance",
    "reissue",
    "reopen_draft",
    "rewrite",
    "set_items",
    "set_roll",
    "set_trustees",
    "withdraw",
    "write",
]
