"""Many equations between elements of the group checked at once 批量核验.

An equation says that an element is g^a · y^b · base^c. Each is raised to a coefficient of 128 bits that is drawn after everything
is fixed, and all are multiplied: one product of many powers on either side, which costs a tenth of the single ones. If one
equation is wrong, the sides agree with a probability of at most 2^-128. The proof needs that everything lies in the group; that
is checked too, and as strictly (docs/ballots.md gives the argument):

- Every element is given by a root of order `group.small`, of which it is the power. So it has no part whose order is divided by
  one of the small primes that divide (p - 1)/q; all others are above 2^20.
- The product of powers is made of windows of at most 20 bits of the coefficients; *each* window's product must belong to the group.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from gmpy2 import mpz

from .group import FixedBase, Group
from .products import joined, product, windowed

SECURITY = 128
"""Bits of each coefficient, at least, for whoever verifies an archive."""
ON_ARRIVAL = 64
"""The same for a ballot that comes in: whoever forges one has to hand it in for each attempt, since coefficients are drawn anew,
and it is verified again before anything is opened."""
WIDEST = 20
"""Bits of a window, at most: no prime but those of `group.small` divides (p - 1)/q below 2^20."""
MEMBERSHIP = 180
"""How many products take as long as to find out whether an element belongs to the group."""


class Batch:
    """Equations to be checked together: `add` each, then ask once whether all `hold`."""

    def __init__(
        self, group: Group, y: FixedBase, draw: Callable[[int], bytes] = secrets.token_bytes, bits: int = SECURITY
    ) -> None:
        self.group, self.y, self._draw, self._bits = group, y, draw, bits
        self.elements: list[mpz] = []
        self._claims: list[tuple[mpz, mpz | int, mpz | int, mpz | int]] = []
        self._products: dict[mpz, Sequence[mpz]] = {}

    def add(self, element: mpz, base: mpz, exponent: mpz | int, of_g: mpz | int = 0, of_y: mpz | int = 0) -> None:
        """The equation element = base^exponent · g^of_g · y^of_y. Whatever is a base must itself be added once as an
        element that is itself to the power of one, unless it is known to belong to the group."""
        self.elements.append(element)
        self._claims.append((base, exponent, of_g, of_y))

    def product(self, base: mpz, factors: Sequence[mpz]) -> None:
        """Of a base the caller has computed as the product of others: its power is shared out among them, which spares one."""
        self._products.setdefault(base, factors)

    def mark(self) -> tuple[int, int]:
        """Where the batch stands, for `back_to`."""
        return len(self.elements), len(self._products)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forgets what was added since."""
        elements, products = mark
        del self.elements[elements:], self._claims[elements:]
        for base in list(self._products)[products:]:
            del self._products[base]

    def hold(self) -> bool:
        """Whether all equations hold and all elements belong to the group; wrongly True with a probability of at most 2^-bits."""
        if not self.elements:
            return True
        group, p = self.group, self.group.p
        width, each, count = _windows(len(self.elements), self._bits)
        coefficients = self._coefficients(width * each * count)
        narrow = windowed(p, self.elements, coefficients, width, each * count)
        windows = [joined(p, narrow[at : at + each], width) for at in range(0, each * count, each)]
        if not all(group.contains(one) for one in windows):
            return False
        of_g, of_y = mpz(0), mpz(0)
        powers: dict[mpz, mpz] = {}
        for coefficient, (base, exponent, more_g, more_y) in zip(coefficients, self._claims, strict=True):
            powers[base] = powers.get(base, 0) + coefficient * exponent
            of_g += coefficient * more_g
            of_y += coefficient * more_y
        for base, factors in self._products.items():
            exponent = powers.pop(base, 0)
            for factor in factors if exponent else ():
                powers[factor] = powers.get(factor, 0) + exponent
        right = product(p, list(powers), [int(one % group.q) for one in powers.values()])
        right = right * group.of_g.power(of_g) * self.y.power(of_y) % p
        return bool(joined(p, windows, width * each) == right)

    def _coefficients(self, bits: int) -> list[int]:
        size, mask = (bits + 7) // 8, (1 << bits) - 1
        drawn = self._draw(size * len(self.elements))
        return [
            int.from_bytes(drawn[at : at + size], "little") & mask for at in range(0, size * len(self.elements), size)
        ]


def _windows(count: int, bits: int) -> tuple[int, int, int]:
    """The least work for so many elements: how many bits are multiplied out at once; how many such make one window, whose product
    is tested; how many windows."""
    return min(
        ((width, WIDEST // width, -(-bits // (WIDEST // width * width))) for width in range(1, WIDEST + 1)),
        key=lambda one: one[2] * (one[1] * (count + (1 << one[0])) + MEMBERSHIP),
    )


def power_of_root(root: mpz, small: int, p: mpz) -> mpz:
    """root^small modulo p: with small exponents such as 6 a few products."""
    found = root
    for bit in bin(small)[3:]:
        found = found * found % p
        if bit == "1":
            found = found * root % p
    return found
