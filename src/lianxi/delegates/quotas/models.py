"""Seat plans 名额方案: figures frozen on a day, what was computed from them, and what became of it."""

from fractions import Fraction
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.rulebook.models import FigureField
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .terms import Aim, Kind, Method, Outcome, State, TieWay


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["body_path"])
class SeatPlan(models.Model):
    """A congress or conference gets its seats 名额方案.

    `seats`: delegates in all. Weights sum to 1. `counted_on`: the day whose figures are frozen (none: not yet).
    `current`: the calculation that holds. `replaces`: the published plan that this one will take the place of.
    """

    body = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("召集的党组织"))
    body_path = PathField()
    kind = models.CharField(_("会议种类"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("会议名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    held_on = models.DateField(_("会期"), null=True, blank=True)
    due_on = models.DateField(_("报上级的日期"), null=True, blank=True)
    seats = models.PositiveIntegerField(_("代表名额"))
    method = models.CharField(_("分到单位的算法"), max_length=10, choices=Method.choices, default=Method.WEBSTER)
    weight_members = FigureField(_("党员数权重"))
    weight_organizations = FigureField(_("党组织数权重"))
    weight_population = FigureField(_("人口数权重"))
    floor = models.PositiveSmallIntegerField(_("每单位至少"), default=1)
    cap = models.PositiveSmallIntegerField(_("每单位最多"), null=True, blank=True)
    counted_on = models.DateField(_("人数截止日"), null=True, blank=True)
    figures_source = models.CharField(_("数字来源"), max_length=120, blank=True)
    """Where figures that were typed or imported come from; none: counted in the register."""
    tie_way = models.CharField(_("并列怎么定"), max_length=10, choices=TieWay.choices, blank=True)
    tie_order = models.JSONField(default=list, blank=True)
    """Names voted in order, for `tie_way` voted."""
    tie_seed = models.CharField(_("抽签种子"), max_length=60, blank=True)
    tie_paper = models.CharField(_("会议记录"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.DRAFTING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=0)
    current = models.ForeignKey("Calculation", models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    approval = models.CharField(_("批复文号"), max_length=60, blank=True)
    approved_on = models.DateField(_("批复日期"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("名额方案")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["body_path"], name="seatplan_body_path")]
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1), name="seatplan_seats"),
            models.CheckConstraint(condition=Q(cap=None) | Q(cap__gte=F("floor")), name="seatplan_floor_cap"),
            models.UniqueConstraint(fields=["replaces"], condition=Q(state="quota_published"), name="seatplan_replaced_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title

    @property
    def weights(self) -> dict[str, Fraction]:
        """Name of the figure → its weight."""
        return {
            "members": Fraction(self.weight_members),
            "organizations": Fraction(self.weight_organizations),
            "population": Fraction(self.weight_population),
        }

    @property
    def frozen(self) -> bool:
        return self.counted_on is not None


class PlanEvent(Event):
    """What happened to a plan 方案经过."""

    plan = models.ForeignKey(SeatPlan, models.PROTECT, related_name="+", db_index=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_event_number")]


class Named(models.Model):
    """Something with a place in an order and a name in both languages."""

    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlanTrade(Named):
    """A trade of a plan 行业: whose posts and sectors count in it, and how many of the seats it may have.

    `sign`: one character, drawn in its seats. `at_least`, `at_most`: shares of all seats; `source`: the rule or paper
    that asks for them (none: the convening organisation's own decision).
    """

    plan = models.ForeignKey(SeatPlan, models.CASCADE, related_name="trades", db_index=False)
    sign = models.CharField(_("一个字"), max_length=1)
    sectors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    words = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    rest = models.BooleanField(_("其余都算这里"), default=False)
    front_line = models.BooleanField(_("生产和工作一线"), default=False)
    leaders = models.BooleanField(_("领导干部"), default=False)
    at_least = FigureField(_("不少于"), null=True, blank=True)
    at_most = FigureField(_("不超过"), null=True, blank=True)
    source = models.CharField(_("比例的依据"), max_length=120, blank=True)

    class Meta(Named.Meta):
        verbose_name = _("行业")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plantrade_number"),
            models.UniqueConstraint(fields=["plan", "name"], name="plantrade_name"),
        ]

    @property
    def mark(self) -> str:
        """The character that stands for the trade where there is little room, in the reader's language."""
        return str(self)[:1].upper() if str(self) != self.name else self.sign


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlanUnit(Named):
    """An electoral unit of a plan 选举单位, with its figures of the day.

    `people`: members by trade, in the order of the trades; they sum to `members`. `*_named`: counted among those nominated.
    """

    plan = models.ForeignKey(SeatPlan, models.CASCADE, related_name="units", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    members = models.PositiveIntegerField(_("党员数"), default=0)
    organizations = models.PositiveIntegerField(_("党组织数"), default=0)
    population = models.PositiveIntegerField(_("人口数"), null=True, blank=True)
    population_source = models.CharField(_("人口数来源"), max_length=120, blank=True)
    people = ArrayField(models.PositiveIntegerField(), default=list)
    floor = models.PositiveSmallIntegerField(_("至少"), null=True, blank=True)
    cap = models.PositiveSmallIntegerField(_("最多"), null=True, blank=True)
    women = models.PositiveIntegerField(default=0)
    young = models.PositiveIntegerField(default=0)
    minority = models.PositiveIntegerField(default=0)
    women_named = models.PositiveSmallIntegerField(default=0)
    young_named = models.PositiveSmallIntegerField(default=0)
    minority_named = models.PositiveSmallIntegerField(default=0)

    class Meta(Named.Meta):
        verbose_name = _("选举单位")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planunit_number"),
            models.UniqueConstraint(fields=["plan", "name"], name="planunit_name"),
            models.UniqueConstraint(fields=["plan", "unit"], condition=~Q(unit=None), name="planunit_unit"),
        ]


class PlanAim(models.Model):
    """A share of all delegates that a group should have 结构要求: guidance to the units, counted at nomination.

    `tie_…`: what decides among units that could equally be asked next; empty until the body has voted or drawn.
    """

    plan = models.ForeignKey(SeatPlan, models.CASCADE, related_name="aims", db_index=False)
    aim = models.CharField(_("结构"), max_length=10, choices=Aim.choices)
    share = FigureField(_("不少于"))
    source = models.CharField(_("依据"), max_length=120, blank=True)
    rule_id = models.CharField(max_length=4, blank=True)
    tie_way = models.CharField(_("并列怎么定"), max_length=10, choices=TieWay.choices, blank=True)
    tie_order = models.JSONField(default=list, blank=True)
    tie_seed = models.CharField(_("抽签种子"), max_length=60, blank=True)
    tie_paper = models.CharField(_("会议记录"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("结构要求")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "aim"], name="planaim_once")]

    def __str__(self) -> str:
        return self.get_aim_display()


class Calculation(models.Model):
    """A calculation of a plan 测算: never changed, never removed.

    `asked`: what it was asked with. `document`: the certificates of the three steps, as anybody can check them.
    """

    plan = models.ForeignKey(SeatPlan, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    asked = models.JSONField(default=dict)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("测算")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="calculation_number")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"

    @property
    def certificate(self) -> dict[str, Any]:
        """What anybody can check; empty where there is no answer."""
        return self.document.get("certificate") or {}

    def seat(self, step: str) -> Any:
        """Seats of a step: a list for "a" (units) and "b" (trades), rows for "c"; None where it was not reached."""
        return (self.certificate.get(step) or {}).get("seats")
