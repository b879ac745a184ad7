"""How long an import of 20,000 rows takes, and how much memory: `python -m benchmarks.papers [rows]`.

A sheet as a member register has it (16 columns, titles, merged cells, mixed dates, numbers as text, 1 in 100 rows wrong)
is written, uploaded, checked, applied and undone on a database of its own kind: persons. Bar: check and apply together
under a minute, memory bounded. Everything is rolled back.
"""

import datetime as dt
import io
import os
import resource
import sys
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import django

os.environ.setdefault("LIANXI_TEST_KEYS", "1")
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from lianxi.commons.accounts.models import Person  # noqa: E402
from lianxi.commons.papers import kinds, services, sheets  # noqa: E402
from lianxi.commons.papers.kinds import SheetKind  # noqa: E402
from lianxi.commons.papers.models import ImportBatch  # noqa: E402
from lianxi.commons.papers.queries import preview  # noqa: E402
from lianxi.commons.papers.services import ExportColumn  # noqa: E402
from lianxi.commons.papers.services.meter import Meter  # noqa: E402
from lianxi.commons.papers.sheets import Column, Row  # noqa: E402
from lianxi.commons.papers.sheets.cells import _WEIGHTS  # noqa: E402
from lianxi.commons.papers.terms import Work  # noqa: E402
from lianxi.commons.permissions import Actor, asking  # noqa: E402


class Register(SheetKind):
    """Persons with the columns of a member register."""

    name, label = "bench", "党员名册"
    columns = (
        Column("name", "姓名", sheets.name(), required=True),
        Column("identity", "公民身份号码", sheets.identity(), aliases=("身份证号",), as_text=True, mask="identity"),
        Column("phone", "手机", sheets.phone(), as_text=True, mask="phone"),
        Column("joined", "入党时间", sheets.date()),
        Column("sex", "性别", sheets.choice({"男": "m", "女": "f"})),
        *(Column(f"c{n}", f"第{n}项", sheets.text()) for n in range(10)),
    )

    def may_import(self, actor: Actor) -> bool:
        return True

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        yield "identity", values.get("identity")

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        phones = [row.values["phone"] for row in rows if row.values.get("phone")]
        found = Person.objects.filter(phone_is__in=[_blind(phone) for phone in phones]).values_list(
            "phone_is", flat=True
        )
        known = {bytes(one) for one in found}
        for row in rows:
            if row.values.get("phone") and _blind(row.values["phone"]) in known:
                row.duplicate("phone", "已登记")

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> list[Person]:
        return Person.objects.bulk_create(
            Person(name=row.values["name"], phone=row.values["phone"] or "") for row in rows
        )


def _blind(text: str) -> bytes:
    from lianxi.commons.blinding import blind

    return blind(text)


def identity(n: int) -> str:
    first = f"999{n % 1000:03d}1980{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def sheet(rows: int) -> io.BytesIO:
    """The register as an office has it."""
    book = Workbook(write_only=True)
    page = book.create_sheet("名册")
    page.append(["砚湖街道党员名册"])
    page.append(["序号", "姓名", "身份证号", "手机", "入党时间", "性别", *(f"第{n}项" for n in range(10))])
    forms = ("2020-1-5", "2020/1/5", "2020.1.5", "2020年1月5日", "20200105", 43835)
    for n in range(rows):
        day = "98.7" if n % 100 == 0 else forms[n % 6]
        phone: Any = 17000000000 + n if n % 2 else f" {17000000000 + n}"
        page.append([n + 1, f"人　{n}", identity(n), phone, day, "男", *(f"第{n % 40}支部{m}" for m in range(10))])
    out = io.BytesIO()
    book.save(out)
    return out


def memory() -> int:
    """The peak so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    before, began = memory(), time.perf_counter()
    made = work()
    took = time.perf_counter() - began
    print(f"{name:<34}{took:8.1f} s   peak {memory():5d} MB (+{memory() - before})", flush=True)
    return made, took


def main(rows: int) -> None:
    kind = Register()
    kinds.register(kind)
    file = sheet(rows)
    print(f"{rows} rows, {len(file.getvalue()) / 1e6:.1f} MB")
    with transaction.atomic():
        person = Person.objects.create(name="某某")
        actor = Actor(name=person.name, person_id=person.pk)
        with asking(actor):
            walk(kind, file, actor, rows)
        transaction.set_rollback(True)


def walk(kind: SheetKind, file: io.BytesIO, actor: Actor, rows: int) -> None:
    at = timezone.now()

    def job(batch: ImportBatch, work: Work, verb: Callable[..., None]) -> None:
        with Meter(batch.pk, work) as meter:
            verb(batch.pk, actor=actor, at=at, meter=meter)
        batch.refresh_from_db()

    batch, _ = timed("upload", lambda: services.upload(kind, file, name="名册.xlsx", actor=actor, at=at))
    _, check = timed("check", lambda: job(batch, Work.CHECK, services.check_batch))
    print(f"  ready {batch.ready}, mended {batch.mended}, wrong {batch.wrong}, duplicate {batch.duplicate}")
    timed("a page of the preview", lambda: preview(batch, "", rows // 2))
    services.apply(batch, good_only=True, actor=actor, at=at)
    _, apply = timed("apply", lambda: job(batch, Work.APPLY, services.apply_batch))
    columns = [
        ExportColumn("name", "姓名", lambda p: p.name),
        ExportColumn("phone", "手机", lambda p: p.phone, as_text=True, field="phone"),
    ]
    timed(
        "export as .xlsx",
        lambda: services.export(columns, Person.objects.all().iterator(), name="名册", actor=actor, at=at),
    )
    services.undo(batch, reason="试一试", actor=actor, at=at)
    timed("undo", lambda: job(batch, Work.UNDO, services.undo_batch))
    print(f"check and apply together: {check + apply:.1f} s (bar: 60 s)  state {batch.state}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
