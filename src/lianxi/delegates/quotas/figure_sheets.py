"""The figures of a plan in one sheet 单位×行业: a row for each unit, a column for each trade of the plan."""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.papers import sheets
from lianxi.commons.papers.kinds import Made, RowRefused, SheetKind
from lianxi.commons.papers.sheets import Column, Row
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Refusal

from . import policies, services
from .models import PlanTrade, PlanUnit, SeatPlan
from .terms import WORKING

_COUNT = sheets.integer(0, 10**8)
FIRST = (
    Column("unit", _("选举单位"), sheets.text(120), aliases=("单位", "社区", "街道", "名称"), required=True, width=24),
    Column("unit_en", _("英文名称"), sheets.text(160), width=20),
    Column("organizations", _("党组织数"), _COUNT, aliases=("党组织",), width=10),
    Column("population", _("人口数"), _COUNT, aliases=("人口", "常住人口", "居民数"), width=11),
    Column("members", _("党员数"), _COUNT, aliases=("党员", "党员总数"), width=10),
)
LAST = (
    Column("women", _("女党员"), _COUNT, aliases=("女党员数",), width=9),
    Column("young", _("45岁及以下"), _COUNT, width=11),
    Column("minority", _("少数民族党员"), _COUNT, aliases=("少数民族",), width=12),
    Column("on", _("人数截止日"), sheets.date(), aliases=("截止日", "截至"), required=True, width=13),
    Column("source", _("数字来源"), sheets.text(120), aliases=("来源",), required=True, width=26),
)
GROUPS = ("women", "young", "minority")


class PlanFigures(SheetKind):
    """Figures of the units of a plan. Its columns are known once it is bound to the plan (`about`)."""

    name, label = "quota_figures", _("选举单位和各行业的数字")
    columns: tuple[Column, ...] = FIRST + LAST
    notes = (
        _("一行一个选举单位。名称和方案里一样的，换成表里的数字；方案里没有的名称，是新的单位。没有写进表的单位不变。"),
        _("各行业的人数加起来就是党员数；空着的行业是0。党员数可以空着。"),
        _("每行的截止日要一样。"),
    )

    def __init__(self, plan: SeatPlan | None = None, trades: Sequence[PlanTrade] = ()) -> None:
        self.plan, self.trades = plan, list(trades)
        if plan is not None:
            self.record, self.home = str(plan.pk), reverse("quota", args=[plan.pk])
            of_trades = tuple(
                Column(_of(one), lazystr(one), _COUNT, aliases=(one.name, f"{one.name}党员数"), width=11)
                for one in trades
            )
            self.columns = FIRST + of_trades + LAST

    def about(self, key: str) -> "PlanFigures":
        plan = (
            SeatPlan.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
        )
        return PlanFigures(plan, list(plan.trades.all())) if plan else PlanFigures()

    def filled(self) -> Iterable[Mapping[str, Any]]:
        """The units as they stand, to be overwritten."""
        if self.plan is None:
            return
        day = self.plan.counted_on or timezone.localdate()
        for unit in PlanUnit.objects.filter(plan=self.plan).order_by("number"):
            people = [*unit.people, *[0] * len(self.trades)]
            yield {
                "unit": unit.name, "unit_en": unit.name_en, "organizations": unit.organizations, "population": unit.population,
                "members": unit.members, **{_of(one): people[n] for n, one in enumerate(self.trades)},
                **{name: getattr(unit, name) for name in GROUPS}, "on": day, "source": self.plan.figures_source,
            }  # fmt: skip

    def may_import(self, actor: Actor) -> bool:
        return self.plan is not None and policies.KEEP.may(actor, self.plan) and self.plan.state in WORKING

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "unit", values.get("unit")

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Sums, groups within the members, one day for all, and that the plan still has the trades of the sheet."""
        today = timezone.localtime(at).date()
        known = {_of(one) for one in self.trades}
        day = next((row.values["on"] for row in rows if row.values.get("on")), None)
        for row in rows:
            values = row.values
            for one in self.trades:
                if _of(one) not in values:
                    row.wrong("", N_("表里没有“%(trade)s”这一列。"), trade=str(one))
            if strange := {name for name in values if name.startswith("trade_")} - known:
                row.wrong("", N_("方案的行业改过了（多了%(n)d列），请重新下载模板。"), n=len(strange))
            whole = sum(values.get(name) or 0 for name in known)
            if values.get("members") is not None and values["members"] != whole:
                row.wrong("members", N_("各行业加起来是%(sum)d人，和党员数%(members)d不一样。"), sum=whole, members=values["members"])  # fmt: skip
            for name in GROUPS:
                if (values.get(name) or 0) > whole:
                    row.wrong(name, N_("比党员数%(members)d还多。"), members=whole)
            if values.get("on") and values["on"] > today:
                row.wrong("on", N_("截止日还没有到。"))
            elif values.get("on") and values["on"] != day:
                row.wrong("on", N_("和前面的截止日%(day)s不一样。"), day=f"{day:%Y-%m-%d}")

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[PlanUnit | None]:
        assert self.plan is not None
        first = rows[0].values
        try:
            return services.import_figures(
                self.plan, on=first["on"], source=first["source"], rows=[self._figures(row.values) for row in rows], actor=actor, at=at
            )  # fmt: skip
        except Refusal as refused:
            raise RowRefused(rows[0].number, N_("这一行办不成：%(why)s"), why=str(refused)) from refused

    def _figures(self, values: Mapping[str, Any]) -> dict[str, Any]:
        people = [values.get(_of(one)) or 0 for one in self.trades]
        return {
            "name": values["unit"], "name_en": values.get("unit_en"), "members": sum(people), "people": people,
            "organizations": values.get("organizations"), "population": values.get("population"),
            "population_source": values["source"] if values.get("population") is not None else None,
            **{name: values.get(name) for name in GROUPS},
        }  # fmt: skip

    def obstacles(self, made: Made) -> Iterable[tuple[str, dict[str, Any]]]:
        """A plan that was submitted meanwhile, or whose figures or trades were changed after, stands in the way."""
        if self.plan is None or self.plan.state not in WORKING:
            yield N_("方案已经报出，不能撤销。"), {}
        elif not services.sheet_stands(self.plan):
            yield N_("导入以后，方案的数字或者行业又改过，不能撤销。"), {}

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        assert self.plan is not None
        units: list[Any] = [record for _number, record in made]
        services.take_back_figures(self.plan, units=units, actor=actor, at=at)


def _of(trade: PlanTrade) -> str:
    """The column of a trade: its key stays, whatever its name becomes."""
    return f"trade_{trade.pk}"
