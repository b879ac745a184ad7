"""A round is planned and led from step to step."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import policies
from ..models import Round
from ..terms import State
from ..workflow import WALK
from .typed import need_reason, plain

BUDGET_AT_MOST = 2_000_000_000
KINDS = (UnitKind.RESIDENTS, UnitKind.COMMUNITY)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    made = dict(values)
    errors: dict[str, Any] = {}
    for name in ("title", "source"):
        if name in made:
            made[name] = plain(made[name])
            if not made[name]:
                errors[name] = _("这一项要写。")
    if "about" in made:
        made["about"] = plain(made["about"], lines=True)
    if "budget" in made and not 0 < made["budget"] <= BUDGET_AT_MOST:
        errors["budget"] = _("预算写整数元，大于0。")
    if made.get("most") is not None and made["most"] < 1:
        errors["most"] = _("至少1个；不限就空着。")
    if errors:
        raise BadInput(errors)
    return made


@transaction.atomic
def plan(
    unit: Unit,
    *,
    title: str,
    budget: int,
    source: str,
    actor: Actor,
    at: dt.datetime,
    about: str = "",
    most: int | None = None,
    studied_on: dt.date | None = None,
    imported: bool = False,
) -> Round:
    """Begin a round in a community.

    Raises NotPermitted; BadInput for a missing title or source, a budget that is not above 0, another kind of unit.
    `imported`: the vote was held elsewhere; the round begins with counting.
    """
    if not policies.PLAN.may(actor, unit):
        raise NotPermitted(open_to=[one.says for one in policies.PLAN.clauses])
    if unit.kind not in KINDS:
        raise BadInput({"unit": _("请选社区或居委会。")})
    values = _checked({"title": title, "budget": budget, "source": source, "about": about, "most": most})
    state = State.COUNTING if imported else State.DRAFT
    made = Round(unit=unit, created_at=at, studied_on=studied_on, state=state, imported=imported, **values)
    return WALK.begin(made, verb="import" if imported else "plan", actor=actor, at=at)


def change(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None, **values: Any) -> Round:
    """Change title, text, budget, source, most choices, day of study, while nothing is public yet."""
    return WALK.take("change", one, actor=actor, at=at, seen=seen, **_checked(values))


def open_proposals(
    one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None, ends_on: dt.date | None = None
) -> Round:
    """开始征集: everybody may propose."""
    return WALK.take("open", one, actor=actor, at=at, seen=seen, ends_on=ends_on)


def close_proposals(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """截止征集: what was proposed is reviewed."""
    return WALK.take("close_proposals", one, actor=actor, at=at, seen=seen, ends_on=None)


def reopen_proposals(one: Round, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """再征集: too little was proposed."""
    return WALK.take("reopen_proposals", one, actor=actor, at=at, seen=seen, reason=need_reason(reason))


def open_vote(
    one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None, ends_on: dt.date | None = None
) -> Round:
    """开始投票: from here on no project changes."""
    return WALK.take("open_vote", one, actor=actor, at=at, seen=seen, ends_on=ends_on)


def close_vote(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """截止投票: codes that were not used are worth nothing any more."""
    return WALK.take("close_vote", one, actor=actor, at=at, seen=seen, ends_on=None)


def withdraw(one: Round, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """终止: the round ends without a result."""
    return WALK.take(
        "withdraw", one, actor=actor, at=at, seen=seen, reason=need_reason(reason), displayed_on=None, ends_on=None
    )
