"""Pages of the rounds: for the officers at the desk, for the members on the phone."""

from .acts import act, answer, group_act, group_new, new, person_act, slip
from .list import export, rounds
from .own import my_groups, my_objection, my_round
from .papers import certificate, check, print_result, print_slips, roll_export
from .record import group, person, record, roll

__all__ = [
    "act",
    "answer",
    "certificate",
    "check",
    "export",
    "group",
    "group_act",
    "group_new",
    "my_groups",
    "my_objection",
    "my_round",
    "new",
    "person",
    "person_act",
    "print_result",
    "print_slips",
    "record",
    "roll",
    "roll_export",
    "rounds",
    "slip",
]
