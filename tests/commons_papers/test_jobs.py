"""Jobs: enqueued with the change or not at all; killed in the middle and run again they work once."""

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers import services
from lianxi.commons.papers.models import ImportBatch, ImportMade, ImportProgress, ImportRow
from lianxi.commons.papers.terms import State

from .books import book_of
from .conftest import HEAD, jobs
from .people import PeopleSheet

ROWS = [(f"人{n}", f"137{n:08d}", "中文", "2020-01-05") for n in range(1020)]


def run_worker() -> None:
    """Everything that waits, in this process."""
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.fixture
def batch(transactional_db: None, kind: PeopleSheet, at: dt.datetime) -> ImportBatch:
    from lianxi.commons.permissions import asking, system
    from tests.street import build_street

    with asking(system("voices.clock")):
        street = build_street()
        clerk = street.actor(street.clerk)
        return services.upload(kind, book_of([HEAD, *ROWS]), name="名单.xlsx", actor=clerk, at=at)


def clerk_of(batch: ImportBatch, at: dt.datetime) -> Any:
    from lianxi.commons.permissions.actor import actor_of

    return actor_of(batch.by_id, on=at.date())


@pytest.mark.django_db
def test_no_job_without_its_change(kind: PeopleSheet, clerk: Any, at: dt.datetime) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        services.upload(kind, book_of([HEAD, ROWS[0]]), name="x.xlsx", actor=clerk, at=at)
        raise ZeroDivisionError
    assert (ImportBatch.objects.count(), jobs()) == (0, [])


def test_a_worker_takes_an_import_through(batch: ImportBatch, at: dt.datetime) -> None:
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, batch.ready) == (State.CHECKED, 1020)
    progress = ImportProgress.objects.get(batch=batch)
    assert (progress.done, progress.total, progress.work) == (1020, 1020, "check")
    services.apply(batch, good_only=False, actor=clerk_of(batch, at), at=at)
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, batch.applied, Person.objects.filter(name__startswith="人").count()) == (
        State.APPLIED,
        1020,
        1020,
    )
    services.undo(batch, reason="传错了", actor=clerk_of(batch, at), at=at)
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, Person.objects.filter(name__startswith="人").count()) == (State.UNDONE, 0)


def test_a_job_run_twice_works_once(batch: ImportBatch, at: dt.datetime) -> None:
    app.configure_task("papers.check").defer(batch_id=batch.pk)
    run_worker()
    assert ImportRow.objects.filter(batch=batch).count() == 1020
    services.apply(batch, good_only=False, actor=clerk_of(batch, at), at=at)
    app.configure_task("papers.apply").defer(batch_id=batch.pk)
    run_worker()
    assert Person.objects.filter(name__startswith="人").count() == 1020
    assert ImportMade.objects.filter(batch=batch).count() == 1020


CHILD = """
import sys, time, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from lianxi.commons.papers import kinds
from tests.commons_papers.people import PeopleSheet
kind = PeopleSheet()
kinds.register(kind)
first = kind.apply
def slow(rows, **more):
    made = first(rows, **more)
    print("chunk", flush=True)
    time.sleep(30)
    return made
kind.apply = slow
from django.utils import timezone
from lianxi.commons.papers import services
from lianxi.commons.papers.services.meter import Meter
from lianxi.commons.permissions import asking
from lianxi.commons.permissions.actor import actor_of
actor = actor_of(int(sys.argv[3]), on=timezone.localdate())
with asking(actor), Meter(int(sys.argv[2]), "apply") as meter:
    services.apply_batch(int(sys.argv[2]), actor=actor, at=timezone.now(), meter=meter)
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it_all(
    batch: ImportBatch, at: dt.datetime
) -> None:
    run_worker()
    services.apply(batch, good_only=False, actor=clerk_of(batch, at), at=at)
    name = connection.settings_dict["NAME"]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, name, str(batch.pk), str(batch.by_id)], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": "src:."},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "chunk\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state LIKE 'idle in tr%%'", [name]
            )
            if cursor.fetchone() == (0,):
                break
        time.sleep(0.1)
    assert Person.objects.filter(name__startswith="人").count() == 0
    batch.refresh_from_db()
    assert batch.state == State.APPLYING
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, Person.objects.filter(name__startswith="人").count()) == (State.APPLIED, 1020)


def test_somebody_stops_a_running_job(batch: ImportBatch, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    services.stop(batch, actor=clerk_of(batch, at))
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == (State.DISCARDED, 0)


def test_progress_is_seen_while_the_transaction_is_open(batch: ImportBatch, at: dt.datetime, kind: PeopleSheet) -> None:
    seen: list[int] = []
    first = kind.check

    def looking(rows: Any, **more: Any) -> None:
        from django.db import connections

        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT done FROM papers_importprogress WHERE batch_id = %s", [batch.pk])
            seen.append(cursor.fetchone()[0])
        other.close()
        first(rows, **more)

    kind.check = looking  # type: ignore[method-assign]
    run_worker()
    assert seen == [0, 1000]


def test_a_job_that_keeps_failing_gives_up_and_says_so(batch: ImportBatch, at: dt.datetime, kind: PeopleSheet) -> None:
    from types import SimpleNamespace

    from lianxi.commons.papers import tasks

    def broken(rows: Any, **more: Any) -> None:
        raise RuntimeError("broken")

    kind.check = broken  # type: ignore[method-assign]
    for attempts, state in ((1, State.WAITING), (2, State.WAITING), (3, State.UNREADABLE)):
        context = SimpleNamespace(job=SimpleNamespace(attempts=attempts))
        with pytest.raises(RuntimeError):
            tasks._run(context, batch.pk, "check", services.check_batch)  # type: ignore[arg-type]
        batch.refresh_from_db()
        assert batch.state == state
    assert "系统的问题" in batch.troubles[0]
