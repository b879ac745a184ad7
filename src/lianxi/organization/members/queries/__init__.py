"""Every read of the register."""

from .counts import by_unit, count_into, in_group
from .duplicates import Pair, duplicates
from .history import history
from .lists import Asked, Page, counts, found, page
from .own import looks_at_me, own
from .record import Record, areas, merge_of, merges_of, probation_due, record, unit_of
from .taking_part import branches_for, latest_of, law, parts_of, quiet_page, roster, signs_of
from .transfers import TransferRecord, transfer, transfers

__all__ = [
    "Asked",
    "Page",
    "Pair",
    "Record",
    "TransferRecord",
    "areas",
    "branches_for",
    "by_unit",
    "count_into",
    "counts",
    "duplicates",
    "found",
    "history",
    "in_group",
    "latest_of",
    "law",
    "looks_at_me",
    "merge_of",
    "merges_of",
    "own",
    "page",
    "parts_of",
    "probation_due",
    "quiet_page",
    "record",
    "roster",
    "signs_of",
    "transfer",
    "transfers",
    "unit_of",
]
