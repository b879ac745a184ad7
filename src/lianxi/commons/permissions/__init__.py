"""Roles held at a unit for a term; one declaration gives the check and the list filter.

A permission is a named list of clauses, each a condition in SQL and a sentence. What must never be met is not there.
"""

from .actor import ANYBODY, Actor, Post, system
from .declare import (
    Clause,
    Permission,
    Why,
    clause,
    everybody,
    holds,
    job,
    never,
    permission,
    permission_named,
    permissions,
    why,
)
from .net import Guarded, asking, kept_from, kept_keys, who_asks
from .request import Request
from .rows import NOBODY, among

__all__ = [
    "ANYBODY",
    "NOBODY",
    "Actor",
    "Clause",
    "Guarded",
    "Permission",
    "Post",
    "Request",
    "Why",
    "among",
    "asking",
    "clause",
    "everybody",
    "holds",
    "job",
    "kept_from",
    "kept_keys",
    "never",
    "permission",
    "permission_named",
    "permissions",
    "system",
    "who_asks",
    "why",
]
