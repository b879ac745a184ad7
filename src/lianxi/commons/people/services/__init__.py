"""Every write on posts and accounts, one function a verb."""

from .accounts import disable, drop_second_factor, enable, open_account, reset_password
from .exporting import export_people
from .postings import appoint, end_posting, remind

__all__ = [
    "appoint",
    "disable",
    "drop_second_factor",
    "enable",
    "end_posting",
    "export_people",
    "open_account",
    "remind",
    "reset_password",
]
