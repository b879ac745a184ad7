"""A step asks the rulebook once, and hears the figures that hold when it is taken."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxi.commons.permissions import ANYBODY
from lianxi.commons.rulebook.models import LocalRule
from lianxi.participation.voices import services
from lianxi.participation.voices.services import Said


def test_each_step_asks_the_rulebook_once(street: SimpleNamespace, at: dt.datetime, lot: random.Random) -> None:
    s, asked = street, {}

    def step(verb: str, service: Any, who: Any, **more: Any) -> Any:
        with CaptureQueriesContext(connection) as queries:
            found = service(voice, actor=s.actor(who), at=at, **more)
        asked[verb] = sum('FROM "rulebook_localrule"' in one["sql"] for one in queries)
        return found

    voice, _code = services.raise_voice(Said(text="路灯坏了三天了。", place=s.wanghuai), actor=ANYBODY, at=at, lot=lot)
    voice = step("accept", services.accept, s.dispatcher)
    voice = step("dispatch", services.dispatch, s.dispatcher, to=s.wanghuai_committee)
    voice = step("take", services.take_in_hand, s.handler, handler=s.handler)
    voice = step("contact", services.contact, s.handler, how="call", words="约好上门")
    voice = step(
        "draft", services.draft_answer, s.handler, facts="断线", result="support", opinion="修好", basis="第三十二条"
    )
    voice = step("submit", services.submit_answer, s.handler)
    step("answer", services.answer, s.director)
    assert set(asked.values()) == {1}, asked


def test_a_figure_set_between_two_steps_holds_at_the_second(
    street: SimpleNamespace, at: dt.datetime, lot: random.Random
) -> None:
    """The nearest one upward, for the limit and for the warning before it."""
    s = street
    voice, _code = services.raise_voice(Said(text="路灯坏了三天了。", place=s.wanghuai), actor=ANYBODY, at=at, lot=lot)
    plain = services.accept(voice, actor=s.actor(s.dispatcher), at=at)
    common = {"source": "办公会", "reason": "试行", "since": at.date(), "at": at, "by_name": "方知远"}
    for unit, parameter, rule_id, value in (
        (s.top, "help", "S-02", 2), (s.wanghuai, "help", "S-02", 3), (s.tingsong, "help", "S-02", 1), (s.top, "", "S-07", 2),
    ):  # fmt: skip
        LocalRule.objects.create(unit=unit, parameter=parameter, rule_id=rule_id, value=value, **common)
    again = services.dispatch(plain, to=s.wanghuai_committee, actor=s.actor(s.dispatcher), at=at)
    assert plain.answer_due_at != again.answer_due_at
    assert again.answer_due_at is not None
    assert again.answer_due_at.date() == dt.date(2026, 11, 19)
    third = services.take_in_hand(again, handler=s.handler, actor=s.actor(s.handler), at=at)
    fourth = services.contact(third, how="call", words="约好上门", actor=s.actor(s.handler), at=at)
    assert (fourth.due_at, fourth.due_clock) == (again.answer_due_at, "answer")
    assert fourth.warn_at is not None
    assert fourth.warn_at.date() == dt.date(2026, 11, 17)
