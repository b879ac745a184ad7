"""The geometry of a chart: plain numbers in, plain numbers for an SVG out. The table of the same figures stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

MOST_SERIES = 5
WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 44, 76, 16, 28
LINES_HEIGHT = 240
ROW = 34
LABELS = 140


class TooManySeries(ValueError):
    """A chart shows at most five series; more become a table."""


@dataclass(frozen=True, slots=True)
class Series:
    """A row of figures; None where nothing is known."""

    name: str
    values: Sequence[float | None]


def scale(most: float) -> tuple[int, int]:
    """A round top of the axis and its step: at most five lines of the grid."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= most)
    return max(ceil(most / step), 1) * step, step


def bars(labels: Sequence[str], series: Sequence[Series], unit: str = "") -> dict[str, object]:
    """Lying bars, a group per label; every bar carries its figure."""
    _few(series)
    top = max((v for s in series for v in s.values if v is not None), default=0) or 1
    room = WIDTH - LABELS - 64
    thick = 18 if len(series) == 1 else 13
    group = max(ROW, thick * len(series) + 12)
    rows = []
    for at, label in enumerate(labels):
        y = at * group
        marks = [
            {
                "x": LABELS,
                "y": y + (group - thick * len(series)) / 2 + nth * thick,
                "w": round(room * (one.values[at] or 0) / top, 1),
                "h": thick - 2,
                "hue": nth,
                "value": one.values[at],
                "end": LABELS + round(room * (one.values[at] or 0) / top, 1) + 6,
                "text_y": y + (group - thick * len(series)) / 2 + nth * thick + thick - 5,
                "letter": one.name[:1] if len(series) > 1 else "",
            }
            for nth, one in enumerate(series)
        ]
        rows.append({"label": label, "y": y + group / 2 + 5, "marks": marks})
    return {"width": WIDTH, "height": group * len(labels), "rows": rows, "axis": LABELS, "unit": unit}


def lines(labels: Sequence[str], series: Sequence[Series], unit: str = "") -> dict[str, object]:
    """Lines over time, each with its name at its end."""
    _few(series)
    most, step = scale(max((v for s in series for v in s.values if v is not None), default=0) or 1)
    wide, high = WIDTH - LEFT - RIGHT, LINES_HEIGHT - TOP - BOTTOM
    gap = wide / max(len(labels) - 1, 1)

    def x(at: int) -> float:
        return round(LEFT + gap * at, 1)

    def y(value: float) -> float:
        return round(TOP + high * (1 - value / most), 1)

    drawn = []
    for nth, one in enumerate(series):
        points = [(x(at), y(value)) for at, value in enumerate(one.values) if value is not None]
        if points:
            drawn.append(
                {
                    "hue": nth,
                    "name": one.name,
                    "points": points,
                    "path": " ".join(f"{a},{b}" for a, b in points),
                    "end": points[-1],
                }
            )
    _apart(drawn)
    every = -(-len(labels) // 8)
    return {
        "width": WIDTH,
        "height": LINES_HEIGHT,
        "grid": [{"y": y(value), "value": value} for value in range(0, most + 1, step)],
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "ticks": [{"x": x(at), "label": label} for at, label in enumerate(labels) if at % every == 0],
        "base": LINES_HEIGHT - 8,
        "lines": drawn,
        "unit": unit,
    }


def _apart(drawn: list[dict[str, object]], gap: float = 16) -> None:
    """Names at the ends of the lines must not cover one another."""
    below = float("-inf")
    for line in sorted(drawn, key=lambda one: one["end"][1]):  # type: ignore[index]
        at = max(line["end"][1] + 4, below + gap)  # type: ignore[index]
        line["name_x"], line["name_y"] = line["end"][0] + 8, at  # type: ignore[index]
        below = at


def _few(series: Sequence[Series]) -> None:
    if len(series) > MOST_SERIES:
        raise TooManySeries(f"{len(series)} series, at most {MOST_SERIES}")


def table(labels: Sequence[str], series: Sequence[Series]) -> list[tuple[str, list[float | None]]]:
    """The same figures as rows of a table."""
    return [(label, [one.values[at] for one in series]) for at, label in enumerate(labels)]
