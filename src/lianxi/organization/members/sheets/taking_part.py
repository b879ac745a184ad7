"""Who took part, as a branch has it in a spreadsheet: one line for a member, a day and which of the three."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.blinding import blind
from lianxi.commons.journal.because import because
from lianxi.commons.papers.kinds import RowRefused, SheetKind
from lianxi.commons.papers.sheets import Column, Row, choice, date, identity, integer
from lianxi.commons.papers.sheets import name as person_name
from lianxi.commons.permissions import Actor

from .. import policies
from ..models import Member, TakingPart
from ..services.taking_part import write
from ..terms import PartKind, Standing
from .roll import FIRST

WHO = N_("编号和身份证号至少填一个。")
NOBODY = N_("名册里没有这名党员，或者不归您管。")
ANOTHER = N_("姓名和名册里的不一致，请核对编号或身份证号。")
NOT_YET = N_("日期还没有到。")
BEFORE_JOINING = N_("早于入党日期。")
ALREADY = N_("已经登记过。")


class PartSheet(SheetKind):
    """参加记录: dues of a month, a meeting's attendance."""

    name: ClassVar[str] = "taking_part"
    label = _("党员参加记录")
    columns = (
        Column("number", _("编号"), integer(1), ("党员编号",), width=10, sample="1"),
        Column(
            "identity", _("身份证号"), identity(), ("公民身份号码", "身份证号码", "证件号码", "身份证"), width=22,
            sample="99900119800506003X", as_text=True, formula="refuse", mask="identity",
        ),
        Column("name", _("姓名"), person_name(60), ("党员姓名",), required=True, width=12, sample="周望舒"),
        Column(
            "kind", _("哪一样"),
            choice({"参加组织生活": "activity", "交党费": "dues", "做党分配的工作": "work"},
                   {"组织生活": "activity", "党费": "dues", "工作": "work", "分配的工作": "work"}),
            ("类别", "事项"), required=True, width=16, sample="交党费", choices=("参加组织生活", "交党费", "做党分配的工作"),
        ),
        Column("on", _("日期"), date(first=FIRST), ("参加日期", "时间"), required=True, width=12, sample="2026-11-05"),
    )  # fmt: skip
    notes = (
        _("一行是一名党员、一天、一样。编号和身份证号填一个就行。"),
        _("只记哪天、哪一样；不写会议内容，不写金额。"),
    )

    def may_import(self, actor: Actor) -> bool:
        return policies.PART.anywhere(actor)

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        for name in ("number", "identity"):
            if values.get(name):
                yield name, (values[name], values.get("kind"), values.get("on"))

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Find the members, and name who is not there, and what is written down already."""
        day = timezone.localtime(at).date()
        found = _Found(rows, actor)
        known = set(TakingPart.objects.filter(member__in=found.keys).values_list("member", "kind", "on"))
        for row in rows:
            member = found.of(row)
            if member is None:
                continue
            row.values["member_id"] = member.pk
            on = row.values.get("on")
            if on and on > day:
                row.wrong("on", NOT_YET)
            elif on and on < member.joined_on:
                row.wrong("on", BEFORE_JOINING)
            elif (member.pk, row.values.get("kind"), on) in known:
                row.duplicate("on", ALREADY)

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[models.Model | None]:
        """The signs of the rows, in one statement. A member named once by number and once by ID is met here."""
        wanted = [(row.values["member_id"], row.values["kind"], row.values["on"]) for row in rows]
        taken = set(
            TakingPart.objects.filter(member__in={key for key, *_rest in wanted}).values_list("member", "kind", "on")
        )
        for row, sign in zip(rows, wanted, strict=True):
            if sign in taken:
                raise RowRefused(row.number, ALREADY)
            taken.add(sign)
        members = Member.objects.in_bulk([row.values["member_id"] for row in rows])
        with because(actor, str(self.label)):
            return write(
                [(members[row.values["member_id"]], PartKind(row.values["kind"]), row.values["on"]) for row in rows],
                at=at,
            )


class _Found:
    """The members that the rows name, among those in the actor's care."""

    def __init__(self, rows: Sequence[Row], actor: Actor) -> None:
        numbers = [one for row in rows if (one := row.values.get("number"))]
        blinds = {blind(one): one for row in rows if (one := row.values.get("identity"))}
        mine = policies.PART.all(actor).filter(standing=Standing.NORMAL).select_related("person")
        mine = mine.defer("identity", "address")
        self.by_number = {one.pk: one for one in mine.filter(pk__in=numbers)}
        self.by_identity = {blinds[bytes(one.identity_is)]: one for one in mine.filter(identity_is__in=list(blinds))}
        self.keys = [one.pk for one in (*self.by_number.values(), *self.by_identity.values())]

    def of(self, row: Row) -> Member | None:
        """The member of a row, or None once it is said why there is none."""
        values = row.values
        column = "identity" if values.get("identity") else "number"
        if not values.get(column):
            if not any(note.column in ("number", "identity") for note in row.notes):
                row.wrong("number", WHO)
            return None
        found: Member | None = (self.by_identity if column == "identity" else self.by_number).get(values[column])
        if found is None:
            row.wrong(column, NOBODY)
        elif values.get("number") and values["number"] != found.pk:
            row.wrong("number", ANOTHER)
        elif values.get("name") and values["name"] != found.person.name:
            row.wrong("name", ANOTHER)
        else:
            return found
        return None
