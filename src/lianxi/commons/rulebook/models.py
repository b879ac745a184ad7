"""What a street adds to the book: local figures, refused changes, confirmations. The book itself is in `rules/`."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.units.models import Unit

from .book import Rule, book
from .terms import Text


class FigureField(models.CharField):  # type: ignore[type-arg]
    """A figure of a rule, exact: an int, or a Fraction kept as `4/5`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, int | Fraction):
            return value
        found = Fraction(value)
        return int(found) if found.denominator == 1 else found

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(self.to_python(value))


class Written(models.Model):
    """Which figure of which rule, at which unit; who wrote it, when and why."""

    rule_id = models.CharField(_("规则编号"), max_length=4)
    parameter = models.CharField(_("数值名"), max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    value = FigureField(_("数值"))
    since = models.DateField(_("起用日期"))
    source = models.CharField(_("依据文件"), max_length=200)
    reason = models.TextField(_("理由"), max_length=2000)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办"))
    by_name = models.CharField(_("经办"), max_length=60)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.rule_id} {self.parameter} {self.value}".replace("  ", " ")

    def rule(self, on: dt.date) -> Rule:
        """The edition of the rule on a day. Raises UnknownRule."""
        return book().rule(self.rule_id, on)

    @property
    def text(self) -> str:
        """The figure with its unit, in the reader's language."""
        newest = book().history(self.rule_id)[0]
        return (
            newest.figure(self.parameter).written(self.value) if self.parameter in newest.figures else str(self.value)
        )

    @property
    def label(self) -> str:
        newest = book().history(self.rule_id)[0]
        return str(newest.figures[self.parameter].label) if self.parameter in newest.figures else self.parameter


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LocalRule(Written):
    """A local figure 本地数值: what a unit and all below it use instead, from a day to a day.

    An `until` before `since`: it was withdrawn before it came into force.
    """

    until = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        ordering = ["rule_id", "parameter", "unit", "-since"]
        indexes = [models.Index(fields=["rule_id", "unit"], name="localrule_rule_unit")]
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "parameter", "unit", "since"], name="localrule_once"),
            models.UniqueConstraint(
                fields=["rule_id", "parameter", "unit"], condition=Q(until=None), name="localrule_one_open"
            ),
        ]

    def holds(self, on: dt.date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


class RefusedChange(Written):
    """A change that the article does not allow 没有改成: remembered as it was tried, for everybody to see."""

    required = models.JSONField(default=dict)
    """What was allowed then, in both languages."""

    @property
    def allowed(self) -> str:
        return str(Text(self.required.get("zh", ""), self.required.get("en", "")))

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["rule_id", "-at"], name="refusedchange_rule")]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Confirmation(models.Model):
    """An officer compared an edition of a rule with its text 核对. The book's own mark stays beside it."""

    rule_id = models.CharField(_("规则编号"), max_length=4)
    since = models.DateField(_("哪一版"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    holds = models.BooleanField(_("与原文一致"))
    note = models.TextField(_("对照了什么"), max_length=2000)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("经办"), max_length=60)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["rule_id", "-at"], name="confirmation_rule")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.since} {self.by_name}"
