"""Long lists: written by a job, fetched by the one who asked while he or she may; killed in the middle, written once."""

import base64
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.jobs.services import rescue
from lianxi.commons.notices.models import Notice
from lianxi.commons.notices.queries import notices_of
from lianxi.commons.papers import services
from lianxi.commons.papers.models import Export, ExportOrder, ExportPart
from lianxi.commons.papers.services import ExportFile, NoLongerThere
from lianxi.commons.papers.terms import OrderState
from lianxi.commons.permissions.models import Posting
from lianxi.commons.protection.models import Look
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted
from tests.officers import login, sure

from .conftest import jobs
from .long_list import LIST

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _short(settings: Any) -> None:
    settings.EXPORT_AT_ONCE = 5
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def crowd(street: SimpleNamespace) -> SimpleNamespace:
    Person.objects.bulk_create(Person(name=f"众{n:04d}", phone=f"138{n:08d}") for n in range(12))
    return street


def ask(s: SimpleNamespace, at: dt.datetime, who: str = "clerk", **more: Any) -> Any:
    plain: dict[str, Any] = {"asked": "众", "format": "csv", "language": "zh-hans"}
    return services.take_out(LIST, **(plain | more), actor=s.actor(getattr(s, who)), at=at)


def run(s: SimpleNamespace, order: ExportOrder, at: dt.datetime, who: str = "clerk") -> ExportOrder:
    services.write_order(order.pk, actor=s.actor(getattr(s, who)), at=at)
    order.refresh_from_db()
    return order


def read(s: SimpleNamespace, order: ExportOrder, at: dt.datetime, who: str = "clerk") -> bytes:
    return b"".join(services.fetch(order.pk, actor=s.actor(getattr(s, who)), at=at).parts)


def test_a_short_list_comes_at_once(crowd: SimpleNamespace, at: dt.datetime, settings: Any) -> None:
    settings.EXPORT_AT_ONCE = 12
    taken = ask(crowd, at)
    assert isinstance(taken, ExportFile)
    assert taken.rows == 12
    assert (ExportOrder.objects.count(), jobs()) == (0, [])


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_long_one_is_written_by_a_job_and_is_the_same(
    crowd: SimpleNamespace, at: dt.datetime, settings: Any, format: str
) -> None:
    order = ask(crowd, at, format=format)
    assert (order.state, jobs(), ExportPart.objects.count()) == (OrderState.RUNNING, ["papers.export"], 0)
    with pytest.raises(NoLongerThere):
        read(crowd, order, at)
    order = run(crowd, order, at)
    assert (order.state, order.done, order.total, order.until) == (OrderState.DONE, 12, 12, at + 24 * HOUR)
    file = read(crowd, order, at)
    assert len(file) == order.size
    settings.EXPORT_AT_ONCE = 100
    whole = ask(crowd, at, format=format).content.read()
    assert file == whole if format == "csv" else file[:2] == whole[:2] == b"PK"
    assert "众0011" in file.decode("utf-8-sig") if format == "csv" else True
    assert Export.objects.filter(name="人员清单", rows=12, asked={"query": "众"}).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM papers_exportpart")
        stored = b"".join(bytes(one) for (one,) in cursor.fetchall())
    assert stored
    assert base64.b64encode(file)[:40] not in stored


def test_the_same_order_is_not_made_twice(crowd: SimpleNamespace, at: dt.datetime) -> None:
    first = ask(crowd, at)
    assert ask(crowd, at + HOUR) == first
    assert ask(crowd, at, format="xlsx") != first
    assert len(jobs()) == 2


def test_the_one_who_asked_is_told_and_nobody_else(crowd: SimpleNamespace, at: dt.datetime) -> None:
    order = run(crowd, ask(crowd, at), at)
    [row] = notices_of(crowd.actor(crowd.clerk)).rows
    assert (row.title, row.body) == (
        "导出好了：人员清单",
        "12行。11月17日9:05以前可以下载，只有您能下载。",
    )
    assert row.link == f"/papers/exports/{order.pk}/"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("who", ["supervisor", "resident"])
def test_others_neither_order_nor_find_it(crowd: SimpleNamespace, at: dt.datetime, who: str) -> None:
    with pytest.raises(NotPermitted):
        ask(crowd, at, who)
    order = run(crowd, ask(crowd, at), at)
    with pytest.raises(NotFound):
        read(crowd, order, at, who)
    with pytest.raises(NotFound):
        services.drop(order.pk, actor=crowd.actor(getattr(crowd, who)))
    browser = sure(getattr(crowd, who))
    for address in ("", "file/", "progress/"):
        assert browser.get(f"/papers/exports/{order.pk}/{address}").status_code == 404
    assert browser.post(f"/papers/exports/{order.pk}/drop/").status_code == 404
    assert ExportOrder.objects.get().state == OrderState.DONE


def test_its_time_runs_out(crowd: SimpleNamespace, at: dt.datetime, settings: Any) -> None:
    settings.EXPORT_HOURS = 2
    order = run(crowd, ask(crowd, at), at)
    assert read(crowd, order, at + 2 * HOUR - dt.timedelta(seconds=1))
    with pytest.raises(NoLongerThere):
        read(crowd, order, at + 2 * HOUR)
    assert services.expire(at=at + HOUR) == 0
    assert services.expire(at=at + 2 * HOUR) == 1
    order.refresh_from_db()
    assert (order.state, bytes(order.keys), ExportPart.objects.count()) == (OrderState.GONE, b"", 0)


def test_whoever_lost_the_post_does_not_get_the_file(crowd: SimpleNamespace, at: dt.datetime) -> None:
    order = run(crowd, ask(crowd, at), at)
    Posting.objects.filter(person=crowd.clerk).delete()
    with pytest.raises(NoLongerThere):
        read(crowd, order, at)
    assert ExportPart.objects.count() == 0


def test_the_post_is_asked_again_when_the_job_writes(crowd: SimpleNamespace, at: dt.datetime) -> None:
    order = ask(crowd, at)
    Posting.objects.filter(person=crowd.clerk).delete()
    order = run(crowd, order, at)
    assert (order.state, Export.objects.count()) == (OrderState.FAILED, 0)
    assert [row.title for row in notices_of(crowd.actor(crowd.clerk)).rows] == ["没有导出成：人员清单"]


def test_a_record_that_is_no_longer_open_makes_the_file_void(crowd: SimpleNamespace, at: dt.datetime) -> None:
    order = run(crowd, ask(crowd, at), at)
    Person.objects.filter(name="众0003").update(name="众0003藏")
    with pytest.raises(NoLongerThere) as refused:
        read(crowd, order, at)
    assert "藏" not in str(refused.value)
    assert "0003" not in str(refused.value)
    assert ExportPart.objects.count() == 0


def test_looks_are_on_record_once_even_if_the_job_runs_twice(
    crowd: SimpleNamespace, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput):
        ask(crowd, at, reveal=("phone",))
    assert not ExportOrder.objects.exists()
    order = ask(crowd, at, reveal=("phone",), reason="核对电话")
    with monkeypatch.context() as patched:
        patched.setattr("lianxi.commons.papers.services.taking_out._keep", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(crowd, order, at)
    assert (Look.objects.count(), Export.objects.count()) == (12, 0)
    order = run(crowd, order, at + HOUR)
    assert (order.state, Look.objects.count(), Export.objects.count()) == (OrderState.DONE, 12, 1)
    assert "13800000011" in read(crowd, order, at + HOUR).decode("utf-8-sig")
    run(crowd, order, at + HOUR)
    assert (Export.objects.count(), Notice.objects.count()) == (1, 1)


def test_dropped_while_it_is_written_nothing_is_kept(
    crowd: SimpleNamespace, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianxi.commons.papers.services.taking_out.STEP", 5)
    order = ask(crowd, at)
    first = LIST.columns[0].value

    def drops(person: Any) -> Any:
        if person.name == "众0004":
            services.drop(order.pk, actor=crowd.actor(crowd.clerk))
        return first(person)

    monkeypatch.setattr(type(LIST), "columns", (type(LIST.columns[0])("name", "姓名", drops),))
    order = run(crowd, order, at)
    assert (order.state, ExportPart.objects.count(), Export.objects.count()) == (OrderState.GONE, 0, 0)
    assert not Notice.objects.exists()


def test_an_order_whose_job_is_no_more_is_given_up(crowd: SimpleNamespace, at: dt.datetime) -> None:
    order = ask(crowd, at)
    assert services.expire(at=at) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [order.job])
    assert services.expire(at=at) == 1
    order.refresh_from_db()
    assert order.state == OrderState.FAILED


def test_pages_show_it_and_hand_it_out_after_a_proof(crowd: SimpleNamespace, at: dt.datetime) -> None:
    now = timezone.now()
    order = ask(crowd, now)
    browser = sure(crowd.clerk)
    page = browser.get(f"/papers/exports/{order.pk}/").content.decode()
    assert "正在导出人员清单" in page
    assert "hx-get" in browser.get(f"/papers/exports/{order.pk}/progress/").content.decode()
    run(crowd, order, now)
    assert browser.get(f"/papers/exports/{order.pk}/progress/")["HX-Redirect"] == f"/papers/exports/{order.pk}/"
    assert f"/papers/exports/{order.pk}/file/" in browser.get(f"/papers/exports/{order.pk}/").content.decode()
    assert "人员清单" in browser.get("/papers/").content.decode()
    answer = browser.get(f"/papers/exports/{order.pk}/file/")
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content))  # type: ignore[arg-type]
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(f"/papers/exports/{order.pk}/file/").status_code == 302
    unproved = login(crowd.clerk).get(f"/papers/exports/{order.pk}/file/")
    assert unproved.status_code == 302
    assert "reauthenticate" in unproved["Location"]
    assert browser.post(f"/papers/exports/{order.pk}/drop/").status_code == 302
    assert browser.get(f"/papers/exports/{order.pk}/file/").status_code == 410
    browser.cookies["language"] = "en"
    assert "This file has been cleared away" in browser.get(f"/papers/exports/{order.pk}/").content.decode()


def test_memory_does_not_grow_with_the_list(
    crowd: SimpleNamespace, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianxi.commons.papers.services.taking_out.PART", 16 * 1024)
    monkeypatch.setattr("lianxi.commons.papers.writing.IN_MEMORY", 16 * 1024)
    Person.objects.bulk_create(Person(name=f"短{n}") for n in range(2000))
    Person.objects.bulk_create([Person(name=f"长{n}") for n in range(12000)], batch_size=2000)
    peaks = []
    for asked in ("短", "短", "长"):
        order = ask(crowd, at, asked=asked)
        tracemalloc.start()
        run(crowd, order, at)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        ExportOrder.objects.all().update(state=OrderState.GONE)
    assert peaks[2] < 1.7 * peaks[1], peaks


# A real worker, killed ------------------------------------------------------------------------------------------


def until(what: Any) -> None:
    end = time.monotonic() + 90
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def worker(folder: Path, slow: str) -> "subprocess.Popen[bytes]":
    db = connection.settings_dict
    secret = f":{db['PASSWORD']}" if db["PASSWORD"] else ""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.commons_papers.slow_settings", "SLOW": slow, "LIANXI_TEST_KEYS": "1",
        "DATABASE_URL": f"postgres://{db['USER']}{secret}@{db['HOST']}:{db['PORT']}/{db['NAME']}",
        "PYTHONPATH": os.pathsep.join(["src", ".", os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    with (folder / f"worker-{slow}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1"],
            env=env, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_writes_it_once(tmp_path: Path) -> None:
    from lianxi.commons.permissions import asking, system
    from tests.street import build_street

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    now = timezone.now()
    with asking(system("voices.clock")):
        s = build_street()
        Person.objects.bulk_create(Person(name=f"众{n:04d}", phone=f"138{n:08d}") for n in range(1500))
        order = ask(s, now, reveal=("phone",), reason="核对电话")
    first = worker(tmp_path, "0.01")
    try:
        until(Look.objects.exists)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (ExportPart.objects.count(), Export.objects.count(), Notice.objects.count()) == (0, 0, 0)
    assert ExportOrder.objects.get().state == OrderState.RUNNING
    assert ExportOrder.objects.get().done >= 500, "it had begun"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'")
    assert rescue(at=timezone.now()) == 1
    second = worker(tmp_path, "0")
    try:
        until(lambda: ExportOrder.objects.get().state == OrderState.DONE)
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(30)
    with asking(system("voices.clock")):
        lines = read(s, order, timezone.now()).decode("utf-8-sig").splitlines()
    assert len(lines) == 1501
    assert len(set(lines)) == 1501
    assert (Export.objects.count(), Notice.objects.count(), Look.objects.count()) == (1, 1, 1500)
