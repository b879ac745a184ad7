"""What residents and the public see beside a voice: the point on the map, who joined, the published copy."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Guarded
from lianxi.commons.search import Pairs
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from ..terms import Solved
from .voice import Voice

_link: dict[str, Any] = {"related_name": "+"}


class Spot(models.Model):
    """The point that a resident set on the map, in degrees (WGS 84). As guarded as the voice, and never public."""

    voice = models.OneToOneField(Voice, models.PROTECT, **_link)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    latitude = models.DecimalField(max_digits=7, decimal_places=5)

    objects = Guarded("voices.Voice", "voice")

    def __str__(self) -> str:
        return f"{self.longitude}, {self.latitude}"


class Joining(models.Model):
    """A voice that says the same as a published matter 我也反映. It has its own receipt, answer and rating."""

    voice = models.OneToOneField(Voice, models.PROTECT, **_link)
    matter = models.ForeignKey(Voice, models.PROTECT, **_link)
    at = models.DateTimeField()

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(voice=models.F("matter")), name="joining_another"),
        ]

    def __str__(self) -> str:
        return f"{self.voice_id} → {self.matter_id}"


class PublicCopy(models.Model):
    """A redacted copy for the public 公开件. The original is kept; a copy is withdrawn, never deleted."""

    voice = models.ForeignKey(Voice, models.PROTECT, **_link)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("内容"))
    answer = models.TextField(_("答复"))
    place = models.ForeignKey(Unit, models.PROTECT, **_link)
    place_path = PathField()
    solved = models.CharField(max_length=10, choices=Solved.choices, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(Person, models.PROTECT, **_link)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, **_link)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    objects = Guarded("voices.Voice", "voice")

    class Meta:
        indexes = [
            models.Index(fields=["-published_at"], name="public_copy_newest"),
            GinIndex(Pairs("title", "text"), name="public_copy_pairs", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["voice"], condition=Q(withdrawn_at=None), name="public_copy_one"),
        ]

    def __str__(self) -> str:
        return self.title
