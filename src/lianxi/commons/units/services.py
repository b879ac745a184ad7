"""A part of the tree is hung elsewhere, one unit after the other, so that it can be told how far it is."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Substr

from .models import Unit


def hang(unit: Unit, below: Unit) -> Iterator[str]:
    """Give a locked unit another parent; gives the former path of each unit, as soon as its records have followed.

    The caller holds the transaction, has asked whether it is allowed, and takes all that comes: what is not taken has not
    moved. The database refuses a cycle (IntegrityError).
    """
    before = unit.path
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lianxi.paths_below', 'later', true)")
    unit.parent = below
    unit.save(update_fields=["parent"])
    unit.refresh_from_db(fields=["path"])
    yield before
    following = Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk).order_by("path")
    for pk, path in list(following.values_list("pk", "path")):
        rest = Concat(Value(unit.path), Substr(F("path"), len(before) + 1), output_field=TextField())
        Unit.objects.filter(pk=pk).update(path=rest)
        yield path
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lianxi.paths_below', '', true)")
