"""The contrast of the tokens, computed by the WCAG formula from the theme itself."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "assets" / "css" / "tokens.css").read_text()


def block(start: str) -> dict[str, str]:
    inside = CSS.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", inside))


PLAIN = block(":root {")
ELDER = PLAIN | block("\n.elder {")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


ON_PAPER = ("paper", "ground", "ground-2")
TEXTS = [(name, on) for name in ("ink", "ink-2", "ink-3") for on in ON_PAPER]
TEXTS += [(hue, on) for hue in ("blue", "green", "ochre", "violet") for on in ("paper", f"{hue}-tint")]
TEXTS += [("paper", "red"), ("paper", "red-deep"), ("paper", "ink"), ("red", "paper"), ("blue", "ground")]


@pytest.mark.parametrize(("text", "on"), TEXTS)
def test_every_text_is_readable(text: str, on: str) -> None:
    assert contrast(PLAIN[text], PLAIN[on]) >= 4.5


@pytest.mark.parametrize(("text", "on"), [pair for pair in TEXTS if pair != ("paper", "red-deep")])
def test_large_type_is_at_least_seven_to_one(text: str, on: str) -> None:
    assert contrast(ELDER[text], ELDER[on]) >= 7


@pytest.mark.parametrize("tokens", [PLAIN, ELDER])
def test_borders_of_controls_are_seen(tokens: dict[str, str]) -> None:
    assert min(contrast(tokens["control"], tokens[on]) for on in ON_PAPER) >= 3
