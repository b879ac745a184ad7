"""Voices and what hangs on them."""

from .public import Joining, PublicCopy, Spot
from .voice import (
    Alert,
    Answer,
    CoHandler,
    Extension,
    Note,
    Party,
    Photo,
    Supplement,
    Voice,
    VoiceEvent,
    VoiceHistory,
)

__all__ = [
    "Alert",
    "Answer",
    "CoHandler",
    "Extension",
    "Joining",
    "Note",
    "Party",
    "Photo",
    "PublicCopy",
    "Spot",
    "Supplement",
    "Voice",
    "VoiceEvent",
    "VoiceHistory",
]
