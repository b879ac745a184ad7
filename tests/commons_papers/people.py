"""A kind of sheet for tests: persons with names and phones."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop as N_

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers import sheets
from lianxi.commons.papers.kinds import SheetKind
from lianxi.commons.papers.sheets import Column, Row
from lianxi.commons.permissions import Actor

ON_RECORD = N_("这个手机已经登记在%(name)s名下。")


class PeopleSheet(SheetKind):
    name, label = "test-people", "人员名单"
    columns = (
        Column("name", "姓名", sheets.name(), required=True, sample="某某某"),
        Column(
            "phone", "手机", sheets.phone(), aliases=("联系电话",), as_text=True, mask="phone", sample="13800000000"
        ),
        Column("language", "语言", sheets.choice({"中文": "zh-hans", "英文": "en"}), choices=("中文", "英文")),
        Column("since", "日期", sheets.date()),
    )

    def may_import(self, actor: Actor) -> bool:
        return actor.holds("clerk")

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "phone", values.get("phone")

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        for row in rows:
            phone = row.values.get("phone")
            known = Person.objects.filter(phone_is=phone).first() if phone else None
            if known is not None:
                row.duplicate("phone", ON_RECORD, name=known.name)

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> list[Person]:
        return [
            Person.objects.create(
                name=row.values["name"],
                phone=row.values["phone"] or "",
                language=row.values.get("language") or "zh-hans",
            )
            for row in rows
        ]
