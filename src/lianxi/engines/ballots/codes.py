"""Check code 核对码 of a ballot: eight signs that people can compare by eye and read aloud."""

from hashlib import sha256

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base32 of Douglas Crockford: no I, L, O, U, so nothing is read as something else."""


def check_code(text: bytes) -> str:
    """The first 40 bits of the SHA-256 of a ballot's text, as XXXX-XXXX.

    Forty bits tell the ballots of one vote apart (among 2,000 two agree once in 500,000 votes); they are no proof against
    somebody who looks for a second ballot with the same code. For that there is the whole hash in the archive.
    """
    number = int.from_bytes(sha256(text).digest()[:5], "big")
    signs = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{signs[:4]}-{signs[4:]}"
