"""Reads on persons."""

from .models import Person


def person_of(pk: int) -> Person | None:
    """The person of that key."""
    return Person.objects.filter(pk=pk).first()
