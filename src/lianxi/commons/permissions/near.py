"""Whose turn it is, among all who may: the post nearest to the record."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from .actor import Actor
from .models import Posting
from .rows import NOBODY
from .terms import Role


def nearest(
    actor: Actor, *roles: Role, over: str, on: dt.date, above: bool = False, but: QuerySet[Any, Any] | None = None
) -> Q:
    """Records for which the actor holds one of the roles nearer than anybody else who can log in.

    Permissions go down the whole tree; a duty has one owner, or the street would be asked for every branch's. `over`: as in `holds`.
    `above`: only posts strictly above the record's unit count. `but`: persons (a queryset of keys, with `OuterRef(OuterRef("pk"))` for
    the record) who may not do it, so that it goes on to the next. Gives `NOBODY` where none of the roles is held.
    """
    column = f"{over}_path" if over else "path"
    found = NOBODY
    for path in sorted({post.path for post in actor.posts if post.role in roles}):
        nearer = (
            Posting.objects.held(on)
            .filter(role__in=roles, person__account__is_active=True, unit__path__startswith=path)
            .exclude(unit__path=path)
            .filter(Func(OuterRef(column), F("unit__path"), function="starts_with", output_field=BooleanField()))
        )
        mine = Q(**{f"{column}__startswith": path})
        if above:
            nearer = nearer.exclude(unit__path=OuterRef(column))
            mine &= ~Q(**{column: path})
        if but is not None:
            nearer = nearer.exclude(person__in=but)
        mine &= ~Q(Exists(nearer))
        found = mine if found is NOBODY else found | mine
    return found
