"""Every read on voices. Each begins at the door, with an actor."""

from .counts import Tab, due_words, tabs
from .lists import Asked, Page, listed
from .record import Record, history_of, record_of

__all__ = ["Asked", "Page", "Record", "Tab", "due_words", "history_of", "listed", "record_of", "tabs"]
