"""Every write: the steps of people (`steps`), the work of jobs (`work`), and exports (`exporting`)."""

from .exporting import ExportColumn, ExportFile, export
from .lists import ListKind, list_named
from .steps import apply, discard, stop, undo, upload
from .taking_out import Handed, NoLongerThere, drop, expire, fail, fetch, take_out, write_order
from .work import apply_batch, check_batch, forget_old, give_up, undo_batch

__all__ = [
    "ExportColumn",
    "ExportFile",
    "Handed",
    "ListKind",
    "NoLongerThere",
    "apply",
    "apply_batch",
    "check_batch",
    "discard",
    "drop",
    "expire",
    "export",
    "fail",
    "fetch",
    "forget_old",
    "give_up",
    "list_named",
    "stop",
    "take_out",
    "undo",
    "undo_batch",
    "upload",
    "write_order",
]
