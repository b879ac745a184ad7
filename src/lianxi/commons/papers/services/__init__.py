"""Every write: the steps of people (`steps`), the work of jobs (`work`), and exports (`exporting`)."""

from .exporting import ExportColumn, ExportFile, export
from .steps import apply, discard, stop, undo, upload
from .work import apply_batch, check_batch, forget_old, give_up, undo_batch

__all__ = [
    "ExportColumn",
    "ExportFile",
    "apply",
    "apply_batch",
    "check_batch",
    "discard",
    "export",
    "forget_old",
    "give_up",
    "stop",
    "undo",
    "undo_batch",
    "upload",
]
