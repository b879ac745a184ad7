"""Every write of seat plans: one function a verb."""

from .approving import approve, publish, send_back, submit, take_back
from .computing import adopt, compute, draw_ties, vote_ties
from .exporting import allocation_sheet
from .figures import count_named, freeze, put_figures, set_population
from .plans import begin, drop, revise, set_aims, set_bounds, set_trades, settle

__all__ = [
    "adopt",
    "allocation_sheet",
    "approve",
    "begin",
    "compute",
    "count_named",
    "draw_ties",
    "drop",
    "freeze",
    "publish",
    "put_figures",
    "revise",
    "send_back",
    "set_aims",
    "set_bounds",
    "set_population",
    "set_trades",
    "settle",
    "submit",
    "take_back",
    "vote_ties",
]
