"""Jobs come with their act, come back from dead workers, and go when the law lets go of them."""

import datetime as dt

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from lianxi.commons.jobs import enqueue, queries, services

NOW = dt.datetime.now(dt.UTC)


def worker(*, seconds_ago: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds_ago],
        )
        return int(cursor.fetchone()[0])


def taken_by(job: int, worker: int | None, attempts: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker, attempts, job],
        )


def ended(job: int, state: str, days_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [state, job])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 day' WHERE job_id = %s", [days_ago, job]
        )


def status(job: int) -> str:
    return str(ProcrastinateJob.objects.values_list("status", flat=True).get(pk=job))


@pytest.mark.django_db
def test_a_job_is_rolled_back_with_its_act() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("nobody.knows", fact=1)
        assert ProcrastinateJob.objects.count() == 1
        raise RuntimeError
    assert ProcrastinateJob.objects.count() == 0
    job = ProcrastinateJob.objects.get(pk=enqueue("nobody.knows", at=NOW, lock="a", queue="slow", fact=1))
    assert (job.task_name, job.args, job.lock, job.queue_name, job.scheduled_at) == (
        "nobody.knows", {"fact": 1}, "a", "slow", NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_only_jobs_of_dead_workers_are_put_back() -> None:
    jobs = {name: enqueue("nobody.knows") for name in ("alive", "silent", "forgotten", "waits")}
    taken_by(jobs["alive"], worker(seconds_ago=5))
    taken_by(jobs["silent"], worker(seconds_ago=31))
    taken_by(jobs["forgotten"], None)
    assert queries.stalled().count() == 2
    assert services.rescue(at=NOW) == 2
    assert {name: status(job) for name, job in jobs.items()} == {
        "alive": "doing", "silent": "todo", "forgotten": "todo", "waits": "todo",
    }  # fmt: skip
    assert services.rescue(at=NOW) == 0


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = enqueue("nobody.knows")
    for attempt in range(services.TRIES - 1):
        taken_by(job, None, attempt)
        assert services.rescue(at=NOW) == 1
        assert ProcrastinateJob.objects.get(pk=job).attempts == attempt + 1
    taken_by(job, None, services.TRIES - 1)
    assert services.rescue(at=NOW) == 0
    assert status(job) == "failed"


@pytest.mark.django_db
def test_health_says_how_the_jobs_are() -> None:
    found = queries.health()
    assert (found.workers, found.last_beat, found.waiting, found.oldest, found.well) == (0, None, 0, None, False)
    worker(seconds_ago=100)
    alive = worker(seconds_ago=1)
    enqueue("nobody.knows")
    enqueue("nobody.knows", at=NOW + dt.timedelta(days=1))
    ended(enqueue("nobody.knows"), "failed", 0.5)
    ended(enqueue("nobody.knows"), "failed", 1.5)
    taken_by(enqueue("nobody.knows"), alive)
    found = queries.health()
    assert (found.workers, found.waiting, found.stalled, found.failed, found.well) == (1, 1, 0, 1, True)
    assert found.last_beat
    assert found.oldest
    taken_by(enqueue("nobody.knows"), None)
    assert not queries.health().well


@pytest.mark.django_db
def test_records_of_jobs_stay_as_long_as_the_law_says_and_those_of_each_minute_shortly() -> None:
    kept = [enqueue("nobody.knows"), enqueue("nobody.knows"), enqueue("nobody.knows", queue=services.MINUTE)]
    gone = [enqueue("nobody.knows"), enqueue("nobody.knows"), enqueue("nobody.knows", queue=services.MINUTE)]
    waits = enqueue("nobody.knows")
    for job, state, days in zip(kept, ("succeeded", "failed", "succeeded"), (180, 180, 2), strict=True):
        ended(job, state, days)
    for job, state, days in zip(gone, ("succeeded", "failed", "succeeded"), (190, 190, 4), strict=True):
        ended(job, state, days)
    ProcrastinateEvent.objects.filter(job=waits)
    services.clean_up(at=dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == {*kept, waits}


def test_the_house_s_tasks_are_found_and_run_by_the_clock() -> None:
    from procrastinate.contrib.django import app

    assert {"voices.tell", "voices.clock", "notices.deliver", "notices.sweep", "jobs.rescue", "jobs.clean_up"} <= set(
        app.tasks
    )
    runs = {name: one.cron for (name, _id), one in app.periodic_registry.periodic_tasks.items()}
    assert runs["voices.clock"] == runs["notices.sweep"] == runs["jobs.rescue"] == "* * * * *"
    for name in ("jobs.rescue", "notices.sweep", "voices.clock"):
        assert app.tasks[name].lock is None, "killed, it must not keep the next one out"
        assert app.tasks[name].queueing_lock == name
