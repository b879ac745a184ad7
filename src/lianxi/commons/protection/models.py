"""Looks 查看记录."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person


class Look(models.Model):
    """Somebody saw a protected field of a record 查看. Committed before the plain text is given out; never changed."""

    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("查看人"), max_length=60)
    reason = models.CharField(_("理由"), max_length=200)
    of_kind = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    of_pk = models.BigIntegerField()
    field = models.CharField(max_length=60)
    subject = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("本人"), help_text=_("这条信息属于谁")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["of_kind", "of_pk", "-at"], name="look_record"),
            models.Index(fields=["subject", "-at"], name="look_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.field}"
