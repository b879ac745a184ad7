"""Tokens 接口令牌."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person


class Token(models.Model):
    """Lets a program act as a person, with those of the person's posts whose roles are named. Kept as a digest only."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(_("用途"), max_length=80)
    digest = models.BinaryField(unique=True, editable=False)
    roles: Any = ArrayField(models.CharField(max_length=20), verbose_name=_("职务"))
    since = models.DateTimeField(_("起用"))
    until = models.DateTimeField(_("到期"))
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    used_on = models.DateField(_("最近使用"), null=True, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.name
