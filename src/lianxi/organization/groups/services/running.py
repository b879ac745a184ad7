"""A round is opened, amended, closed, drawn for, or cancelled."""

import datetime as dt
from random import Random

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from .. import checks
from ..models import Participant, Round, RoundGroup
from ..terms import Seed
from ..workflow import WALK
from .roll import count_roll

DICE = 12


def _said(reason: str) -> str:
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    return reason.strip()


@transaction.atomic
def open_round(record: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """开始选组: the roll is counted, and the members may choose."""
    came, left = _counted(record)
    with because(actor):
        return WALK.take("open", record, actor=actor, at=at, seen=seen, facts={"came": came, "left": left})


@transaction.atomic
def close(record: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """停止选组: from here on no wish, no designation and no size changes. The roll is counted once more."""
    came, left = _counted(record)
    silent = Participant.objects.filter(round=record, answer="", designated=None).count()
    with because(actor):
        return WALK.take(
            "close", record, actor=actor, at=at, seen=seen, facts={"came": came, "left": left, "silent": silent}
        )


def _counted(record: Round) -> tuple[int, int]:
    """Count the roll under the round's lock; whoever may not take the step that follows rolls it back."""
    now = Round.objects.select_for_update(of=("self",)).select_related("unit").get(pk=record.pk)
    return count_roll(now) if now.state in ("drafting", "open") else (0, 0)


@transaction.atomic
def reopen(record: Round, *, closes_at: dt.datetime, reason: str, actor: Actor, at: dt.datetime) -> Round:
    """重新开放选组, before the seed is drawn, with a reason and a new time."""
    with because(actor, reason):
        return WALK.take("reopen", record, actor=actor, at=at, reason=_said(reason), closes_at=closes_at)


@transaction.atomic
def extend(record: Round, *, closes_at: dt.datetime, reason: str, actor: Actor, at: dt.datetime) -> Round:
    """延长时间; never earlier than announced. Raises BadInput, Blocked."""
    now = Round.objects.get(pk=record.pk)
    if closes_at <= now.closes_at:
        raise BadInput({"closes_at": _("只能往后延。")})
    with because(actor, reason):
        return WALK.take("extend", record, actor=actor, at=at, reason=_said(reason), closes_at=closes_at)


@transaction.atomic
def amend(group: RoundGroup, *, lo: int, hi: int, shut: bool, reason: str, actor: Actor, at: dt.datetime) -> RoundGroup:
    """调整名额 while members choose, with a reason: sizes, or leaving a group out of this round. Raises BadInput, Blocked."""
    reason = _said(reason)
    if not 1 <= lo <= hi:
        raise BadInput({"hi": _("最多人数不能少于最少人数。")})
    facts = {"group": group.name, "lo": [group.lo, lo], "hi": [group.hi, hi], "shut": shut}
    group.lo, group.hi, group.shut = lo, hi, shut
    with because(actor, reason):
        group.save()
        WALK.take("amend", group.round, actor=actor, at=at, reason=reason, facts=facts)
    return group


def draw(
    record: Round, *, seed: str, how: str, witnesses: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Round:
    """抽出种子, in the meeting and only once. `how`: typed as drawn there, or rolled by the system. Raises Blocked."""
    if how not in Seed.values:
        raise BadInput({"how": _("没有选怎样抽出。")})
    with because(actor):
        return WALK.take(
            "draw", record, actor=actor, at=at, seen=seen, seed=" ".join(seed.split())[:80], seed_how=how,
            witnesses=" ".join(witnesses.split())[:120],
        )  # fmt: skip


def roll_dice(lot: Random) -> str:
    """Twelve dice, as the screen in the meeting shows them: 3-1-6-…"""
    return "-".join(str(lot.randint(1, 6)) for _die in range(DICE))


@transaction.atomic
def cancel(record: Round, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """取消编组, with a reason that everyone on the roll is told. What was answered stays on record."""
    with because(actor, reason):
        done = WALK.take("cancel", record, actor=actor, at=at, seen=seen, reason=_said(reason))
    checks.forget(done)
    return done
