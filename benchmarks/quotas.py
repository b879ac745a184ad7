"""A seat plan of 800 units × 20 trades: opened from its stored result, computed again, tried with other weights, printed.

    python -m benchmarks.quotas [units] [trades] [seats]

Makes a database of its own beside the one of DATABASE_URL and drops it again. The bars: a page in 300 ms, a computation in 1 s.
"""

import os
import random
import sys
from fractions import Fraction
from typing import Any

import django

from benchmarks.organization import AT, DAY, repeated, timed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
os.environ.setdefault("LIANXI_TEST_KEYS", "1")


def rows(units: int, trades: int, lot: random.Random) -> list[dict[str, Any]]:
    """Units of very different sizes; a quarter of the cells empty."""
    found = []
    for n in range(units):
        scale = lot.choice((1, 1, 2, 4, 9))
        people = [0 if lot.random() < 0.25 else scale * lot.randrange(3, 90) for _ in range(trades)]
        people[n % trades] += 20
        members = sum(people)
        found.append(
            {
                "name": f"第{n}选举单位", "members": members, "organizations": lot.randrange(2, 40), "population": members * lot.randrange(8, 30),
                "people": people, "women": members * 2 // 5, "young": members // 3, "minority": members // 20,
            }
        )  # fmt: skip
    return found


def main(units: int, trades: int, seats: int) -> None:
    from django.test.utils import setup_test_environment
    from tests.street import build_street

    from lianxi.commons.permissions import asking, system

    setup_test_environment()
    with asking(system("voices.clock")):
        measure(build_street(), units, trades, seats)


def measure(s: Any, units: int, trades: int, seats: int) -> None:
    from django.test import Client
    from tests.organization import grow

    from lianxi.commons.accounts.models import Account
    from lianxi.delegates.quotas import queries, reckoning, services

    grow(s)
    who = {"actor": s.actor(s.organiser), "at": AT}
    plan = services.begin(s.top, title="八百单位代表大会", kind="conference", seats=seats, **who)
    named = [{"name": f"行业{n}", "sign": chr(0x4E00 + n), "rest": n == 0, "front_line": n > 4} for n in range(trades)]
    plan = services.set_trades(plan, trades=named, **who)
    plan = services.put_figures(plan, on=DAY, rows=rows(units, trades, random.Random(7)), **who)
    print(f"{units} units × {trades} trades, {seats} seats")
    plan = timed("computed, certified, checked, stored", lambda: services.compute(plan, **who))
    print(f"outcome {plan.outcome}; certificate {len(reckoning.canonical(plan.current.certificate)) / 1000:.0f} kB")
    if plan.outcome == "tied":
        plan = timed(
            "its tie decided by lot", lambda: services.draw_ties(plan, seed="38-07-91", paper="党工委会议", **who)
        )
    listed, columns = queries.loaded(plan)
    asked = reckoning.asked_of(plan, listed, columns)
    repeated("the computation alone", lambda: reckoning.reckon(asked), 10)
    account = Account.objects.create_user("organiser", person=s.organiser)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/delegates/{plan.pk}/"
    client.get(page)
    repeated("page: the plan, from its stored result", lambda: client.get(page))
    repeated("page: one cell worked out", lambda: client.get(f"{page}?cell=417-11", headers={"HX-Request": "true"}))
    repeated("page: the last units", lambda: client.get(f"{page}?from={units - 10}"))
    repeated("page: the certificate", lambda: client.get(f"{page}certificate/"))
    trial = {"weight_members": "2/5", "weight_organizations": "1/5", "weight_population": "2/5", "floor": "1", "seats": str(seats)}  # fmt: skip
    repeated("page: what changes if", lambda: client.get(page, trial, headers={"HX-Request": "true"}), 5)
    repeated("list of plans", lambda: client.get("/delegates/"))
    timed("allocation table as a spreadsheet", lambda: client.get(f"{page}sheet/"))
    assert Fraction(sum(plan.current.seat("a"))) == seats


if __name__ == "__main__":
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        sizes = [int(one) for one in sys.argv[1:4]]
        main(*(sizes + [800, 20, 3000][len(sizes) :]))
    finally:
        connection.close()
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
