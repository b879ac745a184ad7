"""`python -m benchmarks.groups`: a round of 3,000 members and 60 groups placed through the service, and the pages of it.

Needs DATABASE_URL of a database that may be written to; everything is rolled back.
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import django


def main(members: int = 3000, groups: int = 60, runs: int = 3) -> int:
    """Print the seconds of each part; exit status 1 if placing takes a second or more, or a page 300 ms."""
    django.setup()
    from django.db import transaction
    from django.test import Client

    from lianxi.commons.accounts.models import Account, Person
    from lianxi.commons.permissions import asking, system
    from lianxi.commons.permissions.actor import actor_of
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role
    from lianxi.commons.units.models import Unit
    from lianxi.commons.units.terms import UnitKind
    from lianxi.organization.groups import services
    from lianxi.organization.groups.models import Participant, Proof, RoundGroup
    from lianxi.portal.demo.members import build_members

    lot, at = Random(3000), dt.datetime.now(dt.UTC)
    taken: dict[str, list[float]] = {}
    with transaction.atomic(), asking(system("groups.tell")):
        top = Unit.objects.create(name="量速街道", kind=UnitKind.STREET)
        branch = Unit.objects.create(name="量速党支部", kind=UnitKind.BRANCH, parent=top)
        branch.refresh_from_db()
        person = Person.objects.create(name="量速员")
        Posting.objects.create(person=person, unit=branch, role=Role.ORGANISER, since=dt.date(2025, 1, 1))
        actor = actor_of(person.pk, on=at.date())
        build_members([branch], count=members, today=at.date(), lot=lot)
        client = Client()
        client.force_login(
            Account.objects.create_user(f"speed{person.pk}", person=person),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        later = at + dt.timedelta(days=2)

        def look(when: str, *pages: str) -> None:
            for page in pages:
                began = time.perf_counter()
                assert client.get(f"/{page}").status_code == 200, page
                name = re.sub(r"\d+", "N", page.removeprefix("groups/"))
                taken.setdefault(f"{when}: {name}", []).append(time.perf_counter() - began)

        for run in range(runs):
            record = services.begin(branch, title=f"第{run}轮", closes_at=at + dt.timedelta(days=1), actor=actor, at=at)
            for n in range(groups):
                services.add_group(
                    record, name=f"{n}组", branch=branch, lo=3, hi=members // groups + 3, actor=actor, at=at
                )
            record = services.open_round(record, actor=actor, at=at)
            keys = list(RoundGroup.objects.filter(round=record).order_by("pk").values_list("pk", flat=True))
            people = list(Participant.objects.filter(round=record))
            slip = f"groups/{record.pk}/roll/{people[0].pk}/slip/"
            look("open", "today/", f"groups/{record.pk}/", f"groups/{record.pk}/roll/?view=silent", slip)
            for one in people:
                one.wishes = list(dict.fromkeys(keys[int(lot.random() ** 2 * groups)] for _wish in range(3)))
                one.answer = "phone"
            Participant.objects.bulk_update(people, ["wishes", "answer"], batch_size=500)
            steps: tuple[tuple[str, Callable[[Any], Any]], ...] = (
                ("close", lambda r: services.close(r, actor=actor, at=later)),
                (
                    "draw",
                    lambda r: services.draw(r, seed="3-1-4-1-5", how="typed", witnesses="两人", actor=actor, at=later),
                ),
                ("place", lambda r: services.place_all(r, actor=actor, at=later)),
            )
            for name, act in steps:
                began = time.perf_counter()
                record = act(record)
                taken.setdefault(name, []).append(time.perf_counter() - began)
            base = f"groups/{record.pk}/"
            pages = (
                "",
                "roll/",
                "roll/?rank=1",
                f"groups/{keys[0]}/",
                f"roll/{people[0].pk}/",
                "check/",
                "certificate/",
            )
            look("placed", "today/", *(f"{base}{page}" for page in pages), f"{base}print/result/", "search/?q=组")
        proof = Proof.objects.get(round=record)
        print(
            f"{members} members, {groups} groups, {runs} runs; profile {proof.profile}; certificate {len(proof.text) // 1024} KiB"
        )
        for name, seconds in taken.items():
            print(f"{name:30} {statistics.median(seconds):7.3f} s   worst {max(seconds):7.3f} s")
        transaction.set_rollback(True)
    slow = [name for name, seconds in taken.items() if ": " in name and statistics.median(seconds) >= 0.3]
    if slow:
        print("300 ms or more:", ", ".join(slow))
    return int(statistics.median(taken["place"]) >= 1 or bool(slow))


if __name__ == "__main__":
    sys.exit(main())
