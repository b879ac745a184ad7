"""Jobs of the house: how one is enqueued with the act that wants it, and what keeps the queue healthy."""

from .outbox import Backoff, enqueue

__all__ = ["Backoff", "enqueue"]
