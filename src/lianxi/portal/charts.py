"""The geometry of a chart: figures in, percentages and pixels for an SVG out.

Across, everything is a percentage of the width, so that words keep their size on a phone; down, everything is in pixels.
The table of the same figures stands beside every chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

MOST_SERIES = 5
HIGH = 200
"""Height of the field of a line chart, in pixels."""
TOP, FOOT = 10, 26
LABEL, BAR, GAP = 22, 16, 10


class TooManySeries(ValueError):
    """A chart shows at most five series; more become a table."""


@dataclass(frozen=True, slots=True)
class Series:
    """A row of figures; None where nothing is known."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `y` and `wide` (percent) of its mark, `hue` of its series, `letter` in front of its figure."""

    y: int
    wide: float
    hue: int
    letter: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one label; `y` is the baseline of the label."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `points` (percent across, pixels down), `path` for a polyline, `letter` and `last` at its end."""

    hue: int
    letter: str
    last: float
    points: tuple[tuple[float, float], ...]
    path: str
    end_y: float


def scale(most: float) -> tuple[int, int]:
    """A round top of the axis and the step of its grid: at most five lines.

    >>> scale(104), scale(3), scale(0)
    ((150, 50), (3, 1), (1, 1))
    """
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= most)
    return max(ceil(most / step), 1) * step, step


def highest(series: Sequence[Series]) -> float:
    """The largest figure of all, at least 1."""
    return max((value for one in series for value in one.values if value is not None), default=0) or 1


def bars(labels: Sequence[str], series: Sequence[Series]) -> tuple[int, tuple[Group, ...]]:
    """Lying bars, a group under each label. Returns the height of the drawing and the groups."""
    _few(series)
    top, high = highest(series), LABEL + BAR * len(series) + GAP
    groups = tuple(
        Group(
            label,
            at * high + LABEL - 7,
            tuple(
                Bar(
                    at * high + LABEL + nth * BAR,
                    round(100 * (one.values[at] or 0) / top, 2),
                    nth,
                    _letter(one, series),
                    one.values[at],
                )
                for nth, one in enumerate(series)
            ),
        )
        for at, label in enumerate(labels)
    )
    return high * len(labels), groups


def lines(labels: Sequence[str], series: Sequence[Series]) -> tuple[list[tuple[float, int]], tuple[Line, ...]]:
    """Lines over time. Returns the grid (pixels down, figure) and the lines, their ends kept apart."""
    _few(series)
    most, step = scale(highest(series))

    def down(value: float) -> float:
        return round(TOP + HIGH * (1 - value / most), 1)

    drawn = []
    for nth, one in enumerate(series):
        points = [(across(at, len(labels)), down(value)) for at, value in enumerate(one.values) if value is not None]
        known = [value for value in one.values if value is not None]
        if points:
            drawn.append((nth, one, tuple(points), known[-1]))
    ends = _apart([points[-1][1] for _nth, _one, points, _last in drawn])
    return [(down(value), value) for value in range(0, most + 1, step)], tuple(
        Line(nth, _letter(one, series), last, points, " ".join(f"{x},{y}" for x, y in points), end)
        for (nth, one, points, last), end in zip(drawn, ends, strict=True)
    )


def across(at: int, of: int) -> float:
    """Where the `at`-th of `of` places stands, in percent."""
    return round(100 * at / max(of - 1, 1), 2)


def ticks(labels: Sequence[str], most: int = 6) -> list[tuple[float, str]]:
    """The labels that have room under a line chart: (percent across, label)."""
    every = ceil(len(labels) / most) or 1
    return [(across(at, len(labels)), label) for at, label in enumerate(labels) if at % every == 0]


def table(labels: Sequence[str], series: Sequence[Series]) -> list[tuple[str, list[float | None]]]:
    """The same figures as rows of a table."""
    return [(label, [one.values[at] for one in series]) for at, label in enumerate(labels)]


def _letter(one: Series, series: Sequence[Series]) -> str:
    return str(one.name)[:1] if len(series) > 1 else ""


def _apart(ends: Sequence[float], gap: float = 16) -> list[float]:
    """Words at the ends of lines, moved down until none covers another."""
    moved, below = dict.fromkeys(range(len(ends)), 0.0), float("-inf")
    for at in sorted(range(len(ends)), key=lambda at: ends[at]):
        below = moved[at] = max(ends[at], below + gap)
    return [moved[at] for at in range(len(ends))]


def _few(series: Sequence[Series]) -> None:
    if len(series) > MOST_SERIES:
        raise TooManySeries(f"{len(series)} series, at most {MOST_SERIES}")
