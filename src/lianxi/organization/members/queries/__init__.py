"""Every read of the register."""

from .counts import by_unit, count_into
from .lists import Asked, Page, counts, found, page
from .record import Record, areas, record, unit_of

__all__ = ["Asked", "Page", "Record", "areas", "by_unit", "count_into", "counts", "found", "page", "record", "unit_of"]
