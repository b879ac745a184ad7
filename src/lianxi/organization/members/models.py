"""Members 党员, where they belong and belonged, transfers, probations, merged records."""

import datetime as dt

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.sealing import BlindField, SealedField
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .terms import (
    NATIONALITIES,
    OPEN_TRANSFERS,
    ROMANISED,
    Education,
    Kind,
    Outcome,
    PartKind,
    Sex,
    Standing,
    TransferState,
    WayIn,
    WayOut,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["branch_path"])
class Member(models.Model):
    """A Party member 党员: the sixteen items of K-06 and no more.

    Name and phone are the person's. `branch` is the copy of the current affiliation's branch, kept by trigger: it answers
    "whose", for permissions and lists.
    """

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在党支部"))
    branch_path = PathField()
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    identity = SealedField(_("公民身份号码"), mask="identity")
    identity_is = BlindField(of="identity")
    nationality = models.CharField(_("民族"), max_length=2, choices=list(NATIONALITIES.items()))
    born_on = models.DateField(_("出生日期"))
    education = models.CharField(_("学历"), max_length=2, choices=Education.choices, blank=True)
    kind = models.CharField(_("人员类别"), max_length=2, choices=Kind.choices)
    joined_on = models.DateField(_("入党日期"))
    full_on = models.DateField(_("转正日期"), null=True, blank=True)
    work = models.CharField(_("工作岗位"), max_length=60, blank=True)
    address = SealedField(_("家庭住址"), mask="address")
    standing = models.CharField(_("党籍状态"), max_length=10, choices=Standing.choices, default=Standing.NORMAL)
    lost = models.BooleanField(_("失去联系"), default=False)
    mobile = models.BooleanField(_("流动党员"), default=False)

    class Meta:
        verbose_name = _("党员")
        ordering = ["branch_path", "pk"]
        indexes = [
            models.Index(fields=["branch_path", "id"], name="member_branch_path"),
            models.Index(fields=["joined_on", "id"], name="member_joined"),
            models.Index(fields=["born_on", "id"], name="member_born"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_is"], condition=~Q(standing=Standing.MERGED), name="member_identity_once"
            ),
            models.CheckConstraint(condition=Q(joined_on__gt=F("born_on")), name="member_joined_after_birth"),
            models.CheckConstraint(
                condition=Q(full_on=None) | Q(full_on__gte=F("joined_on")), name="member_full_after_joined"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PROBATIONARY, full_on=None) | Q(kind=Kind.FULL, full_on__isnull=False),
                name="member_full_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def number(self) -> str:
        """Its number in this register."""
        return f"{self.pk:06d}"

    @property
    def sex_label(self) -> str:
        return str(Sex(self.sex).label)

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def nationality_label(self) -> str:
        english = (get_language() or "").startswith("en")
        return (ROMANISED if english else NATIONALITIES).get(self.nationality, "")

    def age(self, on: dt.date) -> int:
        """Full years on a day."""
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Affiliation(models.Model):
    """A member belongs to a branch, from a day to a day 组织关系. Exactly one is current while the membership lasts."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="affiliations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("党支部"))
    group = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("党小组"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    way_in = models.CharField(_("来由"), max_length=20, choices=WayIn.choices)
    way_out = models.CharField(_("去向"), max_length=20, choices=WayOut.choices, blank=True)

    class Meta:
        verbose_name = _("组织关系")
        ordering = ["member", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="affiliation_one_current"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="affiliation_dates"),
            models.CheckConstraint(
                condition=Q(until=None, way_out="") | (Q(until__isnull=False) & ~Q(way_out="")),
                name="affiliation_way_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.unit}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Probation(models.Model):
    """The time as a probationary member 预备期 (B-11), from the branch's vote."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="probations")
    since = models.DateField(_("支部大会通过日期"))
    until = models.DateField(_("预备期满"))
    extended_to = models.DateField(_("延长到"), null=True, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("预备期")
        ordering = ["member", "-since"]
        indexes = [models.Index(fields=["until"], condition=Q(ended_on=None), name="probation_running")]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(ended_on=None), name="probation_one_running"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="probation_dates"),
            models.CheckConstraint(
                condition=Q(extended_to=None) | Q(extended_to__gt=F("until")), name="probation_extension"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def due(self) -> dt.date:
        return self.extended_to or self.until


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["source_path", "target_path"]
)
class Transfer(models.Model):
    """A member's affiliation goes from one branch to another 转接组织关系; both sides confirm."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("转出支部"))
    source_path = PathField()
    target = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("转入支部"))
    target_path = PathField()
    state = models.CharField(_("状态"), max_length=20, choices=TransferState.choices, default=TransferState.REQUESTED)
    version = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("事由"), max_length=200)
    asked_at = models.DateTimeField(_("提出时间"))
    moved_on = models.DateField(_("转接日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("转接")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["source_path"], name="transfer_source"),
            models.Index(fields=["target_path"], name="transfer_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state__in=sorted(OPEN_TRANSFERS)), name="transfer_one_open"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="transfer_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.source} → {self.target}"


class TransferStep(Event):
    """What happened to a transfer 转接经过."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="+", db_index=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["transfer", "number"], name="transfer_step_number")]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Merge(models.Model):
    """Two records of one person became one 合并重复登记. `gone` is kept whole, so that it can be undone."""

    kept = models.ForeignKey(Member, models.PROTECT, related_name="merged_in")
    gone = models.ForeignKey(Member, models.PROTECT, related_name="merged_into")
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)
    taken = models.JSONField(default=list)
    """Names of the items taken over from the record that went."""
    before = models.JSONField(default=dict)
    """What undoing puts back: keys of history rows, and the closed affiliation."""
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("合并")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merge_gone_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class TakingPart(models.Model):
    """A sign that a member takes part 参加记录 (B-05): on which day, and by which of the three.

    It is no seventeenth item of K-06: the sixteen describe the member, this belongs to the life of the branch that
    keeps it. It is kept as small as the rule needs: no meeting, no sum, no content, nothing by which members could be
    counted up or compared. Whoever may see the member's entry may see it, and nobody else.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="parts")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("登记的党支部"))
    kind = models.CharField(_("哪一样"), max_length=10, choices=PartKind.choices)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("参加记录")
        ordering = ["member", "-on", "kind"]
        indexes = [
            models.Index(fields=["member", "on"], name="part_member_on"),
            models.Index(fields=["branch", "at"], name="part_branch_at"),
            models.Index(fields=["on", "member"], name="part_on_member"),
        ]
        constraints = [models.UniqueConstraint(fields=["member", "kind", "on"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.on} {self.get_kind_display()}"


class PartAlert(models.Model):
    """That so many months without a sign have been told of, once 已提醒: a new sign begins a new count."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    since = models.DateField(_("从哪天起"))
    months = models.PositiveSmallIntegerField(_("月数"))
    at = models.DateTimeField(_("提醒时间"))

    class Meta:
        verbose_name = _("参加提醒")
        ordering = ["member", "-since", "-months"]
        constraints = [models.UniqueConstraint(fields=["member", "since", "months"], name="part_alert_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.since} {self.months}"
