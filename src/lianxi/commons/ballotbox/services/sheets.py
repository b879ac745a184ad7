"""签到表: the roll with its names in full, for signing on paper."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor
from lianxi.commons.protection.models import Look
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import NotPermitted

from .. import policies
from ..models import Poll, RollEntry


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the sheet."""

    number: int
    name: str
    note: str


def attendance_sheet(poll: Poll, *, actor: Actor, at: dt.datetime, reason: str = "") -> list[SheetRow]:
    """Every name of the roll, after the looks at them have been recorded and committed. The roll itself is not touched.

    Raises NotPermitted for who neither leads the poll nor gives out its cards.
    """
    if not policies.ROLL.may(actor, poll):
        raise NotPermitted(open_to=[one.says for one in policies.ROLL.clauses if one.open])
    entries = list(RollEntry._base_manager.filter(poll=poll.pk).order_by("number"))
    kind = ContentType.objects.get_for_model(RollEntry)
    with transaction.atomic():
        Look.objects.bulk_create(
            Look(at=at, by_id=actor.person_id, by_name=actor.name, reason=reason or _("打印签到表"), of_kind=kind, of_pk=one.pk, field="name")
            for one in entries
        )  # fmt: skip
    return [SheetRow(one.number, open_for_delivery(one.name), one.note) for one in entries]
