"""How long answers took."""

import datetime as dt

from django.db.models import F

from lianxi.commons.permissions import Actor
from lianxi.participation.voices import policies


def answered_within(days: int | None, *, actor: Actor) -> int:
    """How many voices that the actor may see were first answered within so many natural days of receipt; None: at all."""
    found = policies.VIEW.all(actor).filter(answered_at__isnull=False)
    return (
        found.count()
        if days is None
        else found.filter(answered_at__lte=F("received_at") + dt.timedelta(days=days)).count()
    )
