"""Review of the answer 审核, and giving it 答复."""

import datetime as dt
from typing import Any

from django.db import transaction

from lianxi.commons.permissions import Actor

from ..models import Answer, Voice
from ..workflow import WALK
from .receiving import need_reason


def send_back(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """退回修改: says what to mend."""
    return WALK.take("send_back", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason))


@transaction.atomic
def answer(voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """答复: the head approves the last draft, and it goes to the resident. Two pairs of eyes (S-09)."""
    last = Answer._base_manager.filter(voice=voice.pk).order_by("number").last()
    change: dict[str, Any] = {"reviewer_id": actor.person_id, "solved_handler": last.solved if last else ""}
    if voice.answered_at is None:
        change["answered_at"] = at
    voice = WALK.take(
        "answer", voice, actor=actor, at=at, seen=seen, facts={"draft": last.number if last else 0}, **change
    )
    if last:
        last.given_at = at
        last.save()
    return voice
