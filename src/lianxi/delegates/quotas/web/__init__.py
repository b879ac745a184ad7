"""Faces of seat plans."""

from .acts import act, asked, figures, new, nominated
from .desk import index, show
from .papers import certificate, printed, public_certificate, public_printed, sheet
from .public import public, public_index
from .trades import trade_edit, trade_new, trade_remove, trades

__all__ = [
    "act",
    "asked",
    "certificate",
    "figures",
    "index",
    "new",
    "nominated",
    "printed",
    "public",
    "public_certificate",
    "public_index",
    "public_printed",
    "sheet",
    "show",
    "trade_edit",
    "trade_new",
    "trade_remove",
    "trades",
]
