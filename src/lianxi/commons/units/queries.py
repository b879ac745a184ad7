"""Reads on the unit tree."""

from typing import Any

from django.db.models import QuerySet

from .models import Unit


def unit_of(pk: int) -> Unit | None:
    """The unit of that key."""
    return Unit.objects.filter(pk=pk).first()


def tree(kind: str = "") -> QuerySet[Unit, Any]:
    """Units in the order of the tree, of one kind if it is named."""
    found = Unit.objects.filter(kind=kind) if kind else Unit.objects.all()
    return found.order_by("path")
