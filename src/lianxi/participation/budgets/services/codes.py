"""Codes that people hold: voting codes, receipts, codes to follow with. Drawn by lot, shown once, kept as a blind index alone."""

import unicodedata
from random import Random

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def drawn(lot: Random) -> str:
    """A new code, without its dash."""
    return "".join(lot.choice(ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """7K3M9-2QDXP"""
    return f"{code[:5]}-{code[5:]}"


def normal_code(typed: str) -> str:
    """The characters of a typed code; empty if it cannot be one."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return text if len(text) == LENGTH and all(c in ALPHABET for c in text) else ""
