"""Every write on the tree."""

from .coding import clear_code, set_code
from .growing import change_unit, close_unit, create_unit, set_profile
from .moving import move, run_move
from .reaching import cover, uncover
from .terms import approve_shift, ask_shift, begin_term, close_term, refuse_shift, remind, take_back_shift

__all__ = [
    "approve_shift",
    "ask_shift",
    "begin_term",
    "change_unit",
    "clear_code",
    "close_term",
    "close_unit",
    "cover",
    "create_unit",
    "move",
    "refuse_shift",
    "remind",
    "run_move",
    "set_code",
    "set_profile",
    "take_back_shift",
    "uncover",
]
