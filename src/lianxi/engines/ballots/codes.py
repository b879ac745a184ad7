"""Check code 核对码 of a ballot: eight signs that people can compare by eye and read aloud."""

from hashlib import sha256

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base32 of Douglas Crockford: no I, L, O, U, so nothing is read as something else."""


def check_code(text: bytes) -> str:
    """The first 40 bits of the SHA-256 of a ballot's text, as XXXX-XXXX.

    Forty bits tell the ballots of one vote apart (among 2,000 two agree once in 500,000 votes); they are no proof against
    somebody who looks for a second ballot with the same code. For that there is the whole hash in the archive.
    """
    return code_of(sha256(text).hexdigest())


def code_of(digest: str) -> str:
    """The check code of a ballot whose SHA-256 is `digest` (hexadecimal): codes stand in the order of the hashes."""
    number = int(digest[:10], 16)
    signs = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{signs[:4]}-{signs[4:]}"


def digits_of(typed: str) -> str:
    """The hexadecimal digits with which every hash begins whose code begins as typed; empty where it is no such beginning.
    Small letters, blanks and dashes do not matter; O is read as 0, I and L as 1."""
    signs = "".join(typed.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    if not 1 <= len(signs) <= 8 or set(signs) - set(CROCKFORD):
        return ""
    bits = "".join(f"{CROCKFORD.index(sign):05b}" for sign in signs)
    whole = len(bits) // 4
    return f"{int(bits[: 4 * whole], 2):0{whole}x}"
