"""Chinese search without a dictionary: pairs of neighbouring characters in a GIN index."""

from .pairs import Pairs, containing, make_pairs, marked, matching

__all__ = ["Pairs", "containing", "make_pairs", "marked", "matching"]
