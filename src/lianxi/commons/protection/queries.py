"""Who looked."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from .models import Look


def looks_at(record: models.Model) -> QuerySet[Look, Any]:
    """Looks at one record, newest first."""
    return Look.objects.filter(of_kind=ContentType.objects.get_for_model(record), of_pk=record.pk)


def looks_at_person(person_id: int) -> QuerySet[Look, Any]:
    """Every look at a person's own protected data, newest first."""
    return Look.objects.filter(subject=person_id).select_related("of_kind")
