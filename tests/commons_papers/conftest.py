"""Imports in tests: the kind of sheet, a clerk who may import it, and a worker that runs what is enqueued."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.papers import kinds, services
from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.services.meter import Meter
from lianxi.commons.papers.terms import Work

from .books import book_of
from .people import PeopleSheet

HEAD = ("姓名", "手机", "语言", "日期")


@pytest.fixture
def kind() -> Iterator[PeopleSheet]:
    made = PeopleSheet()
    kinds.register(made)
    yield made
    kinds._KINDS.pop(made.name)


@pytest.fixture
def clerk(street: Any) -> Any:
    return street.actor(street.clerk)


@pytest.fixture
def upload(kind: PeopleSheet, clerk: Any, at: dt.datetime) -> Callable[..., ImportBatch]:
    """Upload rows (under the usual header), or a file."""

    def send(*rows: tuple[Any, ...], file: io.BytesIO | None = None, **more: Any) -> ImportBatch:
        return services.upload(
            kind, file or book_of([HEAD, *rows]), name="名单.xlsx", **({"actor": clerk, "at": at} | more)
        )

    return send


@pytest.fixture
def work(clerk: Any, at: dt.datetime) -> Callable[[ImportBatch, str], ImportBatch]:
    """Run the job of an import, as a worker would."""

    def run(batch: ImportBatch, which: str, **more: Any) -> ImportBatch:
        verb = {"check": services.check_batch, "apply": services.apply_batch, "undo": services.undo_batch}[which]
        with Meter(batch.pk, Work(which)) as meter:
            verb(batch.pk, **({"actor": clerk, "at": at, "meter": meter} | more))
        batch.refresh_from_db()
        return batch

    return run


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))
