"""A round of projects, what is proposed, who was given a ballot, the ballots, and the outcome.

The roll and the ballots are kept apart: no column leads from a ballot to a person, none of them tells when a ballot was cast, and keys of
ballots are drawn by lot, so that their order tells nothing either.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.permissions import Guarded
from lianxi.commons.sealing import SealedField
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .terms import OUT, Channel, Given, ObjectionState, ProposalState, State

_link: dict[str, Any] = {"related_name": "+"}


class Round(models.Model):
    """A sum of money that the residents of a community spend together 一轮居民项目."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), **_link)
    unit_path = PathField()
    title = models.CharField(_("名称"), max_length=80)
    about = models.TextField(_("说明"), blank=True)
    budget = models.PositiveIntegerField(_("预算（元）"))
    source = models.CharField(_("钱从哪里来"), max_length=120)
    most = models.PositiveSmallIntegerField(_("每人最多选几个"), null=True, blank=True)
    studied_on = models.DateField(_("社区党组织研究日期"), null=True, blank=True)
    ends_on = models.DateField(_("这一步到哪天"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    order = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    order_note = models.CharField(_("怎么抽的签"), max_length=200, blank=True)
    slips = models.PositiveIntegerField(_("印了多少投票码"), default=0)
    imported = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("开始时间"))
    displayed_on = models.DateField(_("公示从哪天起"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    objects = Guarded()

    class Meta:
        verbose_name = _("居民项目")
        indexes = [
            models.Index(fields=["unit_path", "-created_at"], name="round_unit_path"),
            models.Index(fields=["-created_at"], name="round_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="round_state"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="round_budget"),
            models.CheckConstraint(condition=Q(most=None) | Q(most__gt=0), name="round_most"),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED, published_at__isnull=False)
                | (~Q(state=State.PUBLISHED) & Q(published_at=None)),
                name="round_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DISPLAYED) | Q(displayed_on__isnull=False), name="round_displayed_on"
            ),
            models.CheckConstraint(condition=Q(state__in=OUT) | Q(displayed_on=None), name="round_not_displayed"),
        ]

    def __str__(self) -> str:
        return self.title


class RoundEvent(Event):
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)

    objects = Guarded("budgets.Round", "round")

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="round_event_number")]


class Proposal(models.Model):
    """A project that somebody proposes 提的项目. Its number is its place in the published order."""

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    number = models.PositiveIntegerField(_("编号"))
    title = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("做什么、谁受益"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    asked = models.PositiveIntegerField(_("大概要多少钱（元）"), null=True, blank=True)
    cost = models.PositiveIntegerField(_("核定费用（元）"), null=True, blank=True)
    note = models.CharField(_("审核意见"), max_length=300, blank=True)
    contact = SealedField(_("联系电话"), mask="phone")
    told = models.ForeignKey(Person, models.PROTECT, verbose_name=_("有进展通知谁"), null=True, blank=True, **_link)
    """Who asked, logged in, to be told what becomes of it. Shown on no page, kept in no event."""
    state = models.CharField(_("状态"), max_length=20, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    version = models.PositiveIntegerField(default=0)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("提的项目")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="proposal_number"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state"),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.ADMITTED) | Q(cost__gt=0), name="proposal_admitted_has_cost"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.DECLINED) | ~Q(note=""), name="proposal_declined_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProposalEvent(Event):
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", db_index=False)

    objects = Guarded("budgets.Round", "proposal__round")

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_event_number")]


class Follower(models.Model):
    """Who asked to be told of the rounds of a community 关注. It says nothing of who votes: nothing leads from here to the roll or a ballot."""

    unit = models.ForeignKey(Unit, models.PROTECT, **_link)
    person = models.ForeignKey(Person, models.PROTECT, **_link)

    class Meta:
        verbose_name = _("关注")
        constraints = [models.UniqueConstraint(fields=["unit", "person"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Elector(models.Model):
    """Who was given a ballot, and of which kind 领票登记. What was voted is not here, nor when."""

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    name = SealedField(_("姓名"), mask="name")
    door = SealedField(_("门牌"), mask="address")
    who_is = models.BinaryField(editable=False)
    given = models.CharField(_("领了什么"), max_length=10, choices=Given.choices)
    at = models.DateTimeField(_("领票时间"))
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("经办"), **_link)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("领票登记")
        constraints = [models.UniqueConstraint(fields=["round", "who_is"], name="elector_once")]

    def __str__(self) -> str:
        return str(self.name)


class Slip(models.Model):
    """A code that casts one ballot 投票码. Only its blind index is kept, and whether it was used."""

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    code_is = models.BinaryField(unique=True, editable=False)
    used = models.BooleanField(default=False)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("投票码")

    def __str__(self) -> str:
        return "*"


class Ballot(models.Model):
    """What one person chose, by the numbers of the projects. Only appended; the key is drawn by lot."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, **_link)
    choices = ArrayField(models.PositiveIntegerField())
    channel = models.CharField(max_length=10, choices=Channel.choices)
    receipt_is = models.BinaryField(null=True, unique=True, editable=False)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("选票")

    def __str__(self) -> str:
        return "*"


class Sheet(models.Model):
    """A paper ballot as two persons entered it 纸票. `number` is written on the paper when the box is opened."""

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    number = models.PositiveIntegerField(_("票号"))
    first = ArrayField(models.PositiveIntegerField())
    first_by = models.ForeignKey(Person, models.PROTECT, **_link)
    second = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    second_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, **_link)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("纸票")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="sheet_number"),
            models.CheckConstraint(condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="sheet_two_persons"),
            models.CheckConstraint(
                condition=Q(second=None, second_by=None) | Q(second__isnull=False, second_by__isnull=False),
                name="sheet_second_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def agreed(self) -> bool:
        """Whether both entered the same."""
        return self.second is not None and self.first == self.second


class Result(models.Model):
    """What the computation gave: the certificate and the ballots it was computed from. Replaced by a new count until it is published."""

    round = models.OneToOneField(Round, models.PROTECT, primary_key=True, **_link)
    certificate = models.JSONField()
    ties = models.JSONField(default=list)
    file = models.TextField()
    at = models.DateTimeField(_("计算时间"))
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("计算人"), null=True, **_link)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("结果")

    def __str__(self) -> str:
        return f"{self.round_id}"


class FormerResult(models.Model):
    """A result that was on display or published until an objection was upheld 原来的结果. Only appended."""

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    number = models.PositiveSmallIntegerField()
    certificate = models.JSONField()
    ties = models.JSONField(default=list)
    file = models.TextField()
    order = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    order_note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("计算时间"))
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("计算人"), null=True, **_link)
    displayed_on = models.DateField(_("公示从哪天起"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    replaced_at = models.DateTimeField(_("重新计票时间"))

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("原来的结果")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="former_result_number")]

    def __str__(self) -> str:
        return f"{self.round_id}"


class Objection(models.Model):
    """A resident does not agree with a result 异议, and what became of it. Who it was is kept nowhere.

    `on_roll`: name and door that were typed stand on the roll; the words themselves are not kept.
    `against`: how many results were replaced before, so which result it is about.
    """

    round = models.ForeignKey(Round, models.PROTECT, **_link)
    number = models.PositiveIntegerField(_("编号"))
    text = models.TextField(_("哪里不对，为什么"))
    on_roll = models.BooleanField(_("领过票"), default=False)
    told = models.ForeignKey(Person, models.PROTECT, verbose_name=_("有进展通知谁"), null=True, blank=True, **_link)
    against = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=20, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = Guarded("budgets.Round", "round")

    class Meta:
        verbose_name = _("对结果的异议")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="objection_number"),
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state"),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="objection_answered_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class ObjectionEvent(Event):
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="+", db_index=False)

    objects = Guarded("budgets.Round", "objection__round")

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["objection", "number"], name="objection_event_number")]


class FollowCode(models.Model):
    """A code with which somebody without an account follows what he or she handed in 收件码. Only its blind index is kept."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, **_link)
    objection = models.ForeignKey(Objection, models.PROTECT, null=True, **_link)
    code_is = models.BinaryField(unique=True, editable=False)

    class Meta:
        verbose_name = _("收件码")
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, objection=None) | Q(proposal=None, objection__isnull=False),
                name="follow_code_of_one",
            )
        ]

    def __str__(self) -> str:
        return "*"
