"""Probation (B-11): becoming full, an extension, a cancellation; and the reminder."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from lianxi.commons.rulebook import Check, applies, book, rule

from .. import policies
from ..checks import years_after
from ..models import Member, Probation
from ..notices_of import tell_of_end
from ..queries.probation import to_remind
from ..terms import Kind, Outcome, Standing, WayOut
from .leaving import end_membership


def _locked(member: Member, actor: Actor) -> tuple[Member, Probation]:
    now: Member | None = policies.EDIT.all(actor).select_for_update(of=("self",)).filter(pk=member.pk).first()
    if now is None:
        raise NotPermitted(open_to=[policies.keeps.says])
    running = Probation.objects.select_for_update().filter(member=now, ended_on=None).first()
    if running is None:
        raise BadInput({"on": _("这位党员不在预备期。")})
    return now, running


@applies("B-11", where=_("预备党员转正"))
def probation_is_over(probation: Probation, on: dt.date) -> Check:
    """What becoming full on that day needs."""
    law = rule("B-11", on=max(on, min(one.since for one in book().history("B-11"))))
    return Check(
        law,
        _("预备期满（%(day)s）以后") % {"day": probation.due},
        _("转正日期%(day)s") % {"day": on},
        on >= probation.due,
        label=_("预备期"),
    )


@transaction.atomic
def make_full(member: Member, *, on: dt.date, actor: Actor, at: dt.datetime) -> Member:
    """按期转正: the branch has voted on that day, after the probation. Raises NotPermitted, BadInput, Blocked."""
    now, running = _locked(member, actor)
    if on > timezone.localtime(at).date():
        raise BadInput({"on": _("日期还没有到。")})
    if on < running.since:
        raise BadInput({"on": _("日期不在预备期里，或者还没有到。")})
    if not (check := probation_is_over(running, on)).passed:
        raise Blocked([check])
    with because(actor, str(Outcome.FULL.label)):
        running.ended_on, running.outcome = on, Outcome.FULL
        running.save()
        now.kind, now.full_on = Kind.FULL, on
        now.save()
    return now


@applies("B-11", where=_("延长预备期"))
@transaction.atomic
def extend_probation(member: Member, *, to: dt.date, reason: str, actor: Actor, at: dt.datetime) -> Probation:
    """延长预备期: once, within the bound of B-11. Raises NotPermitted, BadInput, Blocked."""
    _now, running = _locked(member, actor)
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    law = rule("B-11", on=timezone.localtime(at).date())
    last = years_after(running.until, int(law.parameter("extension_years").value))
    once = Check(
        law, _("只能延长一次"), _("已经延长到%(day)s") % {"day": running.extended_to} if running.extended_to else _("还没有延长过"),
        running.extended_to is None, label=_("延长次数"),
    )  # fmt: skip
    within = Check(
        law, _("在%(first)s以后、%(last)s以前") % {"first": running.until, "last": last}, str(to),
        running.until < to <= last, label=_("延长到哪天"),
    )  # fmt: skip
    if missing := [check for check in (once, within) if not check.passed]:
        raise Blocked(missing)
    with because(actor, reason):
        running.extended_to, running.reminded_at = to, None
        running.save()
    return running


@transaction.atomic
def cancel_probation(member: Member, *, on: dt.date, reason: str, actor: Actor, at: dt.datetime) -> Member:
    """取消预备党员资格: the membership ends. Raises NotPermitted, BadInput."""
    now, running = _locked(member, actor)
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    if not running.since <= on <= timezone.localtime(at).date():
        raise BadInput({"on": _("日期不在预备期里，或者还没有到。")})
    with because(actor, reason):
        running.ended_on, running.outcome = on, Outcome.CANCELLED
        running.save()
        end_membership(now, on=on, standing=Standing.LEFT, way_out=WayOut.LEFT)
    return now


def remind(*, actor: Actor, at: dt.datetime) -> list[Probation]:
    """Tell the secretary and the organiser of the probations that run out soon, each once; gives these probations."""
    if not actor.job:
        raise NotPermitted
    with transaction.atomic():
        rows = list(
            to_remind(on=timezone.localtime(at).date())
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("member__person", "member__branch")
        )
        Probation.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=at)
        for one in rows:
            tell_of_end(one, day=timezone.localtime(at).date(), at=at)
    return rows
