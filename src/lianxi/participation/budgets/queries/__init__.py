"""Every read of rounds of projects."""

from .desk import Record, electors, plannable, proposal, proposal_steps, record, rounds, running_count
from .following import Followed, followed, follows
from .front import admitted, public_downloads, public_proposals, public_round, public_rounds, takes_proposals
from .results import Line, Paid, Shown, ballot_choices, bought, downloads, outcome_of, paid_by, public_result, result
from .steps import path_of

__all__ = [
    "Followed",
    "Line",
    "Paid",
    "Record",
    "Shown",
    "admitted",
    "ballot_choices",
    "bought",
    "downloads",
    "electors",
    "followed",
    "follows",
    "outcome_of",
    "paid_by",
    "path_of",
    "plannable",
    "proposal",
    "proposal_steps",
    "public_downloads",
    "public_proposals",
    "public_result",
    "public_round",
    "public_rounds",
    "record",
    "result",
    "rounds",
    "running_count",
    "takes_proposals",
]
