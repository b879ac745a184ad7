"""Every write of a round of projects."""

from .counting import count, draw, import_file, publish
from .papers import enter_sheet
from .proposing import admit, decline, propose, review_again
from .rounds import change, close_proposals, close_vote, open_proposals, open_vote, plan, reopen_proposals, withdraw
from .voting import cast, give, print_slips, shown_code, slip_of, with_receipt

__all__ = [
    "admit",
    "cast",
    "change",
    "close_proposals",
    "close_vote",
    "count",
    "decline",
    "draw",
    "enter_sheet",
    "give",
    "import_file",
    "open_proposals",
    "open_vote",
    "plan",
    "print_slips",
    "propose",
    "publish",
    "reopen_proposals",
    "review_again",
    "shown_code",
    "slip_of",
    "with_receipt",
    "withdraw",
]
