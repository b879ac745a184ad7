"""The plan: computed from the closed lists and the drawn seed, certified, written down."""

import datetime as dt
import hashlib
import json

from django.db import transaction

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Blocked, NotPermitted
from lianxi.commons.rulebook import Check
from lianxi.engines.assignment import Infeasible, Placement, place

from .. import checks, policies
from ..models import Participant, Proof, Round, RoundGroup, Seat
from ..terms import DESIGNATED, NO_WISH, OUTSIDE, State
from ..workflow import WALK


@transaction.atomic
def place_all(record: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """编组: the best plan for the closed lists; ties by the draw. Everyone is placed, whoever said nothing too.

    Raises NotPermitted, NotOpenFromHere, Blocked (with the engine's sentence and cure if no plan keeps the sizes).
    """
    if not policies.KEEP.may(actor, record):
        raise NotPermitted(open_to=[policies.keeps.says])
    now = Round.objects.select_for_update(of=("self",)).select_related("unit").get(pk=record.pk)
    if now.state == State.DRAWN:
        _write(now, _planned(now, at))
    with because(actor):
        return WALK.take("place", now, actor=actor, at=at, seen=seen)


def _planned(record: Round, at: dt.datetime) -> Placement:
    """The plan; with "a full member in each group" as a condition only where the plain one misses it (B-04)."""
    demand, shut = checks.demand_of(record)
    try:
        plan = place(demand, rule=record.rule, seed=record.seed, closed=shut)
        if not _full_in_each(record, plan):
            demand, shut = checks.demand_of(record, full_in_each=True)
            plan = place(demand, rule=record.rule, seed=record.seed, closed=shut)
    except (Infeasible, ValueError) as stuck:
        law = checks.law(at, record)
        raise Blocked([Check(law, law.title, checks.said(stuck), passed=False, label=law.title)]) from None
    return plan


def _full_in_each(record: Round, plan: Placement) -> bool:
    full = {
        f"{number:04d}"
        for number in Participant.objects.filter(round=record, kind="01").values_list("number", flat=True)
    }
    having = {group for member, group in plan.placement.items() if member in full}
    return having >= {one.name for one in checks.open_groups(record)}


def _write(record: Round, plan: Placement) -> None:
    groups = {one.name: one for one in checks.groups_of(record)}
    last = len(plan.profile) - 1
    wished = {code: bool(asked.wishes) for code, asked in plan.demand.members.items()}
    rows = []
    for pk, number in Participant.objects.filter(round=record).order_by("number").values_list("pk", "number"):
        code = f"{number:04d}"
        group = groups[plan.placement[code]].pk
        rank = plan.rank(code)
        kept = DESIGNATED if rank == 0 else rank if rank < last else OUTSIDE if wished[code] else NO_WISH
        rows.append(
            Seat(
                participant_id=pk,
                round=record,
                best_id=group,
                group_id=group,
                best_rank=kept,
                rank=kept,
                draw=plan.numbers.get(code),
                said=checks.written(plan.why(code)),
            )
        )
    Seat.objects.bulk_create(rows)
    for one in groups.values():
        one.price = str(plan.prices.get(one.name, ""))
        one.said = checks.written(plan.of(one.name))
    RoundGroup.objects.bulk_update(groups.values(), ["price", "said"])
    text = json.dumps(plan.certificate(), ensure_ascii=False, indent=1)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Proof.objects.create(round=record, text=text, sha256=sha256, profile=list(plan.profile), ranks=last - 1)
