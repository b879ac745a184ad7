"""The result of a poll with its denominators: should attend 应到, signed 签到, cards given 发卡, ballots 投票."""

import datetime as dt
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxi.commons.rulebook import Check, applies, rule

from ..models import Blob, Entry, Item, Poll
from ..terms import EntryKind, Kind, Part, Verdict
from .roll import voters


@dataclass(frozen=True, slots=True)
class Base:
    """What a percentage is of."""

    key: str
    label: str
    of: str
    n: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A number of votes, with its share of each base as text."""

    label: str | Promise
    n: int
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A motion, an option or a name with its marks. `check`: what the rule says, where one applies."""

    number: int
    text: str
    marks: tuple[Mark, ...]
    written_in: bool = False
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as pages show it. `present`: the check of the attendance, where a rule asks for one."""

    bases: tuple[Base, ...]
    lines: tuple[Line, ...]
    blank: Mark | None
    present: Check | None
    most: int

    @property
    def against(self) -> list[Base]:
        """The bases of the percentages."""
        return [base for base in self.bases if base.key != "given"]

    @property
    def checks(self) -> list[Check]:
        """The attendance first, then each line."""
        found = [self.present] if self.present else []
        return found + [line.check for line in self.lines if line.check]

    @property
    def written_in(self) -> list[Line]:
        return [line for line in self.lines if line.written_in]

    @property
    def asked(self) -> list[Line]:
        return [line for line in self.lines if not line.written_in]


def percent(n: int, of: int) -> str:
    """45.2%; a line where there is nothing to divide by."""
    if not of:
        return "—"
    tenths = (Fraction(n * 1000, of) + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}%"


def figures_of(poll: Poll) -> list[list[int]] | None:
    """The figures of the archive's result, question by question; None before the count."""
    payload = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.RESULT).values_list("payload", flat=True).first()
    if not payload:
        return None
    text = Blob._base_manager.filter(poll=poll.pk, hash=payload).values_list("text", flat=True).get()
    found: list[list[int]] = json.loads(bytes(text))["result"]
    return found


def bases_of(poll: Poll) -> tuple[Base, ...]:
    """The denominators, as far as they are known."""
    named: tuple[tuple[str, str, str, int | None], ...] = (
        ("should", _("应到"), pgettext("占", "应到"), voters(poll)),
        ("attended", pgettext("人数", "签到"), pgettext("占", "签到"), poll.attended),
        ("given", _("发卡"), "", poll.cards_given),
        ("cast", pgettext("人数", "投票"), pgettext("占", "投票"), poll.ballots),
    )
    return tuple(Base(key, label, of, n) for key, label, of, n in named if n is not None)


def day_of(poll: Poll) -> dt.date:
    """The day of the vote, by which rules are read: the one on which it was opened, else the one planned."""
    if poll.stamp:
        return dt.datetime.fromtimestamp(poll.stamp, tz=dt.UTC).astimezone().date()
    return poll.opens_on or poll.created_at.date()


def result(poll: Poll) -> Shown | None:
    """None before the count. Three queries. For a poll that came through the door."""
    figures = figures_of(poll)
    if figures is None:
        return None
    bases = bases_of(poll)
    against = [base for base in bases if base.key != "given"]
    items = list(Item._base_manager.filter(poll=poll.pk).order_by("part", "number"))
    asked = [one for one in items if one.part == Part.ITEM]
    roster = [one for one in items if one.part == Part.ROSTER]

    def mark(label: str | Promise, n: int) -> Mark:
        return Mark(label, n, tuple(percent(n, base.n) for base in against))

    def three(yes: int, no: int) -> tuple[Mark, ...]:
        return (mark(_("赞成"), yes), mark(_("反对"), no), mark(_("弃权"), poll.ballots - yes - no))

    blank = None
    lines: list[Line]
    if poll.kind == Kind.CHOICE:
        row = figures[0]
        extra = len(row) - len(asked)
        blank = mark(_("都不选"), row[0]) if extra else None
        lines = [Line(one.number, one.text, (mark(_("选择"), n),)) for one, n in zip(asked, row[extra:], strict=True)]
    elif poll.kind == Kind.CANDIDATES:
        each = figures[1 : len(asked) + 1]
        lines = [Line(one.number, one.text, three(*row)) for one, row in zip(asked, each, strict=True)]
        lines += [
            Line(one.number, one.text, (mark(_("另选"), n),), written_in=True)
            for one, n in zip(roster, figures[0][len(asked) :], strict=True)
        ]
    else:
        lines = [
            Line(one.number, one.text, three(row[0], row[1]), check=_passed(poll, one, row[0]))
            for one, row in zip(asked, figures, strict=True)
        ]
    return Shown(bases, tuple(lines), blank, _present(poll), poll.most)


@applies("B-07", where=gettext_lazy("无记名投票的结果"))
def _present(poll: Poll) -> Check | None:
    """Without half of them there, nothing can be put to the vote."""
    if poll.rule != Verdict.MEETING:
        return None
    law, should, there = rule("B-07", on=day_of(poll), at=poll.unit), voters(poll), poll.attended or 0
    least = law.parameter("present").value
    return Check(
        law,
        _("到会不少于应到会%(n)d人的%(share)s") % {"n": should, "share": law.parameter("present").text},
        _("签到%(n)d人") % {"n": there},
        there >= least * should,
        label=_("到会人数"),
    )


def _passed(poll: Poll, item: Any, favour: int) -> Check | None:
    if poll.rule != Verdict.MEETING:
        return None
    law, should = rule("B-07", on=day_of(poll), at=poll.unit), voters(poll)
    share = law.parameter("passed")
    enough = (poll.attended or 0) >= law.parameter("present").value * should
    return Check(
        law,
        _("赞成超过应到会%(n)d人的%(share)s") % {"n": should, "share": share.text},
        _("赞成%(n)d人") % {"n": favour} if enough else _("赞成%(n)d人，但到会人数不够") % {"n": favour},
        enough and favour > share.value * should,
        label=item.text,
    )
