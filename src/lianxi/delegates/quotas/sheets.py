"""Population of the electoral units from a spreadsheet 人口数导入."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.papers import sheets
from lianxi.commons.papers.kinds import Made, RowRefused, SheetKind
from lianxi.commons.papers.sheets import Column, Row
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Refusal

from . import policies, services
from .models import PlanUnit, SeatPlan
from .terms import WORKING


class FigureSheet(SheetKind):
    """Residents of each unit of a plan. Undone, the figures before it stand again."""

    name, label = "quota_population", _("名额方案的人口数")
    columns = (
        Column("plan", _("方案编号"), sheets.integer(1), aliases=("方案",), required=True, width=10, sample="1"),
        Column("unit", _("选举单位"), sheets.text(120), aliases=("单位", "社区", "名称"), required=True, width=24, sample="望槐社区"),
        Column("population", _("人口数"), sheets.integer(0, 10**8), aliases=("人口", "常住人口", "居民数"), required=True, width=12, sample="7860"),
        Column("source", _("人口数来源"), sheets.text(120), aliases=("来源",), width=30, sample="街道统计台账，2026年9月末"),
    )  # fmt: skip
    notes = (_("方案编号在方案的网址里。每行一个选举单位，名称和方案里的一样。"),)

    def may_import(self, actor: Actor) -> bool:
        return policies.KEEP.anywhere(actor)

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "unit", (values.get("plan"), values.get("unit"))

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Plans that the actor may keep and that are still worked on; units by their names in the plan."""
        plans, units = self._known(rows, actor)
        for row in rows:
            number, name = row.values.get("plan"), row.values.get("unit")
            if number and number not in plans:
                row.wrong("plan", N_("没有第%(n)d号方案，或者不由您编制。"), n=number)
            elif number and plans[number].state not in WORKING:
                row.wrong("plan", N_("第%(n)d号方案已经报出，不能再改数字。"), n=number)
            elif number and name and (number, name) not in units:
                row.wrong("unit", N_("第%(n)d号方案里没有“%(name)s”。"), n=number, name=name)

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[PlanUnit | None]:
        plans, units = self._known(rows, actor)
        parts: dict[tuple[int, str], dict[int, int]] = {}
        for row in rows:
            values = row.values
            unit = units.get((values["plan"], values["unit"]))
            if unit is None:
                raise RowRefused(
                    row.number, N_("第%(n)d号方案里没有“%(name)s”。"), n=values["plan"], name=values["unit"]
                )
            source = values.get("source") or "表格导入"
            parts.setdefault((values["plan"], source), {})[unit.pk] = values["population"]
        try:
            for (number, source), people in parts.items():
                services.set_population(plans[number], people=people, source=source, actor=actor, at=at)
        except Refusal as refused:
            raise RowRefused(rows[0].number, N_("这一行办不成：%(why)s"), why=str(refused)) from refused
        return [units[row.values["plan"], row.values["unit"]] for row in rows]

    def obstacles(self, made: Made) -> Iterable[tuple[str, dict[str, Any]]]:
        """A plan that was submitted meanwhile stands in the way."""
        rows = {record.pk: number for number, record in made}
        gone = PlanUnit.objects.filter(pk__in=rows).exclude(plan__state__in=WORKING).values_list("pk", flat=True)
        if found := list(gone):
            yield (
                N_("有%(n)d个单位的方案已经报出（如第%(row)d行），不能撤销。"),
                {"n": len(found), "row": min(rows[key] for key in found)},
            )

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        """The figures before the import again, as the history of each unit has them."""
        parts: dict[int, dict[int, int | None]] = {}
        for _number, record in made:
            unit = PlanUnit.objects.get(pk=record.pk)
            past: Any = unit.events  # type: ignore[attr-defined]
            before = past.exclude(population=unit.population).order_by("-pgh_id").first()
            parts.setdefault(unit.plan_id, {})[unit.pk] = before.population if before else None
        for key, people in parts.items():
            plan = SeatPlan.objects.get(pk=key)
            services.set_population(plan, people=people, source="撤销表格导入", actor=actor, at=at)

    def _known(self, rows: Sequence[Row], actor: Actor) -> tuple[dict[int, SeatPlan], dict[tuple[int, str], PlanUnit]]:
        wanted = {row.values["plan"] for row in rows if row.values.get("plan")}
        plans = {one.pk: one for one in policies.KEEP.all(actor).filter(pk__in=wanted)}
        units = {(one.plan_id, one.name): one for one in PlanUnit.objects.filter(plan__in=plans)}
        return plans, units
