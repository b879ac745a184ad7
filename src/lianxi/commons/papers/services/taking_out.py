"""Lists of any length: a short one comes at once, a long one is written by a job and fetched later.

The file lies in the database, sealed, in parts: whichever worker writes it, whichever web process hands it out, neither
holds more of it than a part. Only the one who asked may fetch it, until its time is over; by then it is gone. When it is
fetched every record in it is asked for again: one that is no longer open to the person makes the whole file void, with
the same words whatever the reason, so that nothing can be told from it.
"""

import base64
import datetime as dt
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.jobs import enqueue
from lianxi.commons.jobs.queries import held
from lianxi.commons.permissions import Actor
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import NotPermitted, Refusal

from .. import policies as may
from ..models import ExportOrder, ExportPart
from ..notices_of import tell_failed, tell_ready
from ..terms import OrderState
from .exporting import TYPES, ExportFile, check_reveal, export, file_name_of, on_record, written
from .lists import ListKind, list_named

STEP = 500
"""Rows after which the progress is written."""
AT_ONCE = 1000
PART = 384 * 1024
"""Bytes of a part: so much of the file is ever in memory."""
ASKED_AT_ONCE = 5000


class NoLongerThere(Refusal):
    """The file's time is over, or something about the list or the person has changed: one sentence for all."""

    code, status = "no-longer-there", 410
    sentence = _("这个文件已经清除：过了时间，或者名单、职务变了。请重新导出。")


@dataclass(frozen=True, slots=True)
class Handed:
    """A finished file on its way out; `parts` reads it piece by piece."""

    file_name: str
    content_type: str
    size: int
    parts: Iterator[bytes]


def take_out(
    kind: ListKind, *, asked: str, format: str, language: str, actor: Actor, at: dt.datetime,
    reveal: tuple[str, ...] = (), reason: str = "",
) -> ExportFile | ExportOrder:  # fmt: skip
    """Take a list out: the file itself up to `EXPORT_AT_ONCE` rows, beyond that an order for the job.

    `asked`: the list's query string. `reveal`: protected columns to be given in full, with a reason. The same order that
    is still being written is not made twice. Raises NotPermitted, BadInput.
    """
    if not kind.may(actor) or actor.person_id is None:
        raise NotPermitted
    check_reveal(kind.columns, frozenset(reveal), kind.may_reveal, reason)
    rows = kind.rows(asked, actor=actor, at=at)
    if rows[: settings.EXPORT_AT_ONCE + 1].count() <= settings.EXPORT_AT_ONCE:
        return export(
            kind.columns, rows.iterator(chunk_size=AT_ONCE), name=kind.label, format=format, actor=actor, at=at,
            reveal=reveal, reason=reason, may_reveal=kind.may_reveal, subject=kind.subject, asked={"query": asked},
        )  # fmt: skip
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.person_id)
        same = {"kind": kind.name, "format": format, "asked": asked, "language": language, "reveal": sorted(reveal)}
        waiting = ExportOrder.objects.filter(**same, by=actor.person_id, state=OrderState.RUNNING).first()
        if waiting is not None:
            return waiting
        made = ExportOrder.objects.create(**same, by_id=actor.person_id, at=at, reason=reason[:200])
        made.job = enqueue("papers.export", lock=f"papers.export:{actor.person_id}", order_id=made.pk)
        made.save(update_fields=["job"])
    return made


def write_order(order_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """The work of the job: write the file, then in one transaction keep it, put it on record, and tell the person.

    Killed before that, nothing of it is there, and the next run writes it anew; a run that finds it written, or given
    up by the person, does nothing.
    """
    order = ExportOrder.objects.filter(pk=order_id, state=OrderState.RUNNING).first()
    if order is None:
        return
    kind = list_named(order.kind)
    if not kind.may(actor):
        fail(order_id, at=at)
        return
    rows = kind.rows(order.asked, actor=actor, at=order.at)
    shown, keys = frozenset(order.reveal), array("q")
    _progress(order, began=_now(), moved=_now(), done=0, total=rows.count())

    def counted() -> Iterator[Any]:
        for record in rows.iterator(chunk_size=AT_ONCE):
            keys.append(record.pk)
            if len(keys) % STEP == 0 and not _progress(order, done=len(keys), moved=_now()):
                raise GivenUp
            yield record

    try:
        file, count = written(
            kind.columns, counted(), name=kind.label, format=order.format, shown=shown, reason=order.reason,
            subject=kind.subject, actor=actor, at=order.at, again=True,
        )  # fmt: skip
    except GivenUp:
        return
    with file:
        _keep(order, kind, file, count, keys, actor=actor, at=at)


class GivenUp(Exception):
    """The person wants the list no more."""


@transaction.atomic
def _keep(
    order: ExportOrder,
    kind: ListKind,
    file: IO[bytes],
    count: int,
    keys: "array[int]",
    *,
    actor: Actor,
    at: dt.datetime,
) -> None:
    now = ExportOrder.objects.select_for_update().filter(pk=order.pk, state=OrderState.RUNNING).first()
    if now is None:
        return
    now.size = 0
    for number, part in enumerate(iter(lambda: file.read(PART), b"")):
        ExportPart.objects.create(order=now, number=number, content=base64.b64encode(part).decode())
        now.size += len(part)
    on_record(
        kind.columns, name=kind.label, format=now.format, rows=count, shown=frozenset(now.reveal), reason=now.reason,
        asked={"query": now.asked}, actor=actor, at=now.at,
    )  # fmt: skip
    now.state, now.done, now.total, now.keys = OrderState.DONE, count, count, keys.tobytes()
    now.file_name = file_name_of(kind.label, now.format, now.at)
    now.until = at + dt.timedelta(hours=settings.EXPORT_HOURS)
    now.save()
    tell_ready(now, label=kind.label, at=at)


def _progress(order: ExportOrder, **change: Any) -> bool:
    """Write how far it is, at once; whether it is still wanted."""
    return bool(ExportOrder.objects.filter(pk=order.pk, state=OrderState.RUNNING).update(**change))


def _now() -> dt.datetime:
    """The clock on the wall: progress is not a fact of the record."""
    return timezone.now()


def fetch(pk: int, *, actor: Actor, at: dt.datetime) -> Handed:
    """Hand the file to the one who asked for it. Raises NotFound to anybody else, NoLongerThere.

    The permission is asked again, for the list and for every record in it.
    """
    order: ExportOrder = may.FETCH.get(actor, pk=pk)
    if order.state != OrderState.DONE or order.until is None or order.until <= at:
        raise NoLongerThere
    if not _all_open(order, actor):
        drop(pk, actor=actor)
        raise NoLongerThere
    return Handed(order.file_name, TYPES[order.format], order.size, _parts(order.pk))


def _all_open(order: ExportOrder, actor: Actor) -> bool:
    kind = list_named(order.kind)
    if not kind.may(actor):
        return False
    keys = array("q")
    keys.frombytes(bytes(order.keys))
    for first in range(0, len(keys), ASKED_AT_ONCE):
        part = keys[first : first + ASKED_AT_ONCE].tolist()
        if kind.visible(actor).filter(pk__in=part).count() != len(part):
            return False
    return True


def _parts(order_id: int) -> Iterator[bytes]:
    number = 0
    while (part := ExportPart.objects.filter(order=order_id, number=number).first()) is not None:
        yield base64.b64decode(open_for_delivery(part.content))
        number += 1


@transaction.atomic
def drop(pk: int, *, actor: Actor) -> None:
    """The person wants it no more: a running job stops, a file is cleared away. Raises NotFound."""
    order: ExportOrder = may.FETCH.get(actor, pk=pk)
    _clear(order.pk, OrderState.GONE)


@transaction.atomic
def fail(pk: int, *, at: dt.datetime) -> None:
    """The job could not write it: say so."""
    order = ExportOrder.objects.select_for_update().filter(pk=pk, state=OrderState.RUNNING).first()
    if order is not None:
        _clear(pk, OrderState.FAILED)
        tell_failed(order, label=list_named(order.kind).label, at=at)


def expire(*, at: dt.datetime) -> int:
    """Clear away the files whose time is over, and give up the orders whose job is no more; gives how many."""
    over = list(ExportOrder.objects.filter(state=OrderState.DONE, until__lte=at).values_list("pk", flat=True))
    for pk in over:
        with transaction.atomic():
            _clear(pk, OrderState.GONE)
    lost = list(ExportOrder.objects.filter(~held("job"), state=OrderState.RUNNING).values_list("pk", flat=True))
    for pk in lost:
        fail(pk, at=at)
    return len(over) + len(lost)


def _clear(pk: int, state: OrderState) -> None:
    ExportOrder.objects.filter(pk=pk).update(state=state, keys=b"")
    ExportPart.objects.filter(order=pk).delete()
