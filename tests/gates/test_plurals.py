"""In English one day is a day: notices, checks and dues name one thing in the singular."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from lianxi.commons.notices.wording import worded
from lianxi.delegates.quotas.terms import State
from lianxi.delegates.quotas.web.showing import due_of
from lianxi.participation.budgets import notices_of as budgets
from lianxi.participation.voices import notices_of as voices
from lianxi.participation.voices.web.offers import title_of


@pytest.mark.parametrize(("n", "thing"), [(1, "day"), (3, "days")])
def test_notices(n: int, thing: str) -> None:
    kind = voices.TO_AUTHOR["grant_extension"]
    with override("en"):
        title, _body = worded(kind, {"days": n, "answer_due": "2026-12-01"}, {"what": "lamp"})
    assert title == f"Your matter needs {n} more {thing}: lamp"
    with override("zh-hans"):
        assert worded(kind, {"days": n}, {"what": "路灯"})[0] == f"您说的事要多办{n}天：路灯"


def test_a_notice_of_one_proposal() -> None:
    kind: Any = next(one for one in vars(budgets).values() if getattr(one, "name", "") == "budgets.to_review")
    with override("en"):
        assert worded(kind, {"n": 1}, {"what": "Yard"})[0] == "Yard: 1 proposal waits for review"


def test_checks_and_dues() -> None:
    plan = SimpleNamespace(state=State.DRAFTING, due_on=dt.date(2026, 11, 29), held_on=None)
    with override("en"):
        assert title_of("submit", 1) == "1 check before review"
        assert title_of("submit", 4) == "4 checks before review"
        late = due_of(plan, dt.date(2026, 11, 30))
    assert late is not None
    assert late["text"] == "1 day late"
