"""Every write of a round of projects."""

from .codes import shown_code
from .counting import count, display, draw, import_file, publish
from .following import follow, follow_code, with_follow_code
from .objecting import object_to, reject_objection, uphold_objection
from .papers import enter_sheet
from .proposing import admit, decline, propose, review_again
from .rounds import change, close_proposals, close_vote, open_proposals, open_vote, plan, reopen_proposals, withdraw
from .voting import cast, give, print_slips, slip_of, with_receipt

__all__ = [
    "admit",
    "cast",
    "change",
    "close_proposals",
    "close_vote",
    "count",
    "decline",
    "display",
    "draw",
    "enter_sheet",
    "follow",
    "follow_code",
    "give",
    "import_file",
    "object_to",
    "open_proposals",
    "open_vote",
    "plan",
    "print_slips",
    "propose",
    "publish",
    "reject_objection",
    "reopen_proposals",
    "review_again",
    "shown_code",
    "slip_of",
    "uphold_objection",
    "with_follow_code",
    "with_receipt",
    "withdraw",
]
