"""Whether a Party organisation is formed as the rules want: required, found, article, and what to do."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxi.commons.refusals import Text
from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from ..models import CommitteeTerm, Coverage
from ..terms import ELECTED


@dataclass(frozen=True, slots=True)
class Advised:
    """A check with what to do if it does not hold."""

    check: Check
    advice: Text = ""


def _people(n: int) -> str:
    return ngettext("党员%(n)d名", "党员%(n)d名", n) % {"n": n}


def _full(n: int) -> str:
    return ngettext("正式党员%(n)d名", "正式党员%(n)d名", n) % {"n": n}


@applies("B-01", "B-02", "B-04", where=_("单位页的组织设置检查"))
def checks(unit: Unit, *, members: int, full: int, on: dt.date) -> list[Advised]:
    """All that the rules say about the size of this organisation, and about its term."""
    found = {
        UnitKind.BRANCH: _branch,
        UnitKind.JOINT_BRANCH: _joint_branch,
        UnitKind.GENERAL_BRANCH: _general_branch,
        UnitKind.COMMITTEE: _committee,
        UnitKind.COMMUNITY: _committee,
        UnitKind.GROUP: _group,
    }.get(UnitKind(unit.kind))
    rows = found(unit, members, full, on) if found else []
    if unit.kind in ELECTED:
        rows.append(_term(unit, on))
    return rows


def _enough_full(full: int, on: dt.date) -> Advised:
    law = rule("B-01", on=on)
    return Advised(
        Check(
            law,
            _("正式党员不少于%(n)d名") % {"n": law.value},
            _full(full),
            full >= int(law.value),
            label=_("够成立党支部"),
        ),
        _("和邻近、同行业的单位组成联合党支部，或者把组织关系转到邻近的党支部。"),
    )


def _branch(unit: Unit, members: int, full: int, on: dt.date) -> list[Advised]:
    law = rule("B-01", on=on)
    most = int(law.parameter("branch_max").value)
    rows = [
        _enough_full(full, on),
        Advised(
            Check(law, _("一般不超过%(n)d名") % {"n": most}, _people(members), members <= most, label=_("党支部人数")),
            _("分设党支部，或者报上级批准改设党总支。"),
        ),
    ]
    groups = rule("B-04", on=on)
    split = int(groups.parameter("split_from").value)
    if members >= split:
        formed = Unit.objects.filter(parent=unit, kind=UnitKind.GROUP, until=None).count()
        rows.append(
            Advised(
                Check(
                    groups,
                    _("人数较多（%(n)d名起）的划分党小组") % {"n": split},
                    ngettext("党小组%(n)d个", "党小组%(n)d个", formed) % {"n": formed},
                    formed > 0,
                    label=_("划分党小组"),
                ),
                _("由支部委员会研究划分，指定或者推选组长，报上级知道，不用批准。"),
            )
        )
    return rows


def _joint_branch(unit: Unit, members: int, full: int, on: dt.date) -> list[Advised]:
    law = rule("B-01", on=on)
    most = int(law.parameter("joint_units_max").value)
    covers = Coverage.objects.filter(body=unit, until=None).count()
    return [
        _enough_full(full, on),
        Advised(
            Check(
                law,
                _("覆盖一般不超过%(n)d个单位") % {"n": most},
                ngettext("%(n)d个单位", "%(n)d个单位", covers) % {"n": covers},
                0 < covers <= most,
                label=_("联合党支部覆盖"),
            ),
            _("登记覆盖的单位；超过的，拆成两个联合党支部。"),
        ),
    ]


def _general_branch(unit: Unit, members: int, full: int, on: dt.date) -> list[Advised]:
    law = rule("B-02", on=on)
    least, most = int(law.parameter("general_branch_min").value), int(law.parameter("committee_min").value)
    return [
        Advised(
            Check(
                law,
                _("%(a)d名到%(b)d名党员") % {"a": least, "b": most},
                _people(members),
                least <= members <= most,
                label=_("够设党总支"),
            ),
            _("超过的报上级批准改设党委；不足的，工作需要并经上级批准可以保留。"),
        )
    ]


def _committee(unit: Unit, members: int, full: int, on: dt.date) -> list[Advised]:
    law = rule("B-02", on=on)
    least = int(law.parameter("committee_min").value)
    return [
        Advised(
            Check(law, _("党员%(n)d名以上") % {"n": least}, _people(members), members > least, label=_("够设党委")),
            _("工作需要并经上级批准可以设；批复存档备查。"),
        )
    ]


def _group(unit: Unit, members: int, full: int, on: dt.date) -> list[Advised]:
    from lianxi.organization.members.queries import in_group

    law = rule("B-04", on=on)
    members, full = in_group(unit)
    least, one = int(law.value), int(law.parameter("full_min").value)
    return [
        Advised(
            Check(
                law,
                _("不少于%(n)d名党员，其中正式党员不少于%(f)d名") % {"n": least, "f": one},
                ngettext("党员%(n)d名，其中正式党员%(f)d名", "党员%(n)d名，其中正式党员%(f)d名", members)
                % {"n": members, "f": full},
                members >= least and full >= one,
                label=_("党小组人数"),
            ),
            _("和邻近的党小组合并，或者由支部重新划分。"),
        )
    ]


def _term(unit: Unit, on: dt.date) -> Advised:
    law = rule("E-01", on=on)
    term = CommitteeTerm.objects.filter(body=unit, ended_on=None).first()
    if term is None:
        return Advised(
            Check(law, _("登记了本届选举日期"), _("没有登记"), False, label=_("任期")),
            _("登记本届的选举日期，届满日期按规则算出。"),
        )
    return Advised(
        Check(
            law,
            _("%(day)s以前换届") % {"day": term.due},
            ngettext("已过%(n)d天", "已过%(n)d天", (on - term.due).days) % {"n": (on - term.due).days}
            if on > term.due
            else _("在任期内"),
            on <= term.due,
            label=_("任期"),
        ),
        _("报上级批准延期并尽快换届；已经换届的，登记换届日期。"),
    )
