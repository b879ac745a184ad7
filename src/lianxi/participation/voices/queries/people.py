"""Persons who hold a post and are named in a text: found to be kept away, never shown."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, TextField, Value
from django.db.models.functions import Length
from django.utils.translation import override

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role


def named_in(words: str, *, on: dt.date) -> list[Person]:
    """Everybody who holds a post on that day and whose name (two characters at least) stands in `words`."""
    if len(words) < 2:
        return []
    held = Posting.objects.held(on).values("person")
    return list(
        Person.objects.annotate(words=Value(words, output_field=TextField()), letters=Length("name"))
        .filter(pk__in=held, letters__gte=2, words__contains=F("name"))
        .order_by("pk")
    )


def left_over(words: str, named: Iterable[Person]) -> bool:
    """Whether the words say more than these names and what posts they hold: then somebody else may be meant too."""
    for person in named:
        words = words.replace(person.name, "")
    with override("zh-hans"):
        for post in sorted((str(label) for label in Role.labels), key=len, reverse=True):
            words = words.replace(post, "")
    return any(c.isalnum() for c in words)
