"""The unit tree 单位树."""

import datetime as dt

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .paths import PathField
from .terms import UnitKind

_COMMITTEES = (
    (" Community Party Committee", " Community"),
    (" Community Committee", " Community"),
    ("党委", ""),
    ("党总支", ""),
    ("党支部", ""),
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Unit(models.Model):
    """A unit 单位: an organisation, office or community, in one place of one tree, from a day to a day."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上级"))
    path = PathField()
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind.choices)
    code = models.CharField(_("代码"), max_length=18, blank=True)
    since = models.DateField(_("起始日期"), default=dt.date(2000, 1, 1))
    until = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="unit_path")]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="unit_code_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=models.F("since")), name="unit_dates"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def brief(self) -> str:
        """The short name where there is one."""
        return self.short_name if self.short_name and not (get_language() or "").startswith("en") else str(self)

    @property
    def as_place(self) -> str:
        """Where it is, as residents say it: 望槐社区, where the unit is its Party committee."""
        name = self.brief
        for end, place in _COMMITTEES:
            if name.endswith(end) and len(name) > len(end) + 1:
                return name.removesuffix(end) + place
        return name

    def stands(self, on: dt.date) -> bool:
        """Whether the unit exists on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


class Outline(models.Model):
    """Where a unit lies 边界: rings of [longitude, latitude] in degrees (WGS 84), for maps that need no other host."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="+")
    rings = models.JSONField()

    def __str__(self) -> str:
        return str(self.unit)
