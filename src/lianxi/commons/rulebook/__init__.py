"""The rulebook: rules of law and practice as dated data, with article, figure, source and trust.

`rule("X-11", on=day)` gives the rule in force; `Check` says what it requires, what was found and whether it holds.
Nothing here needs a database until `rule(…, at=unit)` is asked.
"""

from .book import Book, Figure, Rule, UnknownFigure, UnknownRule, book
from .checks import Check, applies, rule, uses

__all__ = ["Book", "Check", "Figure", "Rule", "UnknownFigure", "UnknownRule", "applies", "book", "rule", "uses"]
