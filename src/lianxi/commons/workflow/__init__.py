"""A step is a row, and one function takes it."""

from .outbox import tell
from .walk import Fork, Row, Step, Walk

__all__ = ["Fork", "Row", "Step", "Walk", "tell"]
