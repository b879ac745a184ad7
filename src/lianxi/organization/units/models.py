"""What hangs on a unit 单位: profile, codes, coverage, committee terms, moves."""

import datetime as dt

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .terms import MoveState, Scheme, Sector, Situation, TermState


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Profile(models.Model):
    """What the national system keeps of an organisation besides its place in the tree 单位信息 (K-06)."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="profile")
    sector = models.CharField(_("组织类别"), max_length=20, choices=Sector.choices, blank=True)
    situation = models.CharField(_("单位情况"), max_length=10, choices=Situation.choices, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("单位信息")

    def __str__(self) -> str:
        return str(self.unit)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class UnitCode(models.Model):
    """A code of a unit under one standard 代码. `kept_because`: why a code with a wrong check digit is kept."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="codes")
    scheme = models.CharField(_("标准"), max_length=20, choices=Scheme.choices)
    code = models.CharField(_("代码"), max_length=18)
    kept_because = models.CharField(_("保留理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("单位代码")
        ordering = ["unit", "scheme"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "scheme"], name="org_code_one_a_scheme"),
            models.UniqueConstraint(fields=["scheme", "code"], name="org_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Coverage(models.Model):
    """A Party organisation covers a resident unit, from a day to a day 覆盖单位 (B-01)."""

    body = models.ForeignKey(Unit, models.PROTECT, related_name="covers", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="covered_by")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("覆盖单位")
        ordering = ["body", "since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "unit"], condition=Q(until=None), name="org_coverage_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="org_coverage_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.unit}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["body_path"])
class CommitteeTerm(models.Model):
    """A term of an elected body 届, from its election to the next (E-01, E-02).

    `until`: last day by the rules; `shifted_to`: the day that the higher organisation approved instead; `asked_for`: the
    day that is being asked for; `ended_on`: the day of the next election.
    """

    body = models.ForeignKey(Unit, models.PROTECT, related_name="terms")
    body_path = PathField()
    number = models.PositiveSmallIntegerField(_("第几届"), default=1)
    since = models.DateField(_("选举日期"))
    until = models.DateField(_("届满日期"))
    asked_for = models.DateField(_("请示换届的日期"), null=True, blank=True)
    shifted_to = models.DateField(_("批准换届的日期"), null=True, blank=True)
    approval = models.CharField(_("批复文号"), max_length=60, blank=True)
    ended_on = models.DateField(_("换届日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=TermState.choices, default=TermState.RUNNING)
    version = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("届次")
        ordering = ["body", "-since"]
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_on=None), name="org_term_running"),
            models.Index(fields=["body_path"], name="org_term_path"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["body"], condition=Q(ended_on=None), name="org_term_one_running"),
            models.UniqueConstraint(fields=["body", "number"], name="org_term_number"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="org_term_dates"),
            models.CheckConstraint(condition=Q(ended_on=None) | Q(ended_on__gt=F("since")), name="org_term_end"),
            models.CheckConstraint(
                condition=Q(state=TermState.ENDED, ended_on__isnull=False)
                | (~Q(state=TermState.ENDED) & Q(ended_on=None)),
                name="org_term_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}"

    @property
    def due(self) -> dt.date:
        """The day by which the next election is held: the approved one, else the last day of the term."""
        return self.shifted_to or self.until


class TermEvent(Event):
    """What happened to a term 届次经过."""

    term = models.ForeignKey(CommitteeTerm, models.PROTECT, related_name="+", db_index=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="org_term_event_number")]


class Move(models.Model):
    """A unit with all below it goes to another place of the tree 调整隶属: a job, because its records follow."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    source = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    target = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=MoveState.choices, default=MoveState.WAITING)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)
    at = models.DateTimeField(_("时间"))
    ended_at = models.DateTimeField(null=True)
    below = models.PositiveIntegerField(default=0)
    """Units that go along."""
    records = models.PositiveIntegerField(default=0)
    """Records whose paths follow."""
    done = models.PositiveIntegerField(default=0)
    """Of them, those that have followed so far."""
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("调整隶属")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state__in=("waiting", "running")), name="org_move_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.target}"
