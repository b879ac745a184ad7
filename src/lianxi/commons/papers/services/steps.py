"""The steps of people: upload, apply, undo, discard, stop."""

import base64
import datetime as dt
import hashlib
import posixpath
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotOpenFromHere, NotPermitted

from .. import policies as may
from ..kinds import SheetKind
from ..models import ImportBatch, ImportFile, ImportProgress, ImportRow
from ..sheets.container import kind_of, open_package
from ..terms import AT_WORK, State, Work
from ..workflow import WALK


@transaction.atomic
def upload(
    kind: SheetKind, file: BinaryIO, *, name: str, sheet: str = "", again: bool = False, actor: Actor, at: dt.datetime
) -> ImportBatch:
    """Take in a file and send it to be checked.

    The same file of the same person that still waits or is being previewed is not taken twice: that import comes back.
    Raises NotPermitted, Unreadable, and BadInput if these very bytes were imported before (unless `again`).
    """
    if not kind.may_import(actor):
        raise NotPermitted
    if kind_of(file) == "xlsx":
        open_package(file)
    file.seek(0)
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    if (same := _same(kind, digest, sheet, actor, again)) is not None:
        return same
    batch = ImportBatch(  # type: ignore[misc]
        kind=kind.name, about=kind.record, by_id=actor.person_id, at=at, file_name=_base(name), size=len(data), digest=digest,
        wanted_sheet=sheet.strip()[:100],
    )  # fmt: skip
    begun = WALK.begin(batch, verb="upload", actor=actor, at=at)
    ImportFile.objects.create(batch=begun, content=base64.b64encode(data).decode())
    ImportProgress.objects.create(batch=begun)
    return begun


def _same(kind: SheetKind, digest: str, sheet: str, actor: Actor, again: bool) -> ImportBatch | None:
    found = ImportBatch.objects.select_for_update().filter(kind=kind.name, about=kind.record, digest=digest)
    open_one = found.filter(
        by=actor.person_id, wanted_sheet=sheet.strip()[:100], state__in=(State.WAITING, State.CHECKED)
    ).first()
    if open_one is not None:
        return open_one
    before = found.filter(state__in=(State.APPLYING, State.APPLIED)).order_by("-at").first()
    if before is not None and not again:
        said = _("这个文件%(by)s已经导入过（%(day)s）。要再导入一次，请勾选“再导入一次”。")
        day = f"{before.at:%Y-%m-%d}"
        raise BadInput({"file": str(said) % {"by": before.by.name, "day": day}})
    return None


def _base(name: str) -> str:
    """The file's own name, without folders and what cannot be seen."""
    last = posixpath.basename(name.replace("\\", "/"))
    return "".join(sign for sign in last if sign.isprintable())[-200:] or "—"


@transaction.atomic
def apply(
    batch: ImportBatch, *, good_only: bool, seen: int | None = None, actor: Actor, at: dt.datetime
) -> ImportBatch:
    """Send the good rows on to be imported. With rows that cannot be, only if `good_only` says so.

    Raises what `Walk.take` raises, and BadInput.
    """
    now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state == State.CHECKED:
        if not now.good:
            raise BadInput({"good_only": _("没有可以导入的行。请改好后重新上传。")})
        if now.bad and not good_only:
            raise BadInput({"good_only": _("还有行不能导入。请改好后重新上传，或选“只导入没问题的”。")})
    _rearm(batch, Work.APPLY)
    return WALK.take("apply", batch, actor=actor, at=at, seen=seen, good_only=bool(now.bad), trouble=[])


@transaction.atomic
def undo(batch: ImportBatch, *, reason: str, seen: int | None = None, actor: Actor, at: dt.datetime) -> ImportBatch:
    """Send the import back to be taken out again, whole. Raises what `Walk.take` raises, and BadInput without a reason."""
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句为什么撤销。")})
    _rearm(batch, Work.UNDO)
    return WALK.take("undo", batch, actor=actor, at=at, seen=seen, reason=reason.strip()[:200], trouble=[])


@transaction.atomic
def discard(batch: ImportBatch, *, seen: int | None = None, actor: Actor, at: dt.datetime) -> ImportBatch:
    """Give the import up before it was applied: its rows and its file are thrown away."""
    done = WALK.take("discard", batch, actor=actor, at=at, seen=seen)
    ImportRow.objects.filter(batch=batch).delete()
    ImportFile.objects.filter(batch=batch).delete()
    return done


def stop(batch: ImportBatch, *, actor: Actor) -> None:
    """Ask the job at work on the import to stop; it leaves everything as it was. Raises NotFound, NotPermitted, NotOpenFromHere."""
    now = may.VIEW.get(actor, pk=batch.pk)
    if not may.APPLY.may(actor, now):
        raise NotPermitted
    if now.state not in AT_WORK:
        raise NotOpenFromHere(state=now.state)
    ImportProgress.objects.filter(batch=now).update(stop=True)


def _rearm(batch: ImportBatch, work: Work) -> None:
    """A fresh progress for the next job."""
    ImportProgress.objects.update_or_create(
        batch=batch, defaults={"work": work, "done": 0, "total": 0, "stop": False, "began": None, "moved": None}
    )
