"""Every write of seat plans: one function a verb."""

from .approving import approve, publish, send_back, submit, take_back
from .computing import adopt, compute, draw_ties, order_asked, vote_ties
from .exporting import allocation_sheet
from .figures import count_named, freeze, put_figures, set_population
from .imported import import_figures, sheet_stands, take_back_figures
from .plans import begin, drop, revise, set_aims, settle
from .trades import add_trade, change_trade, move_trade, remove_trade, set_bounds, set_trades

__all__ = [
    "add_trade",
    "adopt",
    "allocation_sheet",
    "approve",
    "begin",
    "change_trade",
    "compute",
    "count_named",
    "draw_ties",
    "drop",
    "freeze",
    "import_figures",
    "move_trade",
    "order_asked",
    "publish",
    "put_figures",
    "remove_trade",
    "revise",
    "send_back",
    "set_aims",
    "set_bounds",
    "set_population",
    "set_trades",
    "settle",
    "sheet_stands",
    "submit",
    "take_back",
    "take_back_figures",
    "vote_ties",
]
