"""Saved views 存下的视图: a person's own name for a question to a list."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person


class SavedView(models.Model):
    """A list's question under a name. It holds an address, not rows: whoever opens it sees what he or she may see then."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    room = models.CharField(max_length=40)
    label = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "room"], name="saved_view_of")]

    def __str__(self) -> str:
        return self.label
