"""Pages of the register."""

from .acts import ACTS, act, new, transfer_act
from .export import export
from .list import members
from .own import my_looks, my_record
from .record import duplicates, record, reveal, transfer, transfers, undo_merge
from .taking_part import take_part, taking_part

__all__ = [
    "ACTS",
    "act",
    "duplicates",
    "export",
    "members",
    "my_looks",
    "my_record",
    "new",
    "record",
    "reveal",
    "take_part",
    "taking_part",
    "transfer",
    "transfer_act",
    "transfers",
    "undo_merge",
]
