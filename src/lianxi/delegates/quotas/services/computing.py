"""Computing, and what decides a tie."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from .. import policies
from ..models import Calculation, PlanAim, PlanTrade, PlanUnit, SeatPlan
from ..reckoning import Reckoned, asked_of, reckon, undecided
from ..terms import Aim, Outcome, State, TieWay
from ..workflow import BEFORE_COMPUTING, WALK
from .plans import UNSETTLED, settle


def compute(plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """测算: the three steps from the frozen figures. The calculation is kept, whatever its outcome. Raises Blocked."""
    return _compute("compute", plan, {}, actor, at, seen)


def vote_ties(
    plan: SeatPlan, *, order: list[str], paper: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """登记表决的次序: names of units in the order that the body voted; whoever comes first has the open seat."""
    names = [name.strip() for name in order if name.strip()]
    units, trades = ({one.name for one in some.all()} for some in (plan.units, plan.trades))
    known = units | trades | {f"{unit}·{trade}" for unit in units for trade in trades}
    if strange := [name for name in names if name not in known]:
        raise BadInput({"order": _("没有“%(name)s”这个单位或者行业。") % {"name": strange[0]}})
    if not names or len(set(names)) != len(names):
        raise BadInput({"order": _("一行一个名称，不重复。")})
    ways = {"tie_way": TieWay.VOTED, "tie_order": names, "tie_seed": "", "tie_paper": _paper(paper)}
    trial = SeatPlan.objects.select_related("body").get(pk=plan.pk)
    trial.tie_way, trial.tie_order = TieWay.VOTED, names
    listed = list(PlanUnit.objects.filter(plan=plan)), list(PlanTrade.objects.filter(plan=plan))
    if left := undecided(asked_of(trial, *listed)) if plan.state == State.TIED else []:
        raise BadInput(
            {"order": _("这个次序还分不出%(names)s的先后，请把它们也排上。") % {"names": "、".join(left[:8])}}
        )
    return _compute("vote_ties", plan, ways, actor, at, seen)


def draw_ties(
    plan: SeatPlan, *, seed: str, paper: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """登记抽签: the seed drawn in the meeting; the order is that of SHA-256 of seed|unit|trade."""
    ways = {"tie_way": TieWay.DRAWN, "tie_order": [], "tie_seed": _seed(seed), "tie_paper": _paper(paper)}
    return _compute("draw_ties", plan, ways, actor, at, seen)


@transaction.atomic
def order_asked(
    plan: SeatPlan,
    aim: str,
    *,
    way: str,
    order: list[str] | None = None,
    seed: str = "",
    paper: str,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> SeatPlan:
    """登记先请的次序: among units that could equally be asked next for a group, by a voted list or by lot.

    The lot of a unit is SHA-256 of "seed||unit", least first. Raises BadInput.
    """
    row = PlanAim.objects.filter(plan=plan, aim=aim).first()
    if row is None:
        raise BadInput({"order": _("没有这一类的要求。")})
    names = [name.strip() for name in order or [] if name.strip()]
    known = {one.name for one in plan.units.all()}
    if way not in TieWay.values:
        raise BadInput({"way": _("请选表决还是抽签。")})
    if way == TieWay.VOTED:
        seed = ""
        if strange := [name for name in names if name not in known]:
            raise BadInput({"order": _("没有“%(name)s”这个单位。") % {"name": strange[0]}})
        if not names or len(set(names)) != len(names):
            raise BadInput({"order": _("一行一个名称，不重复。")})
    else:
        names, seed = [], _seed(seed)
    facts = {"aim": str(Aim(aim).value), "way": way, "order": names, "seed": seed}
    done = WALK.take("order_asked", plan, actor=actor, at=at, seen=seen, reason=_paper(paper), facts=facts)
    row.tie_way, row.tie_order, row.tie_seed, row.tie_paper = way, names, seed, paper.strip()
    row.save()
    return done


def _seed(seed: str) -> str:
    if not 4 <= len(seed.strip()) <= 60:
        raise BadInput({"seed": _("种子是会上抽出的4到60个字，比如依次摸出的号码。")})
    return seed.strip()


def _paper(text: str) -> str:
    if len(text.strip()) < 2:
        raise BadInput({"paper": _("请写哪次会议定的。")})
    return text.strip()


@transaction.atomic
def adopt(
    plan: SeatPlan, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None, **change: Any
) -> SeatPlan:
    """换成这组设置: a trial becomes the plan. The former calculation is kept. Raises BadInput, Blocked."""
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    done = settle(plan, actor=actor, at=at, seen=seen, reason=reason.strip(), **change)
    return compute(done, actor=actor, at=at)


@transaction.atomic
def _compute(
    verb: str, plan: SeatPlan, ways: dict[str, Any], actor: Actor, at: dt.datetime, seen: int | None
) -> SeatPlan:
    now = SeatPlan.objects.select_for_update(of=("self",)).select_related("body").get(pk=plan.pk)
    if verb == "compute":
        ways = {name: value for name, value in UNSETTLED.items() if name.startswith("tie_")}
    for name, value in ways.items():
        setattr(now, name, value)
    row = WALK.by_verb[verb]
    refused = (
        not policies.KEEP.may(actor, now) or now.state not in row.source or (seen is not None and now.version != seen)
    )
    if refused or not all(need(now, at).passed for need in BEFORE_COMPUTING):
        return WALK.take(verb, now, actor=actor, at=at, seen=seen, outcome=Outcome.DONE, current=None, **ways)
    found = reckon(asked_of(now, list(PlanUnit.objects.filter(plan=now)), list(PlanTrade.objects.filter(plan=now))))
    kept = keep(now, found, actor=actor, at=at)
    PlanAim.objects.filter(plan=now).update(tie_way="", tie_order=[], tie_seed="", tie_paper="")
    return WALK.take(
        verb, now, actor=actor, at=at, seen=seen, facts={"calculation": kept.number, "said": found.said}, outcome=found.outcome, current=kept, **ways
    )  # fmt: skip


def keep(plan: SeatPlan, found: Reckoned, *, actor: Actor, at: dt.datetime) -> Calculation:
    """Append a calculation."""
    last = Calculation.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0
    return Calculation.objects.create(
        plan=plan, number=last + 1, at=at, by_id=actor.person_id, by_name=actor.name,
        outcome=found.outcome, asked=found.asked, document=found.document, digest=found.digest,
    )  # fmt: skip
