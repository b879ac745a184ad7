"""The walk of a seat plan: drafted, computed, approved by the higher committee, published; and what must hold."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxi.commons.rulebook import Check, Rule, applies, rule
from lianxi.commons.workflow.walk import Fork, Row, Walk

from . import policies as may
from .models import PlanEvent, SeatPlan
from .terms import KIND_RULE, Aim, Kind, Outcome
from .terms import State as S


def law(rule_id: str, at: dt.datetime, plan: SeatPlan | None = None) -> Rule:
    """The rule of the day, with the local figures of the convening organisation."""
    return rule(rule_id, on=timezone.localtime(at).date(), at=plan.body if plan else None)


@applies("E-09", where=_("名额方案的人数来源"))
def counted(plan: SeatPlan, at: dt.datetime) -> Check:
    """The figures of members and organisations are frozen on a day."""
    return Check(
        law("E-09", at),
        _("党员数、党组织数有截止日"),
        _("截至%(day)s") % {"day": date_format(plan.counted_on)} if plan.counted_on else _("还没有冻结人数"),
        plan.counted_on is not None,
        label=_("人数冻结"),
    )


@applies("E-55", where=_("名额方案的权重"))
def weights_whole(plan: SeatPlan, at: dt.datetime) -> Check:
    """The weights sum to one, each within the bounds of the rulebook."""
    found = law("E-55", at, plan)
    total = sum(plan.weights.values(), Fraction(0))
    outside = [name for name, value in plan.weights.items() if not found.parameter(name).allows(value)]
    labels = "、".join(str(found.parameter(name).label) for name in outside)
    return Check(
        found,
        _("三个权重相加是1，每个在规则的上下限以内"),
        _("%(labels)s超出上下限") % {"labels": labels} if outside else _("相加是%(total)s") % {"total": total},
        total == 1 and not outside,
        label=_("权重"),
    )


@applies("E-55", where=_("名额方案的人口数"))
def population_known(plan: SeatPlan, at: dt.datetime) -> Check:
    """Where population weighs, every unit has a figure of it."""
    weighs = plan.weights["population"] > 0
    without = plan.units.filter(population=None).count() if weighs else 0
    return Check(
        law("E-55", at),
        _("人口数有权重时，每个单位都填人口数"),
        _("人口数没有权重")
        if not weighs
        else ngettext("%(n)d个单位没有填", "%(n)d个单位没有填", without) % {"n": without}
        if without
        else _("都填了"),
        not without,
        label=_("人口数"),
    )


_BOUNDS = {
    Kind.PRIMARY: ("at_least", "typical", "at_most"),
    Kind.COUNTY: ("county_min", "county_max", "county_max"),
}


@applies("E-09", "E-38", where=_("名额方案的代表总数"))
def number_of_seats(plan: SeatPlan, at: dt.datetime) -> Check:
    """The number of delegates lies within what the rule allows."""
    if plan.kind not in KIND_RULE:
        return Check(
            law("E-09", at),
            _("党员代表会议没有全国规定的名额，由召集的党组织定，报上级批准"),
            _("%(n)d名") % {"n": plan.seats},
            True,
            label=_("代表总数"),
        )
    found = law(KIND_RULE[Kind(plan.kind)], at, plan)
    least, typical, most = (int(found.parameter(name).value) for name in _BOUNDS[Kind(plan.kind)])
    said = _("%(n)d名") % {"n": plan.seats}
    if plan.seats < least:
        said = _("%(n)d名，少于一般的%(least)d名，请示里要说明") % {"n": plan.seats, "least": least}
    elif typical < plan.seats <= most:
        said = _("%(n)d名，多于一般的%(typical)d名，请示里要说明") % {"n": plan.seats, "typical": typical}
    return Check(
        found,
        _("一般%(least)d至%(typical)d名，最多%(most)d名") % {"least": least, "typical": typical, "most": most},
        said,
        plan.seats <= most,
        label=_("代表总数"),
    )


def settled(plan: SeatPlan, at: dt.datetime) -> Check:
    """The calculation has one answer."""
    current = plan.current
    return Check(
        law("E-55", at),
        _("算出唯一的结果"),
        str(Outcome(current.outcome).label) if current else _("还没有算"),
        bool(current and current.outcome == Outcome.DONE),
        label=_("测算"),
    )


@applies("E-55", where=_("名额方案的最少名额"))
def every_unit_has_some(plan: SeatPlan, at: dt.datetime) -> Check:
    """No unit stays below the least number."""
    found = law("E-55", at, plan)
    least = int(found.parameter("floor").value)
    seats = (plan.current.seat("a") if plan.current else None) or []
    fewest = min(seats, default=0)
    return Check(
        found,
        _("每个单位不少于%(n)d名") % {"n": least},
        _("最少的单位%(n)d名") % {"n": fewest},
        bool(seats) and fewest >= least,
        label=_("每单位至少"),
    )


def _share(plan: SeatPlan, flag: str) -> tuple[int, int]:
    seats = (plan.current.seat("b") if plan.current else None) or []
    got = sum(n for trade, n in zip(plan.trades.all(), seats, strict=False) if getattr(trade, flag))
    return got, sum(seats)


@applies("E-39", "E-09", where=_("名额方案的一线代表比例"))
def front_line_share(plan: SeatPlan, at: dt.datetime) -> Check:
    """The front line has its share. E-39 gives the figure; at primary level E-09 asks for a share without one."""
    found = law("E-39", at, plan)
    figure = found.parameter("front_line")
    got, every = _share(plan, "front_line")
    return Check(
        found,
        _("生产和工作一线不少于%(share)s") % {"share": figure.text},
        _("%(got)d / %(every)d名") % {"got": got, "every": every},
        bool(every) and Fraction(got, every) >= figure.value,
        label=_("一线代表"),
    )


@applies("E-39", where=_("名额方案的领导干部比例"))
def leaders_share(plan: SeatPlan, at: dt.datetime) -> Check:
    found = law("E-39", at, plan)
    figure = found.parameter("leaders")
    got, every = _share(plan, "leaders")
    return Check(
        found,
        _("领导干部不超过%(share)s") % {"share": figure.text},
        _("%(got)d / %(every)d名") % {"got": got, "every": every},
        bool(every) and Fraction(got, every) <= figure.value,
        label=_("领导干部"),
    )


@applies("E-39", where=_("名额方案的女党员比例"))
def women_share(plan: SeatPlan, at: dt.datetime) -> Check:
    """The guidance for women is at least their share of the members."""
    rows = list(plan.units.values_list("members", "women"))
    members, women = sum(row[0] for row in rows), sum(row[1] for row in rows)
    aim = next((one for one in plan.aims.all() if one.aim == Aim.WOMEN), None)
    asked = Fraction(aim.share) if aim else Fraction(0)
    return Check(
        law("E-39", at),
        _("女代表的比例不低于女党员在党员中的比例（%(women)d / %(members)d）") % {"women": women, "members": members},
        _("要求女代表不少于%(n)d / %(every)d名") % {"n": -(-asked * plan.seats // 1), "every": plan.seats}
        if aim
        else _("没有提女代表的要求"),
        bool(members) and asked >= Fraction(women, members),
        label=_("女代表"),
    )


@applies("E-09", where=_("名额方案的批复"))
def approval_named(plan: SeatPlan, at: dt.datetime) -> Check:
    """The higher organisation's paper has a number."""
    return Check(
        law("E-09", at),
        _("有上级批复的文号"),
        plan.approval.strip() or _("没有写文号"),
        bool(plan.approval.strip()),
        label=_("上级批复"),
    )


BEFORE_COMPUTING = (counted, weights_whole, population_known)
BEFORE_SUBMITTING = (settled, number_of_seats, every_unit_has_some, front_line_share, leaders_share, women_share)
ENDS: Any = Fork("outcome", ((Outcome.DONE, S.COMPUTED), (Outcome.TIED, S.TIED), (Outcome.INFEASIBLE, S.INFEASIBLE)))
_OPEN = (S.DRAFTING, S.COMPUTED, S.TIED, S.INFEASIBLE, S.RETURNED)

WALK = Walk(
    SeatPlan,
    PlanEvent,
    "plan",
    view=may.VIEW,
    rows=(
        Row("settle", _("改设置"), _OPEN, S.DRAFTING, may.KEEP),
        Row("freeze", _("冻结人数"), _OPEN, S.DRAFTING, may.KEEP),
        Row("compute", _("测算"), _OPEN, ENDS, may.KEEP, BEFORE_COMPUTING),
        Row("vote_ties", _("登记表决的次序"), (S.TIED,), ENDS, may.KEEP, BEFORE_COMPUTING),
        Row("draw_ties", _("登记抽签"), (S.TIED,), ENDS, may.KEEP, BEFORE_COMPUTING),
        Row("submit", _("报上级审批"), (S.COMPUTED,), S.SUBMITTED, may.SUBMIT, BEFORE_SUBMITTING, ("above",)),
        Row("take_back", _("收回"), (S.SUBMITTED,), S.COMPUTED, may.SUBMIT),
        Row("approve", _("批准"), (S.SUBMITTED,), S.APPROVED, may.APPROVE, (approval_named,), ("keepers",)),
        Row("return", _("退回"), (S.SUBMITTED,), S.RETURNED, may.APPROVE, (), ("keepers",)),
        Row("publish", _("公布"), (S.APPROVED,), S.PUBLISHED, may.PUBLISH),
        Row("count_named", _("登记提名人数"), (S.APPROVED, S.PUBLISHED), None, may.KEEP),
        Row("order_asked", _("登记先请的次序"), (S.COMPUTED, S.APPROVED, S.PUBLISHED), None, may.KEEP),
        Row("supersede", _("由新方案代替"), (S.PUBLISHED,), S.SUPERSEDED, may.PUBLISH),
        Row("drop", _("作废"), _OPEN, S.DROPPED, may.KEEP),
    ),
)
