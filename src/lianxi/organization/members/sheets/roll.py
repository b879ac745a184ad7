"""The members' roll as an office has it in a spreadsheet: read, mended or named row by row, applied whole, undone whole."""

import datetime as dt
import difflib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar, Final

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.journal.because import because
from lianxi.commons.papers.kinds import Made, SheetKind, built_on, remove
from lianxi.commons.papers.sheets import Column, Row, boolean, choice, date, identity, phone, text
from lianxi.commons.papers.sheets import name as person_name
from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS
from lianxi.engines import codes

from .. import policies
from ..checks import wrong_items
from ..models import Affiliation, Member, Probation
from ..services.registering import probation_end
from ..terms import NATIONALITIES, Kind, Sex, Standing, WayIn

FIRST: Final = dt.date(1900, 1, 1)

_EDUCATION: Final = {
    "博士研究生": "11", "硕士研究生": "14", "大学本科": "21", "大学专科": "31", "中等专科": "41", "技工学校": "47",
    "普通高中": "61", "初中": "71", "小学": "81", "其他": "90",
}  # fmt: skip
_EDUCATION_TOO: Final = {
    "博士": "11", "研究生": "14", "硕士": "14", "本科": "21", "大学": "21", "大专": "31", "专科": "31", "高职": "31",
    "中专": "41", "技校": "47", "中技": "47", "高中": "61", "初中毕业": "71", "文盲": "90", "半文盲": "90",
}  # fmt: skip

UNKNOWN_BRANCH = N_("没有“%(name)s”这个党支部，或者不归您管。")
NEAREST_BRANCH = N_("没有“%(name)s”这个党支部。是不是“%(nearest)s”？")
SAME_NAME = N_("有%(n)d个党支部叫“%(name)s”。请写成“上级/支部”，如“%(example)s”。")
ON_RECORD = N_("已经登记过：编号%(number)s，%(branch)s。")
FROM_IDENTITY = N_("按身份证号填上：%(value)s。")
WHICH_KIND = N_("没有写人员类别，也没有转正日期：是正式党员还是预备党员？")
FROM_FULL_DAY = N_("有转正日期，按正式党员。")
CHANGED = N_("导入的登记里有%(n)d条后来改过（如第%(row)d行），不能撤销。")


TOUCHED: Final = """
SELECT DISTINCT pgh_obj_id FROM members_memberevent WHERE pgh_obj_id = ANY(%(members)s) AND pgh_label = 'update'
UNION SELECT member_id FROM members_affiliation WHERE member_id = ANY(%(members)s) AND until IS NOT NULL
"""
"""Members changed or moved since; one array for all, as thousands of placeholders take longer to write than to answer."""


class MemberSheet(SheetKind):
    """党员名册. Columns are the sixteen items; ID and phone are read as text."""

    name: ClassVar[str] = "members"
    label = _("党员名册")
    columns = (
        Column("name", _("姓名"), person_name(60), ("党员姓名",), required=True, width=12, sample="周望舒"),
        Column(
            "identity", _("身份证号"), identity(), ("公民身份号码", "身份证号码", "证件号码", "身份证"), required=True,
            width=22, sample="99900119800506003X", as_text=True, formula="refuse", mask="identity",
        ),
        Column("sex", _("性别"), choice({"男": "1", "女": "2"}, {"男性": "1", "女性": "2", "1": "1", "2": "2"}), width=6, sample="男", choices=("男", "女")),
        Column(
            "nationality", _("民族"),
            choice({word: code for code, word in NATIONALITIES.items()},
                   {word.removesuffix("族"): code for code, word in NATIONALITIES.items() if len(word) > 2} | {"汉": "01", **{code: code for code in NATIONALITIES}}),
            width=10, sample="汉族",
        ),
        Column("born_on", _("出生日期"), date(first=FIRST), ("出生年月日", "生日", "出生"), width=12, sample="1980-05-06"),
        Column("education", _("学历"), choice(_EDUCATION, _EDUCATION_TOO), ("文化程度", "最高学历"), width=12, sample="大学本科", choices=tuple(_EDUCATION)),
        Column(
            "kind", _("人员类别"), choice({"正式党员": "01", "预备党员": "02"}, {"正式": "01", "预备": "02", "中共党员": "01", "中共预备党员": "02"}),
            ("党员类别", "类别"), width=12, sample="正式党员", choices=("正式党员", "预备党员"),
        ),
        Column("branch", _("所在党支部"), text(120), ("党支部", "所在支部", "支部", "组织关系所在支部", "所属党支部"), required=True, width=30, sample="望槐社区第一党支部"),
        Column("joined_on", _("入党日期"), date(first=FIRST), ("入党时间", "加入党组织日期", "加入中共组织日期"), required=True, width=12, sample="2005-07-01"),
        Column("full_on", _("转正日期"), date(first=FIRST), ("转正时间", "转为正式党员日期"), width=12, sample="2006-07-01"),
        Column("work", _("工作岗位"), text(60), ("岗位", "职务", "工作单位及职务", "单位职务"), width=16, sample="教师"),
        Column("phone", _("电话"), phone(), ("手机", "手机号", "手机号码", "联系电话", "联系方式"), width=14, sample="13900000001", as_text=True, mask="phone"),
        Column("address", _("家庭住址"), text(120), ("住址", "现居住地", "家庭地址", "居住地址"), width=30, sample="望槐路12号", mask="address"),
        Column("standing", _("党籍状态"), choice({"正常": "normal", "停止党籍": "suspended"}, {"停止": "suspended"}), width=10, sample="正常", choices=("正常", "停止党籍")),
        Column("lost", _("失去联系"), boolean(), ("是否失联", "是否失联党员", "失联", "失联党员"), width=8, sample="否", choices=("是", "否")),
        Column("mobile", _("流动党员"), boolean(), ("是否流动", "是否流动党员", "流动"), width=8, sample="否", choices=("是", "否")),
    )  # fmt: skip
    notes = (
        _("党支部写名称；有同名的写“上级/支部”。"),
        _("性别、出生日期不填，按身份证号填；填了的要和身份证号一致。"),
        _("只有这十六项，别的列不读。"),
    )
    owns = (Affiliation, Probation)
    _known_branches: tuple[tuple[Actor, dt.datetime], "Branches"] | None = None

    def may_import(self, actor: Actor) -> bool:
        return policies.IMPORT.anywhere(actor)

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "identity", values.get("identity")

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Fill in what the ID says, find branches, and name what is wrong or on record already."""
        day = timezone.localtime(at).date()
        branches = self._branches(actor, at)
        known = _known(rows)
        for row in rows:
            _fill(row)
            branches.find(row)
            _judge(row, day)
            held = known.get(row.values.get("identity") or "")
            if held is not None:
                row.duplicate("identity", ON_RECORD, number=held.number, branch=str(held.branch))

    def _branches(self, actor: Actor, at: dt.datetime) -> "Branches":
        """The branches as one job meets them: looked up once for all its rows."""
        known = self._known_branches
        if known is None or known[0] != (actor, at):
            known = self._known_branches = (actor, at), Branches(actor, timezone.localtime(at).date())
        return known[1]

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[models.Model | None]:
        """Persons, members, affiliations and probations of the rows, each in one statement."""
        day = timezone.localtime(at).date()
        with because(actor, str(self.label)):
            persons = Person.objects.bulk_create(
                Person(name=row.values["name"], phone=row.values.get("phone") or "") for row in rows
            )
            members = Member.objects.bulk_create(
                _member(row, person) for row, person in zip(rows, persons, strict=True)
            )
            Affiliation.objects.bulk_create(
                Affiliation(
                    member=member,
                    unit_id=member.branch_id,
                    since=day,
                    way_in=WayIn.IMPORTED,
                )
                for row, member in zip(rows, members, strict=True)
            )
            Probation.objects.bulk_create(
                Probation(member=member, since=member.joined_on, until=probation_end(member.joined_on))
                for member in members
                if member.kind == Kind.PROBATIONARY
            )
        return members

    def obstacles(self, made: Made) -> Iterable[tuple[str, dict[str, Any]]]:
        """What hangs on the members or their persons since, and entries that were changed since."""
        yield from super().obstacles(made)
        numbers = {record.pk: number for number, record in made}
        persons = {record.person_id: number for number, record in made}  # type: ignore[attr-defined]
        yield from built_on(Person, persons, owned=(Member, *self.owns))
        with connection.cursor() as cursor:
            cursor.execute(TOUCHED, {"members": list(numbers)})
            touched = [key for (key,) in cursor.fetchall()]
        if touched:
            yield CHANGED, {"n": len(touched), "row": min(numbers[key] for key in touched)}

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        """Members with what they own, then their persons."""
        super().undo(made, actor=actor, at=at)
        remove(Person, "id", [record.person_id for _number, record in made])  # type: ignore[attr-defined]


class Branches:
    """The branches in which the actor may register, by every way of naming them."""

    def __init__(self, actor: Actor, day: dt.date) -> None:
        units = list(
            policies.IMPORT.all(actor)
            .filter(kind__in=BRANCH_KINDS, since__lte=day)
            .exclude(until__lt=day)
            .select_related("parent")
        )
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for word in {unit.name, unit.short_name, unit.code} - {""}:
                self.by_name[_plain(word)].append(unit)
            if unit.parent:
                for above in {unit.parent.name, unit.parent.short_name} - {""}:
                    self.by_name[_plain(f"{above}/{unit.name}")].append(unit)
        self.names = {_plain(unit.name): unit.name for unit in units}
        self.nearest: dict[str, str] = {}

    def find(self, row: Row) -> None:
        """Put the branch's key into the row, or say why it cannot be found."""
        said = row.values.get("branch")
        if not said:
            return
        found = self.by_name.get(_plain(said), [])
        if len(found) == 1:
            row.values["branch_id"] = found[0].pk
        elif found:
            parent = found[0].parent
            example = f"{parent.brief if parent else ''}/{found[0].name}"
            row.wrong("branch", SAME_NAME, n=len(found), name=said, example=example)
        elif nearest := self._nearest(said):
            row.wrong("branch", NEAREST_BRANCH, name=said, nearest=nearest)
        else:
            row.wrong("branch", UNKNOWN_BRANCH, name=said)

    def _nearest(self, said: str) -> str:
        if said not in self.nearest:
            close = difflib.get_close_matches(_plain(said), self.names, n=1, cutoff=0.6)
            self.nearest[said] = self.names[close[0]] if close else ""
        return self.nearest[said]


def _plain(text: str) -> str:
    return "".join(text.split()).replace("中共", "").casefold()


def _known(rows: Sequence[Row]) -> dict[str, Member]:
    """ID → the member on record with it."""
    asked = {blind(one): one for row in rows if (one := row.values.get("identity"))}
    found = Member.objects.filter(identity_is__in=list(asked)).exclude(standing=Standing.MERGED)
    return {asked[bytes(member.identity_is)]: member for member in found.select_related("branch")}


def _fill(row: Row) -> None:
    """What the ID and the day of becoming full say, where the sheet says nothing."""
    values = row.values
    read = codes.identity(values.get("identity") or "")
    if read.problem is None:
        if not values.get("sex"):
            values["sex"] = read.sex
            row.mended("sex", FROM_IDENTITY, value=str(Sex(read.sex).label))
        if not values.get("born_on"):
            values["born_on"] = read.birth
            row.mended("born_on", FROM_IDENTITY, value=str(read.birth))
    if not values.get("kind"):
        if values.get("full_on"):
            values["kind"] = Kind.FULL
            row.mended("kind", FROM_FULL_DAY)
        elif not any(note.level == "wrong" and note.column in ("kind", "full_on") for note in row.notes):
            row.wrong("kind", WHICH_KIND)
    values.setdefault("full_on", None)


def _judge(row: Row, day: dt.date) -> None:
    faulty = {note.column for note in row.notes if note.level == "wrong"}
    asked = {key: value for key, value in row.values.items() if key not in faulty and key != "phone"}
    if not asked.get("identity"):
        asked.pop("identity", None)
    for column, (msgid, facts) in wrong_items(asked, on=day).items():
        if column not in faulty:
            row.wrong(column, msgid, **facts)


def _member(row: Row, person: Person) -> Member:
    values = row.values
    return Member(
        person=person,
        branch_id=values["branch_id"],
        sex=values["sex"],
        identity=values["identity"],
        nationality=values.get("nationality") or "01",
        born_on=values["born_on"],
        education=values.get("education") or "",
        kind=values["kind"],
        joined_on=values["joined_on"],
        full_on=values.get("full_on"),
        work=values.get("work") or "",
        address=values.get("address") or "",
        standing=values.get("standing") or Standing.NORMAL,
        lost=bool(values.get("lost")),
        mobile=bool(values.get("mobile")),
    )
