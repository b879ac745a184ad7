"""The lists of permissions, states and jobs hold every one that is declared."""

import re
from pathlib import Path

import pytest

from lianxi.portal.listing import LISTS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def without_english(text: str) -> str:
    """The English comes from compiled translations, which the tests of translations look after."""
    return re.sub(r" · [^|<\n]*", "", text).replace(" ", "")


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_what_is_declared(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert without_english(written) == without_english(LISTS[name]()), (
        f"docs/{name} is not up to date: run `python -m lianxi.portal.listing`"
    )


def test_a_permission_without_its_line_is_noticed() -> None:
    whole = LISTS["permissions.md"]()
    shorter = "\n".join(line for line in whole.splitlines() if not line.startswith("| `voices.rate`"))
    assert without_english(shorter) != without_english(whole)


def test_every_job_says_what_it_is_for() -> None:
    rows = [line for line in LISTS["jobs.md"]().splitlines() if line.startswith("| `")]
    assert len(rows) > 5
    assert [row for row in rows if row.endswith("|  |")] == []
