"""Every write of a round."""

from .beginning import add_group, begin, change, change_group, copy, remove_group
from .choosing import choose, designate, enter_slip, name_leader, take_back_slip, undesignate
from .placing import place_all
from .running import amend, cancel, close, draw, extend, open_round, reopen, roll_dice
from .settling import answer_objection, confirm, move, object_to, publish, report
from .telling import remind, tell_event

__all__ = [
    "add_group",
    "amend",
    "answer_objection",
    "begin",
    "cancel",
    "change",
    "change_group",
    "choose",
    "close",
    "confirm",
    "copy",
    "designate",
    "draw",
    "enter_slip",
    "extend",
    "move",
    "name_leader",
    "object_to",
    "open_round",
    "place_all",
    "publish",
    "remind",
    "remove_group",
    "reopen",
    "report",
    "roll_dice",
    "take_back_slip",
    "tell_event",
    "undesignate",
]
