"""Codes of persons and organisations by the national standards: read, checked, taken apart. Pure.

credit("91350100M000100Y43").problem          None
identity("11010519491231002X").birth           1949-12-31
"""

from .reading import (
    PROBLEMS,
    Identity,
    Reading,
    credit,
    identity,
    identity_check_digit,
    organization,
    plain,
    statistics,
)

__all__ = [
    "PROBLEMS",
    "Identity",
    "Reading",
    "credit",
    "identity",
    "identity_check_digit",
    "organization",
    "plain",
    "statistics",
]
