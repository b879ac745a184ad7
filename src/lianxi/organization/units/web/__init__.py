"""Pages of the tree."""

from .acts import ACTS, act, term_act, uncover
from .record import moving, unit
from .terms import terms
from .tree import below, tree

__all__ = ["ACTS", "act", "below", "moving", "term_act", "terms", "tree", "uncover", "unit"]
