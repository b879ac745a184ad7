"""After the plan: told to the members, objected to, changed by hand, decided by the branch committee, reported."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.organization.members.models import Affiliation

from .. import checks, policies
from ..models import HandChange, Objection, Participant, Proof, Round, RoundGroup, Seat
from ..terms import DESIGNATED, NO_WISH, OUTSIDE, ObjectionState
from ..workflow import WALK
from .roll import branches_of


@transaction.atomic
def publish(
    record: Round, *, objections_until: dt.date, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Round:
    """告诉党员，征求意见 until a day, that day included. Raises BadInput, Blocked."""
    if objections_until < timezone.localtime(at).date():
        raise BadInput({"objections_until": _("最后一天不能早于今天。")})
    with because(actor):
        return WALK.take("publish", record, actor=actor, at=at, seen=seen, objections_until=objections_until)


def rank_in(person: Participant, group: RoundGroup) -> int:
    """Rank of a group among a member's wishes, as seats keep it."""
    if person.designated_id:
        return DESIGNATED if person.designated_id == group.pk else OUTSIDE
    if not person.wishes:
        return NO_WISH
    return person.wishes.index(group.pk) + 1 if group.pk in person.wishes else OUTSIDE


def place_of(rank: int, ranks: int) -> int:
    """Index of a rank in the profile [designated, 1st, …, Kth, outside]."""
    return 0 if rank == DESIGNATED else ranks + 1 if rank in (OUTSIDE, NO_WISH) else rank


@transaction.atomic
def move(
    person: Participant, *, group: RoundGroup, reason: str, actor: Actor, at: dt.datetime, asked: bool = False
) -> HandChange:
    """手工调整: put one member into another group, with a reason. What it does against the plan is kept and shown.

    `asked`: the member did, and hears of it by the answer. Raises NotPermitted, NotOpenFromHere, BadInput.
    """
    facts: dict[str, Any] = {"who": person.pk, "group": group.name} | ({"asked": True} if asked else {})
    if led := RoundGroup.objects.filter(round=person.round_id, leader=person).exclude(pk=group.pk).first():
        facts |= {"led": led.pk, "led_group": led.name}
    WALK.take("move", person.round, actor=actor, at=at, reason=reason.strip(), facts=facts)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("group").get(participant=person)
    wrong: dict[str, Any] = {}
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句调整的理由。")
    if group.round_id != person.round_id or (not person.round.functional and group.branch_id != person.branch_id):
        wrong["group"] = _("“%(group)s”不是这名党员可以编入的小组。") % {"group": group}
    elif group.pk == seat.group_id:
        wrong["group"] = _("已经在“%(group)s”。") % {"group": group}
    elif group.shut:
        wrong["group"] = _("“%(group)s”这一轮不设。") % {"group": group}
    elif Seat.objects.filter(group=group).count() >= group.hi:
        wrong["group"] = _("“%(group)s”已经满%(n)d人。先把别人调出来。") % {"group": group, "n": group.hi}
    if wrong:
        raise BadInput(wrong)
    ranks = Proof.objects.values_list("ranks", flat=True).get(round=person.round_id)
    source, rank = seat.group, rank_in(person, group)
    change = [0] * (ranks + 2)
    change[place_of(seat.rank, ranks)] -= 1
    change[place_of(rank, ranks)] += 1
    seat.group, seat.rank = group, rank
    with because(actor, reason):
        seat.save()
        RoundGroup.objects.filter(pk=source.pk, leader=person).update(leader=None, leader_way="")
        return HandChange.objects.create(
            participant=person, round_id=person.round_id, source=source, target=group, reason=reason.strip()[:200],
            change=change, at=at, by_id=actor.written_id, by_name=actor.written_name,
        )  # fmt: skip


@transaction.atomic
def object_to(
    person: Participant, *, text: str, actor: Actor, at: dt.datetime, wanted: RoundGroup | None = None
) -> Objection:
    """提意见, by the member, while opinions are asked for. Raises NotPermitted, NotOpenFromHere, BadInput."""
    if not policies.CHOOSE.may(actor, person):
        raise NotPermitted(open_to=[policies.oneself.says])
    record = WALK.take("object", person.round, actor=actor, at=at, facts={"who": person.pk})
    if record.objections_until and timezone.localtime(at).date() > record.objections_until:
        raise BadInput({"text": _("提意见的最后一天是%(day)s，已经过了。") % {"day": record.objections_until}})
    if len(text.strip()) < 2:
        raise BadInput({"text": _("请写一句意见。")})
    if wanted is not None and wanted.round_id != person.round_id:
        raise BadInput({"wanted": _("有一个小组不在可选的范围里。")})
    try:
        with transaction.atomic(), because(actor):
            return Objection.objects.create(
                participant=person, round=record, text=text.strip()[:500], wanted=wanted, at=at
            )
    except IntegrityError:
        raise BadInput({"text": _("您提的意见还在等答复。")}) from None


@transaction.atomic
def answer_objection(
    objection: Objection, *, upheld: bool, answer: str, actor: Actor, at: dt.datetime, group: RoundGroup | None = None
) -> Objection:
    """答复意见. Upheld with a group: the member is moved there, in the same act. Raises BadInput, NotPermitted."""
    if len(answer.strip()) < 2:
        raise BadInput({"answer": _("请写一句答复。")})
    record = WALK.take(
        "answer_objection", objection.round, actor=actor, at=at,
        facts={"who": objection.participant_id, "objection": objection.pk, "upheld": upheld},
    )  # fmt: skip
    now = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("participant__round__unit")
        .get(pk=objection.pk)
    )
    if now.state != ObjectionState.OPEN:
        raise BadInput({"answer": _("这条意见已经答复过。")})
    now.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    now.answer, now.answered_at, now.answered_by = answer.strip()[:300], at, actor.name
    with because(actor):
        now.save()
    if upheld and group is not None:
        move(now.participant, group=group, reason=answer.strip()[:200], actor=actor, at=at, asked=True)
    checks.forget(record)
    return now


@transaction.atomic
def confirm(
    record: Round,
    *,
    decided_on: dt.date,
    due: int,
    present: int,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> Round:
    """支委会确定: the groups come to be in the tree, and members belong to them from the day of the decision (B-04).

    The branch committee decides it and needs no approval, only a report; so no permission on the register is asked here.
    Functional groups change no membership (B-03). Raises BadInput, Blocked, NotPermitted.
    """
    today = timezone.localtime(at).date()
    wrong: dict[str, Any] = {}
    if decided_on > today:
        wrong["decided_on"] = _("支委会还没有开。")
    if present > due:
        wrong["present"] = _("实到%(present)d人，多于应到%(due)d人。") % {"present": present, "due": due}
    if wrong:
        raise BadInput(wrong)
    with because(actor, str(_("党小组编组"))):
        done = WALK.take(
            "confirm", record, actor=actor, at=at, seen=seen, decided_on=decided_on, committee_due=due,
            committee_present=present,
        )  # fmt: skip
        if not done.functional:
            _into_the_tree(done, decided_on)
    return done


def _into_the_tree(record: Round, day: dt.date) -> None:
    """Groups of the same name under the branch are kept, new ones set up, the others end; members are put into theirs."""
    groups = checks.open_groups(record)
    branches = [one.pk for one in branches_of(record.unit)]
    standing = list(Unit.objects.select_for_update().filter(parent__in=branches, kind=UnitKind.GROUP, until=None))
    known = {(one.parent_id, one.name): one for one in standing}
    kept: set[int] = set()
    for group in groups:
        unit = known.get((group.branch_id, group.name))
        if unit is None:
            unit = Unit.objects.create(parent=group.branch, kind=UnitKind.GROUP, name=group.name, since=day)
        kept.add(unit.pk)
        group.unit = unit
    RoundGroup.objects.bulk_update(groups, ["unit"])
    for group in groups:
        members = Seat.objects.filter(group=group).values("participant__member")
        Affiliation.objects.filter(member__in=members, until=None).exclude(group=group.unit).update(group=group.unit)
    for unit in standing:
        if unit.pk not in kept:
            Affiliation.objects.filter(group=unit, until=None).update(group=None)
            unit.until = max(day, unit.since)
            unit.save()


@transaction.atomic
def report(record: Round, *, number: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """报上级: the organisation above is told what the branch committee decided."""
    with because(actor):
        return WALK.take("report", record, actor=actor, at=at, seen=seen, report_number=number.strip()[:60])
