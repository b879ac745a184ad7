"""Postings 任职: who holds which role where, and for how long."""

import datetime as dt
from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.units.models import Unit

from .rows import Among  # noqa: F401  (registers the look-up)
from .terms import Role


class Postings(models.QuerySet["Posting"]):
    def held(self, on: dt.date) -> Any:
        """Those within their term on that day."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Posting(models.Model):
    """A person holds a role at a unit from a day to a day 任职. `head`: answers for the unit."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(_("职务"), max_length=20, choices=Role.choices)
    head = models.BooleanField(_("负责人"), default=False)
    since = models.DateField(_("任职日期"))
    until = models.DateField(_("卸任日期"), null=True, blank=True)

    objects = Postings.as_manager()

    class Meta:
        ordering = ["unit", "-head", "role", "pk"]
        indexes = [models.Index(fields=["unit"], condition=Q(head=True), name="posting_heads")]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="posting_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_role_display()} {self.person}"
