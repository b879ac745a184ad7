"""Rounds 编组, their groups, the members who take part, where each is placed, and what was objected."""

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField
from lianxi.organization.members.models import Member
from lianxi.organization.members.terms import Kind

from .terms import LOOKS, Answer, LeaderWay, ObjectionState, Rule, Seed, State, rank_word


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["unit_path"])
class Round(models.Model):
    """A branch, or a community for its branches, forms its Party groups anew 编组 (B-04).

    `functional`: functional groups across the branches (B-03); memberships stay where they are then.
    `seed`: drawn after the lists were closed; it decides between equally good plans and nothing else.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("组织"))
    unit_path = PathField()
    title = models.CharField(_("名称"), max_length=80)
    functional = models.BooleanField(_("功能型党小组"), default=False)
    rule = models.CharField(_("编组办法"), max_length=20, choices=Rule.choices, default=Rule.GREEDY)
    wishes_most = models.PositiveSmallIntegerField(_("最多填几个志愿"), default=3)
    closes_at = models.DateTimeField(_("停止选组的时间"))
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.DRAFTING)
    version = models.PositiveIntegerField(default=0)
    seed = models.CharField(_("种子"), max_length=80, blank=True)
    seed_how = models.CharField(_("种子怎样抽出"), max_length=10, choices=Seed.choices, blank=True)
    witnesses = models.CharField(_("见证人"), max_length=120, blank=True)
    objections_until = models.DateField(_("意见提到哪天"), null=True, blank=True)
    decided_on = models.DateField(_("支委会日期"), null=True, blank=True)
    committee_due = models.PositiveSmallIntegerField(_("支委应到"), null=True, blank=True)
    committee_present = models.PositiveSmallIntegerField(_("支委实到"), null=True, blank=True)
    report_number = models.CharField(_("报告文号"), max_length=60, blank=True)
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    """The round that this one was copied from."""
    begun_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("编组")
        ordering = ["-begun_at", "-pk"]
        indexes = [
            models.Index(fields=["unit_path"], name="groups_round_path"),
            models.Index(fields=["-begun_at", "-id"], name="groups_round_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(wishes_most__gte=1, wishes_most__lte=10), name="groups_round_wishes"),
            models.CheckConstraint(
                condition=Q(committee_present=None) | Q(committee_present__lte=F("committee_due")),
                name="groups_round_present",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def icon(self) -> str:
        return LOOKS[self.state][0]

    @property
    def tone(self) -> str:
        return LOOKS[self.state][1]


class RoundStep(Event):
    """What happened to a round 编组经过."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="groups_step_number")]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RoundGroup(models.Model):
    """A group to be formed 拟设小组. `lo`, `hi`: least and most members, those designated counted.

    `shut`: left out of this round; wishes for it keep their rank and count for nothing. `unit`: the group in the tree, once confirmed.
    `said`: what the plan says of it (code and facts of the engine).
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="groups")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在党支部"))
    name = models.CharField(_("组名"), max_length=40)
    theme = models.CharField(_("做什么"), max_length=80, blank=True)
    place = models.CharField(_("片区"), max_length=80, blank=True)
    leader_wants = models.CharField(_("组长条件"), max_length=80, blank=True)
    lo = models.PositiveSmallIntegerField(_("最少几人"))
    hi = models.PositiveSmallIntegerField(_("最多几人"))
    meets = models.PositiveSmallIntegerField(_("一年开几次会"), default=12)
    leader = models.ForeignKey("Participant", models.PROTECT, null=True, blank=True, related_name="+")
    leader_way = models.CharField(_("组长产生办法"), max_length=12, choices=LeaderWay.choices, blank=True)
    shut = models.BooleanField(_("这一轮不设"), default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    price = models.CharField(max_length=40, blank=True)
    said = models.JSONField(default=list)

    class Meta:
        verbose_name = _("拟设小组")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="groups_group_name"),
            models.CheckConstraint(condition=Q(lo__lte=F("hi"), hi__gte=1), name="groups_group_sizes"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Participant(models.Model):
    """A member on the roll of a round 参加编组的党员, with the wishes that only he or she and the branch's officers see.

    `number`: stands for the member in the draw and the certificate. `wishes`: keys of groups, the best first.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="participants", db_index=False)
    number = models.PositiveIntegerField(_("序号"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(_("人员类别"), max_length=2, choices=Kind.choices)
    wishes = models.JSONField(default=list)
    answer = models.CharField(_("怎样交的志愿"), max_length=10, choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(_("交志愿的时间"), null=True, blank=True)
    entered_by = models.CharField(_("录入"), max_length=60, blank=True)
    designated = models.ForeignKey(
        RoundGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("组织指定")
    )
    designated_reason = models.CharField(_("指定理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("参加编组的党员")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="groups_participant_number"),
            models.UniqueConstraint(fields=["round", "member"], name="groups_participant_once"),
            models.CheckConstraint(
                condition=Q(designated=None) | ~Q(designated_reason=""), name="groups_designated_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.member.person.name

    @property
    def code(self) -> str:
        """How the draw and the certificate call this member."""
        return f"{self.number:04d}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Seat(models.Model):
    """Where a member is 编入 . `best`: by the plan; `group`: now, after changes by hand; `rank`, `best_rank`: see terms.

    `said`: what may be said to the member (code and facts of the engine). `draw`: the member's number in the draw.
    """

    participant = models.OneToOneField(Participant, models.PROTECT, primary_key=True, related_name="seat")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    best = models.ForeignKey(RoundGroup, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(RoundGroup, models.PROTECT, related_name="seats")
    best_rank = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    draw = models.PositiveIntegerField(null=True)
    said = models.JSONField(default=list)

    class Meta:
        verbose_name = _("编组结果")
        indexes = [models.Index(fields=["round", "rank"], name="groups_seat_rank")]

    def __str__(self) -> str:
        return f"{self.participant} {self.group}"

    @property
    def rank_word(self) -> Any:
        return rank_word(self.rank)

    @property
    def best_rank_word(self) -> Any:
        return rank_word(self.best_rank)


class Proof(models.Model):
    """The certificate of a plan 计算证书, as it is downloaded, and its SHA-256."""

    round = models.OneToOneField(Round, models.PROTECT, primary_key=True, related_name="proof")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    profile = models.JSONField()
    """How many members by place: designated, 1st, …, Kth wish, outside."""
    ranks = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("计算证书")

    def __str__(self) -> str:
        return self.sha256


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Objection(models.Model):
    """A member does not agree with the place 意见, and what became of it."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="objections")
    round = models.ForeignKey(Round, models.PROTECT, related_name="objections")
    text = models.TextField(_("党员的意见"), max_length=500)
    wanted = models.ForeignKey(RoundGroup, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("对编组的意见")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(state=ObjectionState.OPEN), name="groups_objection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN) | ~Q(answer=""), name="groups_objection_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}"


class HandChange(models.Model):
    """A member was put into another group by hand 手工调整. `change`: what it does to the profile against the plan's."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="hand_changes")
    round = models.ForeignKey(Round, models.PROTECT, related_name="hand_changes")
    source = models.ForeignKey(RoundGroup, models.PROTECT, related_name="+")
    target = models.ForeignKey(RoundGroup, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    change = models.JSONField(default=list)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)

    class Meta:
        verbose_name = _("手工调整")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.participant}: {self.source} → {self.target}"
