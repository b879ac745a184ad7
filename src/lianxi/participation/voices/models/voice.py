"""Voices and what hangs on them on the desk."""

import uuid
from typing import Any

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.permissions import Guarded
from lianxi.commons.sealing import BlindField, SealedField
from lianxi.commons.search import Pairs
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from ..terms import (
    OPEN,
    Channel,
    ClockKind,
    Exit,
    Kind,
    Naming,
    Part,
    Result,
    Satisfied,
    Solved,
    State,
    Topic,
)

_link: dict[str, Any] = {"related_name": "+"}


class Voice(models.Model):
    """What a resident raised 民情诉求. One owner at any moment, any number of co-handlers.

    Key and `number` are drawn by lot, so that a gap in a row of numbers tells nobody that something is kept away.
    The receipt code is kept as its blind index only.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(_("编号"))
    code_is = models.BinaryField(unique=True, editable=False)
    channel = models.CharField(_("渠道"), max_length=20, choices=Channel.choices)
    naming = models.CharField(_("署名方式"), max_length=20, choices=Naming.choices, default=Naming.CONFIDENTIAL)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices)
    topic = models.CharField(_("类别"), max_length=20, choices=Topic.choices, default=Topic.OTHER)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("居民原话"))
    place = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("社区"), **_link)
    place_path = PathField()
    address = models.CharField(_("地点"), max_length=200, blank=True)

    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, **_link)
    contact_name = SealedField(_("反映人"), mask="name")
    phone = SealedField(_("电话"), mask="phone")
    phone_is = BlindField(of="phone")
    email = SealedField(_("电子邮箱"), mask="text")
    language = models.CharField(max_length=10, default="zh-hans")

    owner = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("主办单位"), **_link)
    owner_path = PathField()
    handler = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("承办人"), **_link)

    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.RECEIVED)
    version = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)
    received_at = models.DateTimeField(_("收到时间"))
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("先行联系时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True)
    exit = models.CharField(_("不予受理的情形"), max_length=20, choices=Exit.choices, blank=True)

    solved_handler = models.CharField(_("承办人说"), max_length=10, choices=Solved.choices, blank=True)
    solved_resident = models.CharField(_("居民说"), max_length=10, choices=Solved.choices, blank=True)
    solved_call_back = models.CharField(_("回访查到"), max_length=10, choices=Solved.choices, blank=True)
    satisfied = models.CharField(_("满意程度"), max_length=10, choices=Satisfied.choices, blank=True)
    comment = models.TextField(_("评价的话"), blank=True)

    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    due_clock = models.CharField(max_length=10, choices=ClockKind.choices, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    contact_due_at = models.DateTimeField(_("先行联系期限"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("答复期限"), null=True, blank=True)
    accused_any = models.BooleanField(default=False)
    accused_open = models.BooleanField(default=False)
    """Somebody is complained about of whom it is not yet known who it is."""

    objects = Guarded()

    class Meta:
        verbose_name = _("民情")
        indexes = [
            models.Index(fields=["due_at"], name="voice_due", condition=Q(state__in=list(OPEN))),
            models.Index(F("due_at").asc(nulls_last=True), "id", name="voice_due_all"),
            models.Index(F("due_at").desc(nulls_last=True), F("id").desc(), name="voice_due_back"),
            models.Index(fields=["warn_at"], name="voice_warn", condition=Q(warn_at__isnull=False)),
            models.Index(fields=["owner_path"], name="voice_owner_path"),
            models.Index(fields=["id"], name="voice_accused_open", condition=Q(accused_open=True)),
            models.Index(fields=["place_path"], name="voice_place_path"),
            models.Index(fields=["-received_at", "-id"], name="voice_received"),
            GinIndex(Pairs("title", "text"), name="voice_pairs", fastupdate=False),
            models.Index(
                fields=["received_at"],
                include=[
                    "id",
                    "place",
                    "place_path",
                    "kind",
                    "topic",
                    "naming",
                    "state",
                    "contacted_at",
                    "contact_due_at",
                    "answered_at",
                    "answer_due_at",
                    "solved_resident",
                    "solved_call_back",
                    "satisfied",
                    "accused_any",
                ],  # all that the figures count by, so that a year is read from the index alone
                name="voice_figures",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="voice_number"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="voice_state"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """〔2026〕04170号"""
        return f"〔{self.year}〕{self.number:05d}号"


class VoiceHistory(
    pghistory.create_event_model(  # type: ignore[misc]
        Voice,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=["owner_path", "place_path", "contact_due_at", "answer_due_at"],
        append_only=True,
        obj_field=pghistory.ObjForeignKey(related_name="+", on_delete=models.DO_NOTHING, db_constraint=False),
    )
):
    """Every version of a voice's row, kept by trigger; as guarded as the voice."""

    objects = Guarded("voices.Voice", "pgh_obj")


class VoiceEvent(Event):
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+", db_index=False)

    objects = Guarded("voices.Voice", "voice")

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="voice_event_number")]


class Party(models.Model):
    """A person or unit that must not meet the voice 被反映方, or who stands aside 回避."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, **_link)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, **_link)
    part = models.CharField(max_length=20, choices=Part.choices)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=60)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit=None) | Q(person=None, unit__isnull=False), name="party_one"
            ),
            models.UniqueConstraint(fields=["voice", "person"], name="party_person_once"),
            models.UniqueConstraint(fields=["voice", "unit"], name="party_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}：{self.person or self.unit}"


class CoHandler(models.Model):
    """A unit that helps the owner 协办单位."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    unit = models.ForeignKey(Unit, models.PROTECT, **_link)
    unit_path = PathField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "unit"], condition=Q(until=None), name="co_handler_once"),
        ]
        indexes = [models.Index(fields=["unit_path"], name="co_handler_path")]

    def __str__(self) -> str:
        return str(self.unit)


class Answer(models.Model):
    """A version of the answer 答复稿: facts, opinion, basis (X-10). Versions are only added."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    number = models.PositiveSmallIntegerField(_("第几版"))
    facts = models.TextField(_("事实"), blank=True)
    result = models.CharField(_("意见"), max_length=20, choices=Result.choices, blank=True)
    opinion = models.TextField(_("意见说明"), blank=True)
    basis = models.TextField(_("依据"), blank=True)
    solved = models.CharField(_("承办人说"), max_length=10, choices=Solved.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, **_link)
    by_name = models.CharField(max_length=60)
    given_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="answer_number")]

    def __str__(self) -> str:
        return f"{self.voice_id}·{self.number}"

    @property
    def said(self) -> str:
        """The opinion as it is read: its kind, then the words; a kind that the words begin with is not said twice."""
        kind = str(self.get_result_display()) if self.result else ""
        with override("zh-hans"):
            written = str(self.get_result_display()) if self.result else ""
        if not kind or self.opinion.startswith((kind, written)):
            return self.opinion or kind
        stop = "。" if kind == written else ". "
        return f"{kind}{stop}{self.opinion}" if self.opinion else kind


class Extension(models.Model):
    """A request for more time 延期: asked with a reason, granted or refused by an approver (X-11)."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    days = models.PositiveSmallIntegerField(_("延长天数"))
    reason = models.TextField(_("理由"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, **_link)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, **_link)
    decision = models.TextField(_("审批意见"), blank=True)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice"], condition=Q(granted=None), name="extension_one_open"),
        ]

    def __str__(self) -> str:
        return f"+{self.days}"


class Note(models.Model):
    """An internal note 内部备注; residents never see it."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, **_link)
    by_name = models.CharField(max_length=60)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Supplement(models.Model):
    """What the resident added 补充."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    text = models.TextField()
    at = models.DateTimeField()

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Photo(models.Model):
    """A photo, encoded anew without its location data. Its name is drawn by lot; it is served through the door only."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    image = models.FileField(upload_to="voices/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField()
    from_resident = models.BooleanField(default=True)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        ordering = ["at", "key"]

    def __str__(self) -> str:
        return str(self.key)


class Alert(models.Model):
    """A clock warned or rose 预警与上升. Unique, so that a job that runs twice says it once."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    clock = models.CharField(max_length=10, choices=ClockKind.choices)
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "clock", "due_at", "level"], name="alert_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.level}"
