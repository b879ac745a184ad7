"""Budgets by equal shares: the Method of Equal Shares with exact answers, its certificate, and Pabulib files. Pure.

file = read(text); outcome = equal_shares(file.election()); certificate(file.election(), outcome)
"""

from .certificate import FORMAT, Refused, certificate, restored, told, verifier_text
from .election import BadElection, Election, Number, Project
from .explaining import Payment, payments, sentences, undecided
from .pabulib import PabulibFile, Vote, read, write
from .shares import Bought, Cancelled, Completion, Outcome, Utility, equal_shares

__all__ = [
    "FORMAT",
    "BadElection",
    "Bought",
    "Cancelled",
    "Completion",
    "Election",
    "Number",
    "Outcome",
    "PabulibFile",
    "Payment",
    "Project",
    "Refused",
    "Utility",
    "Vote",
    "certificate",
    "equal_shares",
    "payments",
    "read",
    "restored",
    "sentences",
    "told",
    "undecided",
    "verifier_text",
    "write",
]
