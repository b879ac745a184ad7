"""Voices from a spreadsheet 表格导入: each row is raised by the same service as on the pages."""

import datetime as dt
import random
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.papers import sheets
from lianxi.commons.papers.kinds import Made, RowRefused, SheetKind
from lianxi.commons.papers.sheets import Column, Row
from lianxi.commons.permissions import NOBODY, Actor
from lianxi.commons.refusals import BadInput, Refusal
from lianxi.commons.units.models import Unit

from . import policies, services
from .models import Voice
from .terms import Channel, Exit, Kind, State, Topic

LOT = random.SystemRandom()


class VoiceSheet(SheetKind):
    """A list of what was said by telephone or on paper. Undone, its voices end as not accepted; history is never deleted."""

    name, label = "voices", _("民情")
    columns = (
        Column("text", _("居民原话"), sheets.text(5000, lines=True), aliases=("内容", "诉求内容", "反映内容"), required=True, width=50, sample="3号院门口的路灯不亮了。"),
        Column("title", _("标题"), sheets.text(80), aliases=("事项", "诉求标题"), width=30),
        Column("place", _("社区"), sheets.text(120), aliases=("所属社区", "所在社区"), required=True, width=20, sample="望槐社区党委"),
        Column("address", _("地点"), sheets.text(200), aliases=("地址", "详细地址"), width=24, sample="望槐路12号"),
        Column("kind", _("类型"), sheets.choice({str(label): value for value, label in Kind.choices}), aliases=("诉求类型",), width=12),
        Column("topic", _("类别"), sheets.choice({str(label): value for value, label in Topic.choices}), aliases=("诉求类别",), width=12),
        Column("contact_name", _("反映人"), sheets.name(), aliases=("姓名", "联系人"), width=12, mask="name"),
        Column("phone", _("电话"), sheets.phone(), aliases=("联系电话", "手机", "手机号"), width=14, as_text=True, mask="phone"),
        Column("accused", _("被反映的单位或人"), sheets.text(200), aliases=("被反映的单位",), width=20),
        Column("received", _("收到日期"), sheets.date(), aliases=("日期", "来电日期", "登记日期"), width=12, sample="2026-11-23"),
    )  # fmt: skip
    notes = (_("每行一件事。没写电话的按匿名登记。"), _("反映违纪违法的不要写进来，请告诉居民找纪检监察机关。"))

    def may_import(self, actor: Actor) -> bool:
        return policies.SHEET.q(actor) is not NOBODY and policies.SHEET.anywhere(actor)

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "text", values.get("text")

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Communities and units are found by name, within the area for which the actor may import."""
        places = {name: unit for unit in policies.SHEET.all(actor) for name in (unit.name, unit.short_name) if name}
        named = {str(row.values.get("accused") or "") for row in rows}
        units = {unit.name: unit for unit in Unit.objects.filter(name__in=named)}
        for row in rows:
            place, accused = row.values.get("place"), row.values.get("accused")
            if place and place not in places:
                row.wrong("place", N_("没有“%(name)s”这个社区，或不归您受理。"), name=place)
            if accused and accused not in units:
                row.info(
                    "accused", N_("没有“%(name)s”这个单位：对上是谁以前，只有受理派单的人看得到这一件。"), name=accused
                )
            received = row.values.get("received")
            if received and received > timezone.localtime(at).date():
                row.wrong("received", N_("收到日期在今天以后。"))

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[Voice | None]:
        places = {name: unit for unit in policies.SHEET.all(actor) for name in (unit.name, unit.short_name) if name}
        return [self._one(row, places, actor, at) for row in rows]

    def _one(self, row: Row, places: dict[str, Unit], actor: Actor, at: dt.datetime) -> Voice:
        values = row.values
        received = values.get("received")
        noon = dt.datetime.combine(received, dt.time(12), tzinfo=timezone.get_current_timezone()) if received else at
        accused = values.get("accused") or ""
        units = list(Unit.objects.filter(name=accused)) if accused else []
        try:
            said = services.Said(
                text=values["text"],
                title=values.get("title") or "",
                kind=values.get("kind") or Kind.HELP,
                topic=values.get("topic") or Topic.OTHER,
                place=places[values["place"]],
                address=values.get("address") or "",
                contact_name=values.get("contact_name") or "",
                phone=values.get("phone") or "",
                channel=Channel.SHEET,
                accused_units=units,
                accused_words="" if units else accused,
                received_at=min(noon, at),
            )
            return services.raise_voice(said, actor=actor, at=at, lot=LOT)[0]
        except BadInput as error:
            text = "".join(str(one) for texts in error.errors.values() for one in texts)
            raise RowRefused(row.number, N_("%(why)s"), why=text) from error
        except (Refusal, KeyError) as error:
            raise RowRefused(row.number, N_("这一行办不成：%(why)s"), why=str(error)) from error

    def obstacles(self, made: Made) -> Iterable[tuple[str, dict[str, Any]]]:
        """Voices that somebody has already taken up stand in the way."""
        rows = {record.pk: number for number, record in made}
        moved = list(Voice._base_manager.filter(pk__in=rows).exclude(state=State.RECEIVED).values_list("pk", flat=True))
        if moved:
            yield (
                N_("有%(n)d件已经受理了（如第%(row)d行），不能撤销。"),
                {"n": len(moved), "row": min(rows[key] for key in moved)},
            )

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        """End each as not accepted, with the reason: what was raised leaves a trace."""
        for _number, voice in made:
            if voice.accused_open:  # type: ignore[attr-defined]
                services.no_official(voice, reason="表格导入撤销。", actor=actor, at=at)  # type: ignore[arg-type]
            services.decline(voice, exit=Exit.REPEATED, reason="表格导入撤销。", actor=actor, at=at)  # type: ignore[arg-type]
