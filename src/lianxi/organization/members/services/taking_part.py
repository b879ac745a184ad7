"""Signs of taking part (B-05): written down, taken back; and the alerts. Nobody is removed here: that is for the branch."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted, Text
from lianxi.commons.rulebook import applies

from .. import policies
from ..clock import quiet_months
from ..models import Member, PartAlert, TakingPart
from ..notices_of import tell_of_silence
from ..queries.taking_part import law, quiet
from ..terms import PartKind, Standing


@transaction.atomic
def take_part(members: Iterable[int], *, kind: str, on: dt.date, actor: Actor, at: dt.datetime) -> int:
    """登记参加: the members with these keys took part on that day; gives how many signs are new.

    A sign that is there already is left as it is. Raises NotPermitted if one of them is not in the actor's care (then
    nothing is written), BadInput.
    """
    wanted = set(members)
    rows = list(
        policies.PART.all(actor)
        .filter(pk__in=wanted, standing=Standing.NORMAL)
        .select_related("person")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    wrong: dict[str, Text] = {}
    if not wanted:
        wrong["members"] = _("请选是哪些人。")
    elif len(rows) != len(wanted):
        raise NotPermitted(open_to=[policies.keeps.says, policies.heads.says])
    if kind not in PartKind.values:
        wrong["kind"] = _("请选是哪一样。")
    if on > timezone.localtime(at).date():
        wrong["on"] = _("日期还没有到。")
    elif early := [str(one) for one in rows if on < one.joined_on]:
        wrong["on"] = _("早于入党日期：%(names)s。") % {"names": "、".join(early[:5])}
    if wrong:
        raise BadInput(wrong)
    known = set(TakingPart.objects.filter(member__in=wanted, kind=kind, on=on).values_list("member", flat=True))
    with because(actor, str(PartKind(kind).label)):
        made = write([(one, kind, on) for one in rows if one.pk not in known], at=at)
    return len(made)


def write(signs: Sequence[tuple[Member, str, dt.date]], *, at: dt.datetime) -> list[TakingPart]:
    """Write signs that the caller has checked and locked, in one statement; each belongs to the member's branch of now."""
    return TakingPart.objects.bulk_create(
        TakingPart(member=member, branch_id=member.branch_id, kind=kind, on=on, at=at) for member, kind, on in signs
    )


@transaction.atomic
def take_back_part(member: Member, *, sign: int, reason: str, actor: Actor, at: dt.datetime) -> None:
    """撤掉一条登记错的: the history keeps it, with the reason. Raises NotPermitted, NotFound, BadInput."""
    if not policies.PART.may(actor, member):
        raise NotPermitted(open_to=[policies.keeps.says, policies.heads.says])
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    with because(actor, reason):
        gone, _by_model = TakingPart.objects.filter(pk=sign, member=member).delete()
    if not gone:
        raise NotFound


@applies("B-05", where=_("没有参加记录的提醒"))
def alert(*, actor: Actor, at: dt.datetime) -> int:
    """Tell of members without a sign at each step of B-05, each step once; gives how many alerts.

    The secretary of the branch and the nearest organiser are told how many, the member himself or herself too. Where a
    step was slept through, only the latest is told of. Raises NotPermitted: for a job only.
    """
    if not actor.job:
        raise NotPermitted
    on = timezone.localtime(at).date()
    rules = law(on=on)
    rows = quiet(policies.PART.all(actor), on=on, months=rules.steps[0]).select_related("person", "branch")
    rows = rows.defer("identity", "address").order_by("branch_path", "pk")
    told = 0
    for _branch, part in groupby(rows.iterator(chunk_size=500), key=lambda one: one.branch_id):
        told += _alert_branch(list(part), on=on, at=at)
    return told


@transaction.atomic
def _alert_branch(members: list[Member], *, on: dt.date, at: dt.datetime) -> int:
    rules = law(on=on)
    known = set(PartAlert.objects.filter(member__in=members).values_list("member", "since", "months"))
    due: dict[int, list[Member]] = {}
    for one in members:
        since: dt.date = one.quiet_since  # type: ignore[attr-defined]
        step = rules.step(quiet_months(since, on))
        if step and (one.pk, since, step) not in known:
            due.setdefault(step, []).append(one)
    PartAlert.objects.bulk_create(
        PartAlert(member=one, since=one.quiet_since, months=step, at=at)  # type: ignore[attr-defined]
        for step, found in due.items()
        for one in found
    )
    for step, found in sorted(due.items()):
        tell_of_silence(found, months=step, full=step >= rules.full, on=on, at=at)
    return sum(len(found) for found in due.values())
