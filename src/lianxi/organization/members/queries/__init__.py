"""Every read of the register."""

from .counts import by_unit, count_into, in_group
from .duplicates import Pair, duplicates
from .history import history
from .lists import Asked, Page, counts, found, page
from .own import looks_at_me, own
from .record import Record, areas, merge_of, merges_of, probation_due, record, unit_of
from .transfers import TransferRecord, transfer, transfers

__all__ = [
    "Asked",
    "Page",
    "Pair",
    "Record",
    "TransferRecord",
    "areas",
    "by_unit",
    "count_into",
    "counts",
    "duplicates",
    "found",
    "history",
    "in_group",
    "looks_at_me",
    "merge_of",
    "merges_of",
    "own",
    "page",
    "probation_due",
    "record",
    "transfer",
    "transfers",
    "unit_of",
]
