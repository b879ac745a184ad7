"""One product of many powers 多底数幂之积, of public data: a tenth of the work of the single powers."""

from collections.abc import Sequence

from gmpy2 import mpz

ODD = 4
"""Bits of a window where bases are few (Straus)."""


def windowed(p: mpz, bases: Sequence[mpz], exponents: Sequence[int], width: int, count: int) -> list[mpz]:
    """To each window of the exponents, from the lowest, the product of the bases to the power of their window (Pippenger)."""
    found, mask = [], (1 << width) - 1
    for shift in range(0, width * count, width):
        buckets: list[mpz | None] = [None] * (mask + 1)
        for base, exponent in zip(bases, exponents, strict=True):
            digit = exponent >> shift & mask
            before = buckets[digit]
            buckets[digit] = base if before is None else before * base % p
        running, total = None, mpz(1)
        for bucket in buckets[:0:-1]:
            if bucket is not None:
                running = bucket if running is None else running * bucket % p
            if running is not None:
                total = total * running % p
        found.append(total)
    return found


def joined(p: mpz, windows: Sequence[mpz], width: int) -> mpz:
    """The whole product from those of the windows."""
    whole = mpz(1)
    for one in reversed(windows):
        for _ in range(width):
            whole = whole * whole % p
        whole = whole * one % p
    return whole


def product(p: mpz, bases: Sequence[mpz], exponents: Sequence[int]) -> mpz:
    """The product of the bases to the power of their exponents, none of which is negative."""
    bits = max((one.bit_length() for one in exponents), default=0)
    work, width = min((-(-bits // width) * (len(bases) + (1 << width)), width) for width in range(1, 21))
    if len(bases) * ((1 << ODD - 1) + bits // (ODD + 1)) < work:
        return _few(p, bases, exponents, bits)
    return joined(p, windowed(p, bases, exponents, width, -(-bits // width)), width)


def _few(p: mpz, bases: Sequence[mpz], exponents: Sequence[int], bits: int) -> mpz:
    """The same with a table of odd powers for each base: each exponent is a sum of a few of them, shifted."""
    factors: list[list[mpz]] = [[] for _bit in range(bits)]
    for base, exponent in zip(bases, exponents, strict=True):
        odd, square = [base], base * base % p
        for _ in range((1 << ODD - 1) - 1):
            odd.append(odd[-1] * square % p)
        rest, place = exponent, 0
        while rest:
            zeros = (rest & -rest).bit_length() - 1
            rest, place = rest >> zeros, place + zeros
            factors[place].append(odd[(rest & (1 << ODD) - 1) >> 1])
            rest, place = rest >> ODD, place + ODD
    found = mpz(1)
    for here in reversed(factors):
        found = found * found % p
        for one in here:
            found = found * one % p
    return found
