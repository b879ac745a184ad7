"""What happened to a person's posts and account 任职与账号的经过."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event


class PersonEvent(Event):
    """One act on a person's posts or account; `facts` holds the role, the unit's name and the term."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name=_("本人"))

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="person_event_number")]
