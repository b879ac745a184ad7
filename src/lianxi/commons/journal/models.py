"""Events 经过: each record has its own table of them, with a true foreign key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person


class Event(models.Model):
    """What happened to a record. `number` is the record's version after it; unique with the record."""

    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)
    reason = models.TextField(_("理由"), blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.by_name}"
