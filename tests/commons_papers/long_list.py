"""A list of persons, as slow as `SLOW` seconds a row, which a worker of its own process can be told to write."""

import os
import time
from typing import Any, ClassVar

from django.db.models import QuerySet

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers.services import lists
from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.terms import Role


def _name(person: Person) -> str:
    time.sleep(float(os.environ.get("SLOW", "0")))
    return person.name


class PersonList(lists.ListKind):
    """For clerks: everybody whose name begins with the question. Phones in full for a reason."""

    name: ClassVar[str] = "test_persons"
    label: ClassVar[str] = "人员清单"
    columns = (
        ExportColumn("name", "姓名", _name),
        ExportColumn("phone", "手机", lambda person: person.phone, as_text=True, field="phone"),
    )
    may_reveal: ClassVar[bool] = True

    def may(self, actor: Actor) -> bool:
        return actor.holds(Role.CLERK)

    def rows(self, asked: str, *, actor: Actor, at: Any) -> QuerySet[Any, Any]:
        return self.visible(actor).filter(name__startswith=asked).order_by("pk")

    def visible(self, actor: Actor) -> QuerySet[Any, Any]:
        return Person.objects.exclude(name__endswith="藏")

    def subject(self, record: Any) -> int:
        return int(record.pk)


LIST = lists.register(PersonList())
