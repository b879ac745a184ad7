"""The walk of a transfer: asked for by the branch that sends, accepted by the branch that receives, done by the sender."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.units.terms import BRANCH_KINDS
from lianxi.commons.workflow.walk import Row, Walk

from . import policies as may
from .models import Transfer, TransferStep
from .terms import CURRENT
from .terms import TransferState as S


@applies("B-05", where=_("转接组织关系"))
def goes_to_a_branch(transfer: Transfer, at: dt.datetime) -> Check:
    """Everyone belongs to a branch: what receives is one, and stands."""
    day = timezone.localtime(at).date()
    fits = transfer.target.kind in BRANCH_KINDS and transfer.target.stands(day)
    return Check(
        rule("B-05", on=day),
        _("编入一个党支部"),
        str(transfer.target) if fits else _("“%(unit)s”不是党支部，或者已经撤销") % {"unit": transfer.target},
        fits,
        label=_("接收方"),
    )


@applies("B-05", where=_("转接组织关系"))
def still_belongs_there(transfer: Transfer, at: dt.datetime) -> Check:
    """Nothing else has moved the member since."""
    member = transfer.member
    there = member.branch_id == transfer.source_id and member.standing in CURRENT
    return Check(
        rule("B-05", on=timezone.localtime(at).date()),
        _("组织关系还在“%(unit)s”") % {"unit": transfer.source},
        str(member.branch) if member.standing in CURRENT else member.get_standing_display(),
        there,
        label=_("转出方"),
    )


def day_fits(transfer: Transfer, at: dt.datetime) -> Check:
    """The day of moving is not before the present affiliation, and not to come."""
    today = timezone.localtime(at).date()
    current = transfer.member.affiliations.filter(until=None).first()
    since = current.since if current else today
    moved = transfer.moved_on
    return Check(
        rule("B-05", on=today),
        _("转接日期在%(since)s到%(today)s之间") % {"since": since, "today": today},
        str(moved) if moved else _("没有写日期"),
        moved is not None and since <= moved <= today,
        label=_("转接日期"),
    )


WALK = Walk(
    Transfer,
    TransferStep,
    "transfer",
    view=may.VIEW_TRANSFER,
    rows=(
        Row("accept", _("同意接收"), (S.REQUESTED,), S.ACCEPTED, may.RECEIVE, (goes_to_a_branch, still_belongs_there)),
        Row("refuse", _("不同意接收"), (S.REQUESTED,), S.REFUSED, may.RECEIVE),
        Row(
            "complete",
            _("办结转出"),
            (S.ACCEPTED,),
            S.DONE,
            may.SEND,
            (goes_to_a_branch, still_belongs_there, day_fits),
        ),
        Row("withdraw", _("撤回"), (S.REQUESTED, S.ACCEPTED), S.WITHDRAWN, may.SEND),
    ),
)
