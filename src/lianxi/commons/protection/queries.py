"""Who looked."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from lianxi.commons.permissions import Actor, kept_from

from .models import Look

SIZE = 50


def looks_at(record: models.Model) -> QuerySet[Look, Any]:
    """Looks at one record, newest first."""
    return Look.objects.filter(of_kind=ContentType.objects.get_for_model(record), of_pk=record.pk)


def looks_at_person(person_id: int) -> QuerySet[Look, Any]:
    """Every look at a person's own protected data, newest first."""
    return Look.objects.filter(subject=person_id).select_related("of_kind")


@dataclass(frozen=True, slots=True)
class Line:
    look: Look
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Line]
    next: int = 0


def own_looks(actor: Actor, *, after: int = 0) -> Page:
    """A page of looks at the actor's own data. Those at a record that is kept from the actor are not there."""
    found = looks_at_person(actor.person_id or 0)
    for kind in ContentType.objects.filter(pk__in=found.order_by().values("of_kind").distinct()):
        model = kind.model_class()
        if model is not None and (kept := kept_from(model, actor)):
            away = model._base_manager.filter(kept).values("pk")
            found = found.exclude(of_kind=kind, of_pk__in=away)
    if after and (last := found.filter(pk=after).first()):
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(found[: SIZE + 1])
    more = rows[SIZE - 1].pk if len(rows) > SIZE else 0
    return Page([_line(one) for one in rows[:SIZE]], more)


def _line(look: Look) -> Line:
    model = look.of_kind.model_class()
    if model is None:
        return Line(look, look.field, "")
    try:
        word = str(getattr(model._meta.get_field(look.field), "verbose_name", look.field))
    except FieldDoesNotExist:
        word = look.field
    return Line(look, word, str(model._meta.verbose_name))
