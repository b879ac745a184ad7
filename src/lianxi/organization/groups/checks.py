"""What must hold of a round, with figure and article (B-04, B-06); and the demand that the engine reads."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianxi.commons.rulebook import Check, Rule, applies, rule
from lianxi.commons.views.due import moment
from lianxi.engines.assignment import Bound, Demand, Group, Infeasible, Said, place
from lianxi.engines.assignment import Member as Asked
from lianxi.organization.members.terms import Kind

from .models import Objection, Participant, Round, RoundGroup, Seat
from .terms import ObjectionState

FULL = "正式党员"


def said(sentence: Any) -> str:
    """A sentence of the engine (`zh`, `en`) in the active language."""
    return str(sentence.en if (get_language() or "").startswith("en") else sentence.zh)


def written(sentences: Iterable[Said]) -> list[dict[str, Any]]:
    """Sentences as JSON keeps them."""
    return [{"code": one.code, "facts": dict(one.facts)} for one in sentences]


def read(sentences: Iterable[dict[str, Any]]) -> list[str]:
    """Kept sentences in the active language."""
    return [said(Said(one["code"], one["facts"])) for one in sentences]


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def law(at: dt.datetime, record: Round) -> Rule:
    """B-04 as the round's organisation uses it."""
    return rule("B-04", on=_day(at), at=record.unit)


def groups_of(record: Round) -> list[RoundGroup]:
    """The groups of a round, read once for all guards of a page."""
    found: list[RoundGroup] | None = record.__dict__.get("_groups")
    if found is None:
        found = list(
            RoundGroup.objects.filter(round=record).select_related("branch", "leader__member__person").order_by("pk")
        )
        record.__dict__["_groups"] = found
    return found


def open_groups(record: Round) -> list[RoundGroup]:
    return [one for one in groups_of(record) if not one.shut]


def forget(record: Round) -> None:
    """What the guards read before is not true any more."""
    for name in ("_groups", "_roll", "_sizes"):
        record.__dict__.pop(name, None)


def areas_of(record: Round) -> dict[int, str]:
    """Branch → the name of the area in which its members choose; a functional round has one area."""
    names = {one.branch_id: one.branch.name for one in groups_of(record)}
    names |= {pk: name for pk, name, *_rest in _roll(record)}
    if record.functional:
        return dict.fromkeys(names, record.unit.name)
    twice = {name for name, n in Counter(names.values()).items() if n > 1}
    return {pk: f"{name}（{pk}）" if name in twice else name for pk, name in names.items()}


def _roll(record: Round) -> list[tuple[int, str, str, int | None, int]]:
    """Branch, its name, kind, designated group, and how many such members."""
    found: list[tuple[int, str, str, int | None, int]] | None = record.__dict__.get("_roll")
    if found is None:
        found = list(
            Participant.objects.filter(round=record)
            .order_by()
            .values_list("branch", "branch__name", "kind", "designated")
            .annotate(n=Count("pk"))
        )
        record.__dict__["_roll"] = found
    return found


def demand_of(record: Round, *, wishes: bool = True, full_in_each: bool = False) -> tuple[Demand, list[str]]:
    """What the engine reads, and the groups that are left out. Names of members are their numbers in the round."""
    groups, areas = groups_of(record), areas_of(record)
    names = {one.pk: one.name for one in groups}
    bound = {FULL: Bound(least=1)} if full_in_each else {}
    asked = {}
    rows = Participant.objects.filter(round=record).order_by("number")
    for number, branch, kind, given, fixed in rows.values_list("number", "branch", "kind", "wishes", "designated"):
        asked[f"{number:04d}"] = Asked(
            areas[branch],
            tuple(names[key] for key in given if key in names) if wishes and fixed is None else (),
            names.get(fixed) if fixed else None,
            qualities=frozenset({FULL}) if full_in_each and kind == Kind.FULL else frozenset(),
        )
    shut = [one.name for one in groups if one.shut]
    laid = {one.name: Group(areas[one.branch_id], one.lo, one.hi, bound) for one in groups}
    return Demand(laid, asked, ranks=record.wishes_most), shut


@applies("B-04", where=_("党小组编组：人数排得下"))
def fits(record: Round, at: dt.datetime) -> Check:
    """Least and most sizes, designations and the number of members agree. If not: the engine's sentence and cure."""
    trouble = _trouble(record)
    total = sum(row[4] for row in _roll(record))
    least, most = sum(g.lo for g in open_groups(record)), sum(g.hi for g in open_groups(record))
    good = _("%(total)d名党员，各组合计%(least)d到%(most)d人") % {"total": total, "least": least, "most": most}
    return Check(law(at, record), _("每名党员都有一个组，各组人数在最少和最多之间"), trouble or good, not trouble, label=_("人数排得下"))  # fmt: skip


def _trouble(record: Round) -> str:
    """Why no plan keeps the sizes; empty if one does. Without barred members the sums decide, so the engine is asked only for words."""
    areas = areas_of(record)
    members, full, least, most = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    fixed = Counter[int]()
    for branch, _name, kind, group, n in _roll(record):
        members[areas[branch]] += n
        full[areas[branch]] += n if kind == Kind.FULL else 0
        if group:
            fixed[group] += n
    count = Counter[str]()
    for one in open_groups(record):
        area = areas[one.branch_id]
        count[area] += 1
        least[area] += max(one.lo, fixed[one.pk])
        most[area] += one.hi
    if not members:
        return _("名单上还没有党员")
    over = any(fixed[one.pk] > (0 if one.shut else one.hi) for one in groups_of(record))
    if not over and all(least[a] <= members[a] <= most[a] for a in {*members, *least}):
        lacks = [a for a in count if full[a] < count[a]]
        return _("%(where)s的正式党员比小组少") % {"where": lacks[0]} if lacks else ""
    try:
        demand, shut = demand_of(record, wishes=False)
        place(demand, closed=shut)
    except Infeasible as stuck:
        return said(stuck)
    except ValueError as refused:
        return said(refused)
    return ""


@applies("B-04", where=_("党小组编组：设组"))
def groups_for_all(record: Round, at: dt.datetime) -> Check:
    """Every branch with members on the roll has a group to go to."""
    having = {one.branch_id for one in open_groups(record)}
    without = {name for pk, name, *_rest in _roll(record) if pk not in having}
    if record.functional:
        without = set() if having else {record.unit.name}
    n = len(open_groups(record))
    found = _("%(where)s还没有小组") % {"where": "、".join(sorted(without)[:3])} if without else ngettext("%(n)d个小组", "%(n)d个小组", n) % {"n": n}  # fmt: skip
    return Check(law(at, record), _("每个党支部至少设一个小组"), found, bool(n) and not without, label=_("设了小组"))


@applies("B-04", where=_("党小组编组：最少人数"))
def sizes_lawful(record: Round, at: dt.datetime) -> Check:
    """No group may be planned below the least size of the article."""
    found = law(at, record)
    small = [one.name for one in open_groups(record) if one.lo < found.value]
    words = _("不够的：%(names)s") % {"names": "、".join(small[:5])} if small else _("都够")
    return Check(found, _("每组最少不低于%(n)d人") % {"n": found.value}, words, not small, label=_("最少人数"))


@applies("B-04", where=_("党小组编组：小组会"))
def meets_enough(record: Round, at: dt.datetime) -> Check:
    """A group meets as often as the article says."""
    found = law(at, record)
    wanted = int(found.figure("meetings").value)
    seldom = [one.name for one in open_groups(record) if one.meets < wanted]
    words = _("不够的：%(names)s") % {"names": "、".join(seldom[:5])} if seldom else _("都够")
    return Check(found, _("小组会一年不少于%(n)d次") % {"n": wanted}, words, not seldom, label=_("小组会"))


def leaders_may_lead(record: Round, at: dt.datetime) -> Check:
    """Nobody on probation leads."""
    wrong = [one.name for one in open_groups(record) if one.leader and one.leader.kind != Kind.FULL]
    words = _("组长是预备党员：%(names)s") % {"names": "、".join(wrong)} if wrong else _("没有预备党员")
    return Check(law(at, record), _("预备党员不能当组长"), words, not wrong, label=_("组长是正式党员"))


@applies("B-04", where=_("党小组编组：组长"))
def leaders_named(record: Round, at: dt.datetime) -> Check:
    """Every group has a leader, designated or recommended, who belongs to it."""
    wrong = [one.name for one in leaderless(record)]
    words = _("还没有组长或者组长不在本组：%(names)s") % {"names": "、".join(wrong[:5])} if wrong else _("都有")
    return Check(law(at, record), _("每组有组长，由支部指定或者小组党员推荐"), words, not wrong, label=_("组长"))


def leaderless(record: Round) -> list[RoundGroup]:
    """Groups of a round with a result that have no leader, or one who was moved into another group."""
    leaders = [one.leader_id for one in open_groups(record) if one.leader_id]
    homes = dict(Seat.objects.filter(participant__in=leaders).values_list("participant", "group")) if leaders else {}
    return [one for one in open_groups(record) if one.leader_id is None or homes.get(one.leader_id) != one.pk]


@applies("B-04", where=_("党小组编组：编好的小组"))
def groups_lawful(record: Round, at: dt.datetime) -> Check:
    """Each group as it now stands has members enough, one of them full, and keeps its own sizes."""
    found = law(at, record)
    full_min = int(found.figure("full_min").value)
    wrong = []
    sizes = sizes_now(record)
    for one in open_groups(record):
        total, full = sizes[one.pk]
        if total < max(found.value, one.lo) or total > one.hi or full < full_min:
            wrong.append(
                ngettext("%(group)s%(n)d人（正式党员%(full)d人）", "%(group)s%(n)d人（正式党员%(full)d人）", total)
                % {"group": one.name, "n": total, "full": full}
            )
    required = _("每组不少于%(n)d人，其中正式党员不少于%(full)d人，不超出本组名额") % {
        "n": found.value, "full": full_min,
    }  # fmt: skip
    return Check(found, required, "；".join(wrong[:5]) or _("都符合"), not wrong, label=_("编好的小组"))


def sizes_now(record: Round) -> dict[int, tuple[int, int]]:
    """Group → how many members now, and how many of them full."""
    known: dict[int, tuple[int, int]] | None = record.__dict__.get("_sizes")
    if known is None:
        known = defaultdict(lambda: (0, 0))
        rows = Seat.objects.filter(round=record).order_by().values("group")
        for row in rows.annotate(n=Count("pk"), full=Count("pk", filter=Q(participant__kind=Kind.FULL))):
            known[row["group"]] = (row["n"], row["full"])
        record.__dict__["_sizes"] = known
    return known


def closes_later(record: Round, at: dt.datetime) -> Check:
    """Members have time to choose."""
    return Check(
        law(at, record), _("停止选组的时间在现在以后"), moment(record.closes_at), record.closes_at > at, label=_("停止选组的时间")
    )  # fmt: skip


def time_has_come(record: Round, at: dt.datetime) -> Check:
    """Lists close at the time announced, or when everyone has answered: nobody loses the right to change before."""
    silent = Participant.objects.filter(round=record, answer="", designated=None).count()
    required = _("到了说好的时间（%(at)s），或者人人都交了志愿") % {"at": moment(record.closes_at)}
    found = ngettext("还有%(n)d人没有交", "还有%(n)d人没有交", silent) % {"n": silent} if silent else _("都交了")
    return Check(law(at, record), required, found, at >= record.closes_at or not silent, label=_("到停止的时候"))


def seed_drawn(record: Round, at: dt.datetime) -> Check:
    """The seed is long enough that nobody could have wished for it, and somebody saw it drawn."""
    text, seen = record.seed.strip(), record.witnesses.strip()
    found = _("%(n)d个字符；见证人：%(who)s") % {"n": len(text), "who": seen or _("没有写")}
    return Check(
        law(at, record), _("种子不少于4个字符，写明见证人"), found, len(text) >= 4 and bool(seen), label=_("会上抽出的种子")
    )  # fmt: skip


def objections_answered(record: Round, at: dt.datetime) -> Check:
    n = Objection.objects.filter(round=record, state=ObjectionState.OPEN).count()
    found = ngettext("还有%(n)d条", "还有%(n)d条", n) % {"n": n} if n else _("都答复了")
    return Check(law(at, record), _("党员提的意见都有答复"), found, not n, label=_("党员的意见"))


def time_to_object_over(record: Round, at: dt.datetime) -> Check:
    last = record.objections_until
    return Check(
        law(at, record),
        _("过了提意见的最后一天"),
        str(last) if last else _("没有定"),
        last is not None and _day(at) > last,
        label=_("征求意见的时间"),
    )


@applies("B-06", where=_("党小组编组：支委会决定"))
def committee_quorate(record: Round, at: dt.datetime) -> Check:
    """The branch committee that decides has enough of its members present."""
    found = rule("B-06", on=_day(at), at=record.unit)
    share = Fraction(str(found.figure("committee_present").value))
    due, present = record.committee_due or 0, record.committee_present or 0
    words = _("应到%(due)d人，实到%(present)d人") % {"due": due, "present": present}
    enough = bool(due) and Fraction(present, due) >= share and record.decided_on is not None
    return Check(found, _("支委会实到不少于应到的%(share)s") % {"share": share}, words, enough, label=_("支委会"))


def split_advised(record: Round, at: dt.datetime) -> list[RoundGroup]:
    """Groups so large that the note of B-04 advises to split them; advice, not a check."""
    most = int(law(at, record).figure("split_from").value)
    return [one for one in open_groups(record) if one.hi >= most]


ON_THE_FORM = frozenset({seed_drawn, committee_quorate})
"""What the form of the step itself asks for: it never stands in the way of opening that form."""
