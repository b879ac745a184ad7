"""Real workers, killed in the middle of a letter: none lost, none twice, except where the documentation says so."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.notices import services
from lianxi.commons.notices.models import Delivery
from lianxi.commons.notices.terms import DeliveryState

from .conftest import URGENT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 90
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> None:
    """Django does not empty the tables of procrastinate after a test."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


@pytest.fixture
def start(settings: Any, sink: Any, tmp_path: Path) -> Iterator[Start]:
    """Starts workers on the database of the tests and the mail server of the tests; ends them all afterwards."""
    running: list[subprocess.Popen[bytes]] = []
    db = connection.settings_dict
    secret = f":{db['PASSWORD']}" if db["PASSWORD"] else ""

    def one(module: str = "tests.commons_notices.worker_settings", hands: int = 2) -> "subprocess.Popen[bytes]":
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": module,
            "DATABASE_URL": f"postgres://{db['USER']}{secret}@{db['HOST']}:{db['PORT']}/{db['NAME']}",
            "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            "DIES_ONCE": str(tmp_path / "died"),
            "PYTHONPATH": os.pathsep.join(["src", ".", os.environ.get("PYTHONPATH", "")]),
        }
        with (tmp_path / f"worker-{len(running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", str(hands)],
                env=env, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        running.append(process)
        return process

    yield one
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def all_ended() -> bool:
    return not Delivery.objects.exclude(state__in=(DeliveryState.SENT, DeliveryState.GIVEN_UP)).exists()


def let_half_a_minute_pass() -> None:
    """The dead worker's heartbeat becomes old: what half a minute does, without waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'")


def post(people: SimpleNamespace, count: int) -> None:
    """Posted at noon, so that no quiet hours hold them; sent by the real clock, which is later."""
    noon = timezone.localtime(timezone.now() - dt.timedelta(days=1)).replace(hour=12)
    for number in range(count):
        assert services.post(URGENT, to=people.lu, link=f"/{number}/", key=str(number), at=noon)


def links(sink: Any) -> list[str]:
    return sorted(one.get_body(("plain",)).get_content().split("localhost:8000/")[1].split("/")[0] for one in sink.got)


def test_killed_before_the_server_took_it_the_letter_arrives_once_after_the_restart(
    people: SimpleNamespace, sink: Any, start: Start
) -> None:
    arrived, killed = threading.Event(), threading.Event()

    def hang() -> None:
        arrived.set()
        killed.wait(PATIENCE)
        raise ConnectionResetError

    sink.before_ok.append(hang)
    post(people, 3)
    worker = start(hands=1)  # a second hand could be between the server's yes and our record: the next test's case
    assert arrived.wait(PATIENCE)
    worker.kill()
    worker.wait(20)
    killed.set()
    assert Delivery.objects.filter(state=DeliveryState.SENDING).exists()
    let_half_a_minute_pass()
    start()
    until(all_ended)
    assert links(sink) == ["0", "1", "2"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    until(
        lambda: not ProcrastinateJob.objects.filter(task_name="notices.deliver", status__in=("todo", "doing")).exists()
    )


def test_killed_after_the_server_took_it_a_second_copy_is_recognisable_as_the_same(
    people: SimpleNamespace, sink: Any, start: Start
) -> None:
    """The one case that no sender can avoid: the server's yes and our record of it are two things."""
    post(people, 3)
    worker = start("tests.commons_notices.dying_settings")
    assert worker.wait(PATIENCE) == -signal.SIGKILL
    let_half_a_minute_pass()
    start()
    until(all_ended)
    assert set(links(sink)) == {"0", "1", "2"}, "none is lost"
    copies: dict[str, list[Any]] = {}
    for letter in sink.got:
        copies.setdefault(letter["Message-ID"], []).append(letter)
    assert len(copies) == 3
    doubled = [many for many in copies.values() if len(many) > 1]
    assert 1 <= len(doubled) <= 2, "at most what the two hands of the killed worker held"
    for first, second in doubled:
        assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()


def test_two_workers_at_once_send_each_letter_once(people: SimpleNamespace, sink: Any, start: Start) -> None:
    post(people, 25)
    start()
    start()
    until(all_ended)
    time.sleep(1)
    assert links(sink) == sorted(str(number) for number in range(25))
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.SENT, 1)}


def test_a_job_that_is_rolled_back_enqueues_nothing_even_inside_a_worker(people: SimpleNamespace) -> None:
    """Inside a worker the app talks through another connection; what is enqueued must not."""
    from django.db import transaction
    from procrastinate.contrib.django import app

    from lianxi.commons.jobs import enqueue

    with (
        app.replace_connector(app.connector.get_worker_connector()),  # type: ignore[attr-defined]
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        enqueue("nobody.knows")
        raise RuntimeError
    assert not ProcrastinateJob.objects.exists()
