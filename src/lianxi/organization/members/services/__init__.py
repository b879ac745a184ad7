"""Every write of the register."""

from .leaving import set_standing
from .merging import built_on, merge, undo_merge
from .probation import cancel_probation, extend_probation, make_full, remind
from .registering import change, register
from .revealing import reveal_item
from .taking_part import alert, take_back_part, take_part
from .transferring import (
    accept_transfer,
    complete_transfer,
    put_in_group,
    refuse_transfer,
    request_transfer,
    withdraw_transfer,
)

__all__ = [
    "accept_transfer",
    "alert",
    "built_on",
    "cancel_probation",
    "change",
    "complete_transfer",
    "extend_probation",
    "make_full",
    "merge",
    "put_in_group",
    "refuse_transfer",
    "register",
    "remind",
    "request_transfer",
    "reveal_item",
    "set_standing",
    "take_back_part",
    "take_part",
    "undo_merge",
    "withdraw_transfer",
]
