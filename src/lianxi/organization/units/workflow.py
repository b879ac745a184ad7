"""The walk of a committee's term: running → (a shift is asked for → approved or not) → the next election."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.workflow.walk import Row, Walk

from . import policies as may
from .clock import shifted
from .models import CommitteeTerm, TermEvent
from .terms import TermState as S


@applies("E-02", where=_("请示提前或延期换届"))
def shift_within_bounds(term: CommitteeTerm, at: dt.datetime) -> Check:
    """The day asked for lies at most so far from the end of the term."""
    law = rule("E-02", on=timezone.localtime(at).date())
    years = int(law.value)
    first, last = shifted(term.until, years=-years), shifted(term.until, years=years)
    return Check(
        law,
        _("提前或者延期不超过%(n)d年，即%(first)s到%(last)s") % {"n": years, "first": first, "last": last},
        str(term.asked_for) if term.asked_for else _("没有写日期"),
        term.asked_for is not None and first <= term.asked_for <= last and term.asked_for != term.until,
        label=_("换届日期"),
    )


@applies("E-02", where=_("登记换届"))
def elected_on_time(term: CommitteeTerm, at: dt.datetime) -> Check:
    """The election lies in the month in which the term ends, or in the month approved instead."""
    law = rule("E-02", on=timezone.localtime(at).date())
    due, held = term.due, term.ended_on
    month = f"{due:%Y-%m}"
    return Check(
        law,
        _("在批准的%(month)s换届") % {"month": month}
        if term.shifted_to
        else _("在届满当月（%(month)s）换届；提前或者延期先报上级批准") % {"month": month},
        str(held) if held else _("没有写日期"),
        held is not None and (held.year, held.month) == (due.year, due.month),
        label=_("按期换届"),
    )


def approval_named(term: CommitteeTerm, at: dt.datetime) -> Check:
    """The higher organisation's paper has a number."""
    return Check(
        rule("E-02", on=timezone.localtime(at).date()),
        _("有上级批复的文号"),
        term.approval or _("没有写文号"),
        bool(term.approval.strip()),
        label=_("上级批准"),
    )


WALK = Walk(
    CommitteeTerm,
    TermEvent,
    "term",
    view=may.VIEW_TERM,
    rows=(
        Row("ask_shift", _("请示提前或延期"), (S.RUNNING,), S.SHIFT_ASKED, may.ASK_SHIFT, (shift_within_bounds,)),
        Row("approve_shift", _("批准"), (S.SHIFT_ASKED,), S.RUNNING, may.APPROVE_SHIFT, (approval_named,)),
        Row("refuse_shift", _("不批准"), (S.SHIFT_ASKED,), S.RUNNING, may.APPROVE_SHIFT),
        Row("take_back_shift", _("收回请示"), (S.SHIFT_ASKED,), S.RUNNING, may.ASK_SHIFT),
        Row("close", _("登记换届"), (S.RUNNING,), S.ENDED, may.KEEP_TERM, (elected_on_time,)),
        Row("close_late", _("补记逾期换届"), (S.RUNNING,), S.ENDED, may.APPROVE_SHIFT, (approval_named,)),
    ),
)
"""`close_late`: an election that was held out of time without approval still has to be written down; only from above."""
