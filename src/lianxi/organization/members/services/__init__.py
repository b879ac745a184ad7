"""Every write of the register."""

from .registering import change, register

__all__ = ["change", "register"]
