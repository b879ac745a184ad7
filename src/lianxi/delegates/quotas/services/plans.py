"""A plan is begun, set up, dropped, and begun again from one that was published."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput
from lianxi.commons.rulebook import applies, rule
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import PlanAim, PlanTrade, PlanUnit, SeatPlan
from ..queries.sources import regions_of
from ..terms import MOST_SEATS, REST, TRADES, Kind, Method
from ..workflow import WALK

SETTINGS = (
    "title", "title_en", "kind", "held_on", "due_on", "seats", "method",
    "weight_members", "weight_organizations", "weight_population", "floor", "cap",
)  # fmt: skip
OF_RULE = {"weight_members": "members", "weight_organizations": "organizations", "weight_population": "population", "floor": "floor"}  # fmt: skip
"""Settings whose first value and bounds the rulebook gives: figures of E-55."""


@applies("E-55", where=_("名额方案的权重和最少名额"))
@transaction.atomic
def begin(body: Unit, *, title: str, kind: str, seats: int, actor: Actor, at: dt.datetime, **more: Any) -> SeatPlan:
    """编制: a plan for a congress of `body`, with the weights and the floor of the rulebook as they hold there.

    `more`: other settings. Raises NotFound, BadInput.
    """
    body = policies.BEGIN.get(actor, pk=body.pk)
    on = timezone.localtime(at).date()
    law = rule("E-55", on=on, at=body)
    first = {name: law.parameter(figure).value for name, figure in OF_RULE.items()}
    plan = SeatPlan(
        body=body, title=title.strip(), kind=kind, seats=seats, **{**first, **_known(more)}, method=more.get("method") or Method.WEBSTER
    )  # fmt: skip
    _check(plan, on)
    regions = regions_of(body, on=on)
    WALK.begin(plan, verb="begin", actor=actor, at=at)
    PlanTrade.objects.bulk_create(_trades(plan))
    PlanUnit.objects.bulk_create(
        PlanUnit(plan=plan, number=n, unit=one, name=one.short_name or one.name, name_en=one.name_en, people=[0] * len(TRADES))
        for n, one in enumerate(regions)
    )  # fmt: skip
    return plan


def _known(more: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in more.items() if name in SETTINGS and name != "method" and value is not None}


def _trades(plan: SeatPlan) -> list[PlanTrade]:
    return [
        PlanTrade(
            plan=plan, number=n, name=name, name_en=english, sign=sign, sectors=list(sectors), words=list(words),
            rest=key == REST, front_line=front, leaders=leaders,
        )
        for n, (key, name, english, sign, sectors, words, front, leaders) in enumerate(TRADES)
    ]  # fmt: skip


def _check(plan: SeatPlan, on: dt.date) -> None:
    """What a form cannot know: bounds of the rulebook, and what makes no sense together. Raises BadInput."""
    wrong: dict[str, Any] = {}
    law = rule("E-55", on=on, at=plan.body)
    for name, figure in OF_RULE.items():
        found, value = law.parameter(figure), getattr(plan, name)
        if not found.allows(Fraction(value)):
            wrong[name] = _("%(label)s要在%(least)s到%(most)s之间（%(citation)s）。") % {
                "label": found.label, "least": found.written(found.at_least), "most": found.written(found.at_most), "citation": law.citation,
            }  # fmt: skip
    if not 1 <= plan.seats <= MOST_SEATS:
        wrong["seats"] = _("名额在1到%(most)d之间。") % {"most": MOST_SEATS}
    if plan.cap is not None and plan.cap < plan.floor:
        wrong["cap"] = _("最多不能少于最少。")
    if plan.kind not in Kind.values:
        wrong["kind"] = _("没有这一种会议。")
    if len(plan.title) < 2:
        wrong["title"] = _("请写会议的名称。")
    if plan.held_on and plan.due_on and plan.due_on > plan.held_on:
        wrong["due_on"] = _("报上级的日期要在会期以前。")
    if not wrong and sum(plan.weights.values()) != 1:
        wrong["weight_members"] = _("三个权重相加要是1，现在是%(total)s。") % {"total": sum(plan.weights.values())}
    if wrong:
        raise BadInput(wrong)


def settle(
    plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None, reason: str = "", **change: Any
) -> SeatPlan:
    """改设置: other seats, weights, floor, method, dates. What was computed is kept, and no longer holds. Raises BadInput."""
    change = {name: value for name, value in change.items() if name in SETTINGS}
    trial = SeatPlan.objects.select_related("body").get(pk=plan.pk)
    for name, value in change.items():
        setattr(trial, name, value)
    _check(trial, timezone.localtime(at).date())
    return WALK.take("settle", plan, actor=actor, at=at, seen=seen, reason=reason, **change, **UNSETTLED)


UNSETTLED: dict[str, Any] = {"current": None, "outcome": "", "tie_way": "", "tie_order": [], "tie_seed": "", "tie_paper": ""}  # fmt: skip
"""What a change of the settings or figures takes away."""


@transaction.atomic
def set_aims(
    plan: SeatPlan, *, aims: dict[str, Fraction | None], actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """定结构要求: the share of women, young, minorities among the delegates. Guidance, so the seats stay as computed."""
    if any(share is not None and not 0 < share <= 1 for share in aims.values()):
        raise BadInput({"aims": _("比例要在0到1之间。")})
    done = WALK.take("settle", plan, actor=actor, at=at, seen=seen, facts={"aims": True}, **UNSETTLED)
    for aim, share in aims.items():
        if share is None:
            PlanAim.objects.filter(plan=done, aim=aim).delete()
        else:
            PlanAim.objects.update_or_create(plan=done, aim=aim, defaults={"share": str(share)})
    return done


def drop(plan: SeatPlan, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """作废."""
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    return WALK.take("drop", plan, actor=actor, at=at, seen=seen, reason=reason)


@transaction.atomic
def revise(plan: SeatPlan, *, actor: Actor, at: dt.datetime) -> SeatPlan:
    """另编新方案: a copy of a published plan, to take its place once it is published itself. The old one stays as it is."""
    old = policies.KEEP.get(actor, pk=plan.pk)
    if old.state != "quota_published":
        raise BadInput({"plan": _("只有公布了的方案才要另编。")})
    kept = {name: getattr(old, name) for name in SETTINGS}
    kept["title"] = old.title
    new = WALK.begin(
        SeatPlan(body=old.body, replaces=old, counted_on=old.counted_on, **kept),
        verb="revise",
        actor=actor,
        at=at,
        facts={"from": old.pk},
    )
    models: tuple[Any, ...] = (PlanTrade, PlanUnit, PlanAim)
    for model in models:
        rows = list(model.objects.filter(plan=old))
        for one in rows:
            one.pk, one.plan, one._state.adding = None, new, True
            if isinstance(one, PlanUnit):
                one.women_named = one.young_named = one.minority_named = 0
        model.objects.bulk_create(rows)
    return new
