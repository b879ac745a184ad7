"""Every read of the tree."""

from .checks import Advised, checks
from .record import Record, coverage, latest_move, record
from .terms import chip, overdue, running, to_remind
from .tree import Asked, Node, below, kinds, lines_above, search, standing, tree

__all__ = [
    "Advised",
    "Asked",
    "Node",
    "Record",
    "below",
    "checks",
    "chip",
    "coverage",
    "kinds",
    "latest_move",
    "lines_above",
    "overdue",
    "record",
    "running",
    "search",
    "standing",
    "to_remind",
    "tree",
]
