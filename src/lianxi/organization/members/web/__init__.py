"""Pages of the register."""

from .acts import ACTS, act, new, transfer_act
from .export import export
from .list import members
from .own import my_looks, my_record
from .record import duplicates, record, reveal, transfer, transfers, undo_merge

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
    "transfer",
    "transfer_act",
    "transfers",
    "undo_merge",
]
