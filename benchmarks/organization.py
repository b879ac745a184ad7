"""Figures of the register: importing 20,000 members, lists and records over them, moving a community with its members.

    python -m benchmarks.organization [rows]

Makes a database of its own beside the one of DATABASE_URL and drops it again. Prints one line a figure.
"""

import datetime as dt
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
os.environ.setdefault("LIANXI_TEST_KEYS", "1")
AT = dt.datetime(2026, 11, 16, 9, 5, tzinfo=dt.UTC)
DAY = AT.date()


def database_time() -> float:
    """Seconds of processor that the database's process for our connection has used; 0 where it cannot be told."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(what: str, act: Callable[[], Any]) -> Any:
    """Print how long it took, and how much processor Python and the database used of that: others may use the machine."""
    began, own, database = time.perf_counter(), time.process_time(), database_time()
    result = act()
    spent = time.perf_counter() - began
    used = time.process_time() - own, database_time() - database
    print(f"{what:<44}{spent:>9.2f} s  processor: {used[0]:.1f} s here, {used[1]:.1f} s database")
    return result


def repeated(what: str, act: Callable[[], Any], times: int = 30) -> None:
    spent = []
    own, database = time.process_time(), database_time()
    for _time in range(times):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    used = (time.process_time() - own + database_time() - database) / times * 1000
    print(
        f"{what:<44}{statistics.median(spent):>9.1f} ms  p95 {spent[int(times * 0.95)]:.1f} ms  processor {used:.0f} ms"
    )


def memory() -> float:
    """Highest resident size so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(rows: int) -> None:
    from django.test.utils import setup_test_environment
    from tests.street import build_street

    from lianxi.commons.permissions import asking, system

    setup_test_environment()
    with asking(system("voices.clock")):
        measure(build_street(), rows)


def measure(s: Any, rows: int) -> None:
    from django.test import Client
    from tests.organization import grow
    from tests.organization_members.rolls import people, roll

    from lianxi.commons.accounts.models import Account
    from lianxi.commons.papers import services as papers
    from lianxi.commons.papers.kinds import kind_named
    from lianxi.commons.papers.services.meter import Meter
    from lianxi.commons.papers.terms import Work
    from lianxi.commons.units.models import Unit
    from lianxi.organization.members import queries
    from lianxi.organization.units import services as units

    grow(s)
    names = []
    for number in range(400):
        parent = s.wanghuai if number % 2 else s.tingsong
        names.append(f"第{number}党支部")
        Unit.objects.create(name=names[-1], kind="branch", parent=parent)
    who = {"actor": s.actor(s.organiser), "at": AT}
    file = roll(list(people(rows, names, random.Random(7))))
    print(f"{rows} rows, {file.getbuffer().nbytes / 1e6:.1f} MB; memory before {memory():.0f} MB")

    def run(batch: Any, work: Work, verb: Callable[..., None]) -> Any:
        with Meter(batch.pk, work) as meter:
            verb(batch.pk, meter=meter, **who)
        batch.refresh_from_db()
        return batch

    batch = papers.upload(kind_named("members"), file, name="roll.xlsx", **who)
    batch = timed("import: preview", lambda: run(batch, Work.CHECK, papers.check_batch))
    papers.apply(batch, good_only=True, **who)
    batch = timed("import: apply", lambda: run(batch, Work.APPLY, papers.apply_batch))
    print(f"applied {batch.applied}; memory after {memory():.0f} MB")

    account = Account.objects.create_user("organiser", person=s.organiser)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    first = queries.page(queries.Asked(), actor=who["actor"], on=DAY)
    repeated("page: list of members", lambda: client.get("/members/"))
    repeated("page: list, second page", lambda: client.get(f"/members/?after={first.next}"))
    repeated("page: list by birth, women over 70", lambda: client.get("/members/?order=-born&sex=2&age=70-"))
    repeated("page: list, name", lambda: client.get("/members/?q=王安"))
    repeated("page: a member", lambda: client.get(f"/members/{first.rows[3].pk}/"))
    repeated("page: tree", lambda: client.get("/units/"))
    repeated("page: a community", lambda: client.get(f"/units/{s.wanghuai.pk}/"))

    target = Unit.objects.create(name="砚北街道党工委", kind="street", parent=s.district)
    from lianxi.commons.permissions.models import Posting

    Posting.objects.create(person=s.organiser, unit=s.district, role="organiser", since=dt.date(2025, 1, 1))
    who["actor"] = s.actor(s.organiser)
    move = units.move(s.wanghuai, target=target, reason="区划调整", **who)
    print(f"move: {move.below} units and {move.records} records below")
    timed("move: a community with its members", lambda: units.run_move(move.pk, **who))
    move.refresh_from_db()
    print(f"move ended: {move.state}")
    timed("import: undo refused or done", lambda: papers.undo(batch, reason="only measuring", **who))
    batch = timed("import: undo", lambda: run(batch, Work.UNDO, papers.undo_batch))
    print(f"undo ended: {batch.state}")


if __name__ == "__main__":
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    finally:
        connection.close()
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
