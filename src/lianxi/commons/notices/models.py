"""Notices, their deliveries, and what people prefer."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.sealing import BlindField, SealedField

from .terms import DIGEST_AT, QUIET_FROM, QUIET_UNTIL, STEPS, TO_SEND, DeliveryState, Urgency


class Notice(models.Model):
    """Something told to a person, or to an address without an account 通知. It keeps facts, never the text of the matter.

    `key` is unique for its recipient: what is posted twice is told once. `about`, `about_pk`: the record behind it.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    address = SealedField(_("地址"), mask="text")
    address_is = BlindField(of="address")
    language = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    about_pk = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=300)
    key = models.CharField(max_length=120)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("看过"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notice_of_person"),
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, address_is=None) | Q(person=None, address_is__isnull=False),
                name="notice_to_one",
            ),
            models.UniqueConstraint(fields=["person", "key"], name="notice_person_once"),
            models.UniqueConstraint(fields=["address_is", "key"], name="notice_address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """A notice on its way through a channel 送达; unique for both, so that it is under way once.

    `letter`: those with the same one travel together, also when they are tried again; it is the key of the first.
    `job`: the job that is sending it. `trouble`: the kind of the last error, never an address.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=20)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    letter = models.BigIntegerField(null=True, blank=True)
    job = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("送达")
        ordering = ["next_try_at", "pk"]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="delivery_due", condition=Q(state__in=list(TO_SEND))),
            models.Index(fields=["job"], name="delivery_sending", condition=Q(state=DeliveryState.SENDING)),
            models.Index(fields=["letter"], name="delivery_letter"),
            models.Index(fields=["-ended_at"], name="delivery_lost", condition=Q(state=DeliveryState.GIVEN_UP)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | Q(job__isnull=False, letter__isnull=False),
                name="delivery_sending_by_a_job",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(ended_at__isnull=False, attempts__gte=1),
                name="delivery_sent_when",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="delivery_steps", field="state", transitions=[(str(a.value), str(b.value)) for a, b in STEPS]
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(models.Model):
    """What a person prefers 通知设置. No row: the house's own choice."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    channels: Any = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    off: Any = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    digest_at = models.TimeField(_("每天汇总的时间"), default=DIGEST_AT)
    quiet_from = models.TimeField(_("免打扰从"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("免打扰到"), default=QUIET_UNTIL)

    def __str__(self) -> str:
        return str(self.person_id)


class Stopped(models.Model):
    """An address that wants no more letters 退订. Only its blind index is kept."""

    address_is = models.BinaryField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
