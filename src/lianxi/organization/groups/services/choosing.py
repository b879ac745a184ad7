"""Members choose 自愿选择, the organisation designates 组织指定, leaders are named."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotOpenFromHere, NotPermitted, Text
from lianxi.organization.members.terms import Kind

from .. import policies
from ..models import Participant, Round, RoundGroup, Seat
from ..queries.roll import before_this_slip
from ..terms import Answer, LeaderWay, State
from ..workflow import WALK


@transaction.atomic
def choose(person: Participant, *, wishes: Sequence[int], actor: Actor, at: dt.datetime) -> Participant:
    """交志愿 on the phone: groups by key, the best first; none at all is 不填志愿. May be done again until the lists close.

    Raises NotPermitted, NotOpenFromHere, BadInput (wishes → sentence).
    """
    if not policies.CHOOSE.may(actor, person):
        raise NotPermitted(open_to=[policies.oneself.says])
    return _answered(person, wishes, Answer.PHONE, actor, at)


@transaction.atomic
def enter_slip(person: Participant, *, wishes: Sequence[int], actor: Actor, at: dt.datetime) -> Participant:
    """录入纸质志愿单. The later answer holds, whichever way it came."""
    if not policies.ROLL.may(actor, person):
        raise NotPermitted(open_to=[policies.keeps_roll.says])
    return _answered(person, wishes, Answer.PAPER, actor, at)


@transaction.atomic
def take_back_slip(person: Participant, *, reason: str, actor: Actor, at: dt.datetime) -> Participant:
    """撤回录入: a slip entered for the wrong member, or wrongly. What the member had answered before holds again.

    Raises NotPermitted, NotOpenFromHere, BadInput.
    """
    WALK.take("take_back_slip", person.round, actor=actor, at=at, reason=reason.strip(), facts={"who": person.pk})
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    now = Participant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if now.answer != Answer.PAPER:
        raise NotOpenFromHere(_("这名党员现在的志愿不是录入的纸质单，没有可撤回的。"), state=person.round.state)
    for name, value in before_this_slip(now).items():
        setattr(now, name, value)
    with because(actor, reason):
        now.save()
    return now


def _answered(person: Participant, wishes: Sequence[int], how: str, actor: Actor, at: dt.datetime) -> Participant:
    # Shared: members do not wait for one another, but closing waits for them and they for it.
    record = Round.objects.raw("SELECT * FROM groups_round WHERE id = %s FOR SHARE", [person.round_id])[0]
    now = Participant.objects.select_for_update(of=("self",)).select_related("designated").get(pk=person.pk)
    if record.state != State.OPEN:
        raise NotOpenFromHere(
            _("选组已经停止，志愿不能再改。") if record.state != State.DRAFTING else "", state=record.state
        )
    if at >= record.closes_at and how == Answer.PHONE:
        raise NotOpenFromHere(_("已经过了停止选组的时间，志愿不能再改。"), state=record.state)
    if now.designated is not None:
        raise BadInput({"wishes": _("组织已经指定到“%(group)s”，不用填志愿。") % {"group": now.designated}})
    keys = list(wishes)
    open_to = set(
        RoundGroup.objects.filter(round=record, shut=False)
        .filter(**({} if record.functional else {"branch": now.branch_id}))
        .values_list("pk", flat=True)
    )
    if len(set(keys)) < len(keys):
        raise BadInput({"wishes": _("同一个小组填了两次。")})
    if len(keys) > record.wishes_most:
        raise BadInput({"wishes": _("最多填%(n)d个志愿。") % {"n": record.wishes_most}})
    if not open_to.issuperset(keys):
        raise BadInput({"wishes": _("有一个小组不在可选的范围里。")})
    now.wishes, now.answer, now.answered_at = keys, how, at
    now.entered_by = "" if how == Answer.PHONE else actor.name
    with because(actor):
        now.save()
    return now


@transaction.atomic
def designate(person: Participant, *, group: RoundGroup, reason: str, actor: Actor, at: dt.datetime) -> Participant:
    """组织指定, with a reason that the member is told. Raises NotPermitted, NotOpenFromHere, BadInput."""
    WALK.take(
        "designate",
        person.round,
        actor=actor,
        at=at,
        reason=reason.strip(),
        facts={"who": person.pk, "group": group.name},
    )
    wrong: dict[str, Text] = {}
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句指定的理由，会告诉本人。")
    if group.round_id != person.round_id or (not person.round.functional and group.branch_id != person.branch_id):
        wrong["group"] = _("“%(group)s”不是这名党员可以编入的小组。") % {"group": group}
    if wrong:
        raise BadInput(wrong)
    now = Participant.objects.select_for_update().get(pk=person.pk)
    now.designated, now.designated_reason = group, reason.strip()[:200]
    with because(actor, reason):
        now.save()
    return now


@transaction.atomic
def undesignate(person: Participant, *, reason: str, actor: Actor, at: dt.datetime) -> Participant:
    """撤回指定: the member chooses again. Whoever was to lead that group does not lead it any more."""
    WALK.take("undesignate", person.round, actor=actor, at=at, reason=reason.strip(), facts={"who": person.pk})
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    now = Participant.objects.select_for_update().get(pk=person.pk)
    now.designated, now.designated_reason = None, ""
    with because(actor, reason):
        now.save()
        RoundGroup.objects.filter(round=person.round_id, leader=now).update(leader=None, leader_way="")
    return now


@transaction.atomic
def name_leader(group: RoundGroup, *, leader: Participant, way: str, actor: Actor, at: dt.datetime) -> RoundGroup:
    """定组长: designated by the branch, or recommended by the group's members (B-04).

    Before the plan a leader designated by the branch is designated to the group too; afterwards he or she belongs to it.
    Raises BadInput, Blocked, NotPermitted, NotOpenFromHere.
    """
    record = group.round
    wrong: dict[str, Text] = {}
    if leader.round_id != group.round_id or (not record.functional and leader.branch_id != group.branch_id):
        wrong["leader"] = _("“%(who)s”不在这个小组的党支部里。") % {"who": leader}
    elif leader.kind != Kind.FULL:
        wrong["leader"] = _("预备党员不能当组长（B-04）。")
    placed = record.state in (State.PLACED, State.OBJECTIONS)
    if placed and not Seat.objects.filter(participant=leader, group=group).exists():
        wrong["leader"] = _("“%(who)s”没有编在这个小组。") % {"who": leader}
    if not placed and way == LeaderWay.RECOMMENDED:
        wrong["way"] = _("编好组以后，小组党员才能推荐组长。")
    if wrong:
        if not policies.KEEP.may(actor, record):
            raise NotPermitted(open_to=[policies.keeps.says])
        raise BadInput(wrong)
    group.leader, group.leader_way = leader, way
    with because(actor):
        group.save()
        if not placed and leader.designated_id != group.pk:
            designate(leader, group=group, reason=str(_("担任组长")), actor=actor, at=at)
    WALK.take("name_leader", record, actor=actor, at=at, facts={"who": leader.pk, "group": group.name, "way": way})
    return group
