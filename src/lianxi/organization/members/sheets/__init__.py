"""Sheets of the register: the roll of members, and who took part."""

from .roll import MemberSheet
from .taking_part import PartSheet

__all__ = ["MemberSheet", "PartSheet"]
