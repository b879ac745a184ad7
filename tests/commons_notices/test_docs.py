"""The page on notices has a line for every job and every state."""

from pathlib import Path

import pytest

from lianxi.commons.notices.terms import DeliveryState, Urgency

PAGE = Path(__file__).resolve().parents[2] / "docs" / "notices.md"


@pytest.mark.parametrize("state", [*DeliveryState.values, *Urgency.values])
def test_every_state_is_explained(state: str) -> None:
    assert state in PAGE.read_text(encoding="utf-8")


def test_every_job_of_these_rooms_is_listed() -> None:
    from procrastinate.contrib.django import app

    text = PAGE.read_text(encoding="utf-8")
    ours = {one for one in app.tasks if one.split(".")[0] in {"notices", "jobs", "voices"}}
    assert ours
    assert [one for one in ours if f"| `{one}` |" not in text] == []
