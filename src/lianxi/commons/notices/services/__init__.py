"""Every write on notices: post, read, send, choose."""

from .choosing import set_preferences, stop
from .posting import Address, post
from .reading import read, read_all
from .sending import deliver, give_back, sweep, try_again

__all__ = [
    "Address",
    "deliver",
    "give_back",
    "post",
    "read",
    "read_all",
    "set_preferences",
    "stop",
    "sweep",
    "try_again",
]
