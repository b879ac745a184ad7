"""Rating 评价, call-back 回访 and second handling 二次办理."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Text

from ..models import Voice
from ..terms import Satisfied, Solved, State
from ..workflow import WALK
from .intake import clean_line, clean_text
from .receiving import need_reason


def is_bad(solved: str, satisfied: str) -> bool:
    """Not solved, or not satisfied: it is handled again."""
    return solved == Solved.NO or satisfied == Satisfied.NO


def _check(solved: str, satisfied: str) -> None:
    errors: dict[str, Text] = {}
    if solved not in Solved.values:
        errors["solved"] = _("请选这事解决了没有。")
    if satisfied not in Satisfied.values:
        errors["satisfied"] = _("请选对办理满不满意。")
    if errors:
        raise BadInput(errors)


def rate(
    voice: Voice,
    *,
    solved: str,
    satisfied: str,
    comment: str = "",
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> Voice:
    """评价: solved and satisfied are asked apart; a bad rating leads to the second handling, or ends the walk after it."""
    _check(solved, satisfied)
    return _rated(
        "rate",
        voice,
        solved,
        satisfied,
        at,
        {"solved_resident": solved, "satisfied": satisfied, "comment": clean_text(comment)[:2000]},
        actor,
        seen,
        "",
    )


def call_back(voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """开始回访: the street itself asks."""
    return WALK.take("call_back", voice, actor=actor, at=at, seen=seen)


def rate_by_call_back(
    voice: Voice, *, solved: str, satisfied: str, words: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Voice:
    """回访结果: what the call-back found."""
    _check(solved, satisfied)
    return _rated(
        "call_back",
        voice,
        solved,
        satisfied,
        at,
        {"solved_call_back": solved, "satisfied": satisfied},
        actor,
        seen,
        need_reason(words, "words"),
    )


def _rated(
    stem: str,
    voice: Voice,
    solved: str,
    satisfied: str,
    at: dt.datetime,
    change: dict[str, Any],
    actor: Actor,
    seen: int | None,
    reason: str,
) -> Voice:
    bad = is_bad(solved, satisfied)
    if not bad or voice.round > 1:
        change["ended_at"] = at
    return WALK.take(
        f"{stem}_{'badly' if bad else 'well'}", voice, actor=actor, at=at, seen=seen, reason=reason, **change
    )


def close_unrated(voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """按期办结: nobody rated in time; recorded as not rated, never as satisfied."""
    return WALK.take("close_unrated", voice, actor=actor, at=at, seen=seen, ended_at=at)


def second_handling(voice: Voice, *, head: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """二次办理: the head of the unit takes part (S-03)."""
    head = clean_line(head)[:60]
    return WALK.take(
        "second_handling", voice, actor=actor, at=at, seen=seen, facts={"head": head}, head_name=head, round=2
    )


RATABLE = (State.ANSWERED, State.CALL_BACK)
