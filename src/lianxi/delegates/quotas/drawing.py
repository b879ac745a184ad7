"""The hemicycle: where each seat of a plan stands, as figures for an SVG. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDE = 400.0
TONES = 5
SIGNS_UNTIL = 260
"""Beyond so many seats the characters would be too small to read: dots only."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A seat: its middle, the tone of its trade (0 to 4) and the character of it."""

    x: float
    y: float
    tone: int
    sign: str


@dataclass(frozen=True, slots=True)
class Hemicycle:
    """Everything the template needs. `paths`: the dots by tone, drawn; `dots`: only where their characters fit (`signs`)."""

    dots: list[Dot]
    paths: list[tuple[int, str]]
    r: float
    width: float
    height: float
    signs: bool
    size: str
    total: int


def _rows(total: int) -> tuple[int, float]:
    """How many arcs, and the distance between neighbours, so that all seats fit."""
    for rows in range(1, 60):
        inner, outer = 0.42, 1.0
        step = (outer - inner) / max(rows - 1, 1) if rows > 1 else outer - inner
        gap = step * 0.98 if rows > 1 else 0.2
        room = sum(int(math.pi * (inner + n * (outer - inner) / max(rows - 1, 1)) / gap) + 1 for n in range(rows))
        if room >= total:
            return rows, gap
    return 60, 0.01


def hemicycle(seats: Sequence[int], signs: Sequence[str]) -> Hemicycle:
    """Seats by trade, each with its character → dots on arcs, trade after trade from the left. The inner arcs have fewer."""
    return _drawn(tuple(seats), tuple(signs))


@lru_cache(maxsize=128)
def _drawn(seats: tuple[int, ...], signs: tuple[str, ...]) -> Hemicycle:
    """The same seats are drawn once: a page that is opened again need not place three thousand dots again."""
    total = sum(seats)
    rows, gap = _rows(total)
    radii = [1.0] if rows == 1 else [0.42 + 0.58 * n / (rows - 1) for n in range(rows)]
    counts = _spread(total, radii)
    places: list[tuple[float, float, float]] = []
    for radius, n in zip(radii, counts, strict=True):
        for k in range(n):
            angle = math.pi * (0.5 if n == 1 else k / (n - 1))
            places.append((angle, -radius, radius))
    places.sort()
    dot = min(0.42 * gap, 0.075)
    scale = (WIDE / 2) / (1.0 + dot)
    kinds = [trade for trade, n in enumerate(seats) for _ in range(n)]
    dots = [
        Dot(round(WIDE / 2 - radius * math.cos(angle) * scale, 1), round((1.0 + dot - radius * math.sin(angle)) * scale, 1), kind % TONES, signs[kind])
        for (angle, _, radius), kind in zip(places, kinds, strict=True)
    ]  # fmt: skip
    r = round(dot * scale, 1)
    size = "l" if r >= 9 else "m" if r >= 6.5 else "s"
    return Hemicycle(
        dots if total <= SIGNS_UNTIL else [], _paths(dots, r), r, WIDE, round((1.0 + 2 * dot) * scale, 1), total <= SIGNS_UNTIL, size, total
    )  # fmt: skip


def _paths(dots: Sequence[Dot], r: float) -> list[tuple[int, str]]:
    """One path for each tone, with a circle for each of its seats: three thousand seats are five elements."""
    parts: dict[int, list[str]] = {}
    for one in dots:
        parts.setdefault(one.tone, []).append(
            f"M{one.x - r:.1f} {one.y:.1f}a{r} {r} 0 1 0 {2 * r:.1f} 0a{r} {r} 0 1 0 {-2 * r:.1f} 0"
        )
    return [(tone, "".join(found)) for tone, found in sorted(parts.items())]


def _spread(total: int, radii: Sequence[float]) -> list[int]:
    """Seats on each arc in proportion to its length, summing to the total."""
    whole = sum(radii)
    counts = [int(total * radius / whole) for radius in radii]
    rest = sorted(range(len(radii)), key=lambda n: total * radii[n] / whole - counts[n], reverse=True)
    for n in rest[: total - sum(counts)]:
        counts[n] += 1
    return counts
