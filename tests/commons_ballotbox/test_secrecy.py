"""Given everything that is stored, the best matching of persons to ballots is no better than chance.

The one who looks owns the database and the keys: he has a real dump, the system's own columns, and opens the sealed names. He
tries every order of every row that leads to a person against every order of every row of the box, and the likeness of texts.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from scipy.optimize import linear_sum_assignment

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Entry
from lianxi.commons.permissions import asking, system
from lianxi.portal.starting import binaries
from tests.commons_ballotbox.conftest import Vote, vote
from tests.street import build_street

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]

VOTERS = 40
LOTS = 40
"""Matchings drawn by lot, with which the best guess is compared."""
BOX = ("ballotbox_entry", "ballotbox_blob", "ballotbox_credential")


@dataclass
class Day:
    """A vote on a day on which people use the house for other things, too. `ballot_of`: what nobody may find out."""

    vote: Vote
    people: list[Person] = field(default_factory=list)
    browsers: list[Client] = field(default_factory=list)
    ballot_of: dict[int, str] = field(default_factory=dict)


@pytest.fixture
def street_of_day(transactional_db: None) -> Iterator[SimpleNamespace]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    with asking(system("voices.clock")):
        yield build_street()


@pytest.fixture
def day(street_of_day: SimpleNamespace) -> Day:
    """Half of the voters are logged in on the phone with which they vote; all of them, and the log-ins, in an order by lot."""
    s, lot = street_of_day, random.Random(49)
    made = Day(vote(s, random.Random(50), "poll_open", voters=VOTERS, items=("同意吗？",)))
    made.people = [Person.objects.create(name=f"居民{n}") for n in range(VOTERS)]
    accounts = [Account.objects.create_user(f"v{n}", "x", person=person) for n, person in enumerate(made.people)]
    made.browsers = [Client() for _person in made.people]
    logged_in = set(lot.sample(range(VOTERS), VOTERS // 2))
    cards = lot.sample(range(VOTERS), VOTERS)
    acts = [("login", n) for n in logged_in] + [("vote", n) for n in range(VOTERS)]
    acts.sort(key=lambda act: lot.random())
    for what, n in acts:
        if what == "login":
            made.browsers[n].force_login(accounts[n], backend="allauth.account.auth_backends.AuthenticationBackend")
            assert made.browsers[n].get("/today/").status_code == 200
        else:
            text = made.vote.ballot(cards[n], [lot.choice(([1, 0], [0, 1], [0, 0]))])
            made.ballot_of[n] = cast(made, n, text)
    return made


def cast(day: Day, n: int, text: bytes) -> str:
    """From the person's own browser, which sends whatever cookies it has."""
    uuid = day.vote.poll.uuid
    assert day.browsers[n].get(f"/vote/{uuid}/").status_code == 200
    answer = day.browsers[n].post(f"/vote/{uuid}/ballots", text, content_type="application/json")
    assert answer.status_code == 201, answer.content
    found: str = answer.json()["hash"]
    return found


def finish(day: Day) -> None:
    one = day.vote
    services.record_attendance(one.poll, cards_given=VOTERS, attended=VOTERS, **one.organiser)
    services.close_poll(one.poll, **one.organiser)
    services.add_up(one.poll.pk, **one.job("add_up"))
    for trustee in one.trustees[:2]:
        one.hand_in(trustee, "share", one.share(trustee))
    services.count(one.poll.pk, **one.job("count"))
    services.publish(one.poll, **one.organiser)
    services.publish_archive(one.poll.pk, at=one.at)


# What the one who looks has -------------------------------------------------------------------------------------


def dumped() -> dict[str, list[dict[str, str]]]:
    """Every table of a real dump: its rows in the order of the dump."""
    facts = connection.settings_dict
    done = subprocess.run(
        [str(binaries.program("pg_dump")), "--data-only", "--no-owner", "-h", str(facts["HOST"]), "-p", str(facts["PORT"]),
         "-U", str(facts["USER"]), str(facts["NAME"])],
        capture_output=True, text=True, check=False, env={"PGPASSWORD": str(facts["PASSWORD"] or "")}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, str]]] = {}
    lines = iter(done.stdout.split("\n"))
    for line in lines:
        if line.startswith("COPY "):
            table, _space, names = line[5:].removesuffix(" FROM stdin;").partition(" ")
            columns = [name.strip('"') for name in names.strip("()").split(", ")]
            rows = itertools.takewhile(lambda one: one != "\\.", lines)
            found[table.removeprefix("public.").strip('"')] = [
                dict(zip(columns, row.split("\t"), strict=True)) for row in rows
            ]
    assert len(found["ballotbox_rollentry"]) == VOTERS
    return found


def with_system_columns(dump: dict[str, list[dict[str, str]]]) -> None:
    """Adds what a dump leaves out: the transaction that wrote a row, and where it lies; and the place in the dump."""
    with connection.cursor() as cursor:
        for table, rows in dump.items():
            if not rows:
                continue
            cursor.execute(f'SELECT xmin::text, ctid::text FROM "{table}" ORDER BY ctid')
            for place, (row, (xmin, ctid)) in enumerate(zip(rows, cursor.fetchall(), strict=True)):
                row |= {"xmin": xmin, "ctid": ctid, "place": str(place)}


def person_columns() -> list[tuple[str, str, str]]:
    """(table, column, table it leads to) of every column that leads to a person or an account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE contype = 'f' AND confrelid::regclass::text IN ('accounts_person', 'accounts_account')"
        )
        return list(cursor.fetchall())


def traces(day: Day, dump: dict[str, list[dict[str, str]]]) -> dict[str, dict[int, dict[str, str]]]:
    """Rows that lead to a voter: table → number of the voter → the last such row."""
    number = {str(person.pk): n for n, person in enumerate(day.people)}
    account = {str(one.pk): number[str(one.person_id)] for one in Account.objects.filter(person__in=day.people)}
    found: dict[str, dict[int, dict[str, str]]] = {
        "ballotbox_rollentry": {int(row["number"]) - 1: row for row in dump["ballotbox_rollentry"]},
        "accounts_person": {number[row["id"]]: row for row in dump["accounts_person"] if row["id"] in number},
        "accounts_account": {account[row["id"]]: row for row in dump["accounts_account"] if row["id"] in account},
    }
    for table, column, to in person_columns():
        known = number if to == "accounts_person" else account
        for row in dump.get(table, ()):
            if row[column] in known:
                found.setdefault(f"{table}.{column}", {})[known[row[column]]] = row
    for table, rows in dump.items():
        if "pgh_obj_id" in (rows[0] if rows else ()) and table.startswith("accounts_"):
            known = number if "person" in table else account
            for row in rows:
                if row["pgh_obj_id"] in known:
                    found.setdefault(table, {})[known[row["pgh_obj_id"]]] = row
    from django.contrib.sessions.backends.db import SessionStore

    sessions = found.setdefault("django_session", {})
    for row in dump["django_session"]:
        said = SessionStore().decode(row["session_data"])
        if str(said.get(SESSION_KEY)) in account:
            seen = {key: str(value) for key, value in said.items()}
            sessions[account[str(said[SESSION_KEY])]] = row | seen
    return {name: rows for name, rows in found.items() if len(rows) >= 12}


def ballots(dump: dict[str, list[dict[str, str]]]) -> dict[str, dict[str, dict[str, str]]]:
    """Rows of the box that lead to a ballot: table → hash of the ballot → the row."""
    entries = {row["payload"]: row for row in dump["ballotbox_entry"] if row["kind"] == "Ballot"}
    blobs = {row["hash"]: row for row in dump["ballotbox_blob"] if row["hash"] in entries}
    cards = {row["key_hash"]: row for row in dump["ballotbox_credential"]}
    return {
        "ballotbox_entry": entries,
        "ballotbox_blob": blobs,
        "ballotbox_credential": {payload: cards[row["credential"]] for payload, row in entries.items()},
    }


def in_order(value: str) -> tuple[Any, ...]:
    """Numbers as numbers, places as places, everything else as text."""
    parts = value.strip("(){}").replace(",", " ").split()
    if parts and all(part.lstrip("-").isdigit() for part in parts):
        return (0, *map(int, parts))
    return (1, value)


def right(order: list[int], others: list[str], truth: dict[int, str]) -> int:
    """How many are right if persons and ballots in these orders belong together, place by place; forwards or backwards."""
    known = [(n, truth[n]) for n in order]
    among = [one for one in others if one in {ballot for _n, ballot in known}]
    return max(
        sum(ballot == guess for (_n, ballot), guess in zip(known, some, strict=True)) for some in (among, among[::-1])
    )


def sorted_by(rows: dict[Any, dict[str, str]], column: str) -> list[Any]:
    """Keys in the order of a column. What stands in one place there stands in an order that says nothing."""
    lot = random.Random(column)
    keys = sorted(rows, key=str)
    lot.shuffle(keys)
    return sorted(keys, key=lambda key: in_order(rows[key].get(column, "")))


def orders(tables: dict[str, dict[Any, dict[str, str]]]) -> dict[str, list[Any]]:
    """Every order that a column of these tables gives."""
    return {
        f"{table}.{column}": sorted_by(rows, column)
        for table, rows in tables.items()
        for column in next(iter(rows.values()))
    }


def guesses(
    people: dict[str, dict[int, dict[str, str]]], box: dict[str, dict[str, dict[str, str]]], truth: dict[int, str]
) -> dict[str, int]:
    """Every order of every row of a person against every order of every row of a ballot: how many are right."""
    mine, theirs = orders(people), orders(box)
    return {f"{a} ~ {b}": right(mine[a], theirs[b], truth) for a, b in itertools.product(mine, theirs)}


def by_lot(truth: dict[int, str], n: int) -> dict[int, str]:
    """The same persons and ballots, who cast which drawn by lot."""
    cast_ = sorted(truth.values())
    random.Random(n).shuffle(cast_)
    return dict(zip(truth, cast_, strict=True))


def likened(people: dict[str, dict[int, dict[str, str]]], box: dict[str, dict[str, dict[str, str]]]) -> dict[int, str]:
    """The best assignment of persons to ballots by how many groups of four signs their rows share."""

    def grams(row: str) -> set[str]:
        return {row[at : at + 4] for at in range(len(row) - 3)}

    mine = [grams(" ".join(" ".join(rows[n].values()) for rows in people.values() if n in rows)) for n in range(VOTERS)]
    keys = sorted(box["ballotbox_entry"])
    theirs = [grams(" ".join(" ".join(rows[key].values()) for rows in box.values())) for key in keys]
    alike = np.array([[len(a & b) / (len(a) * len(b)) ** 0.5 for b in theirs] for a in mine])
    rows, columns = linear_sum_assignment(alike, maximize=True)
    return {int(n): keys[at] for n, at in zip(rows, columns, strict=True)}


def everywhere() -> dict[str, str]:
    """What each table of the house holds, in short."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(md5(t::text || xmin::text), '' ORDER BY md5(t::text)), '')) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()[0]
    return found


# The proofs -----------------------------------------------------------------------------------------------------


def test_the_best_matching_is_no_better_than_chance(day: Day) -> None:
    truth = day.ballot_of
    for moment in ("while it runs", "published"):
        if moment == "published":
            finish(day)
        dump = dumped()
        with_system_columns(dump)
        people, box = traces(day, dump), ballots(dump)
        assert {"ballotbox_rollentry", "accounts_person", "accounts_account", "django_session"} <= set(people)
        assert {len(rows) for rows in box.values()} == {VOTERS}
        found = guesses(people, box, truth)
        assert len(found) > 300
        best = max(found, key=lambda one: found[one])
        luck = [guesses(people, box, by_lot(truth, n)) for n in range(LOTS)]
        assert found[best] <= max(max(one.values()) for one in luck) + 1, (moment, best, found[best])
        means = sorted(sum(one.values()) / len(one) for one in luck)
        assert sum(found.values()) / len(found) <= means[-1] + 0.2, moment
        guess = likened(people, box)
        alike = [sum(guess[n] == one[n] for n in one) for one in (truth, *(by_lot(truth, n) for n in range(LOTS)))]
        assert alike[0] <= max(alike[1:]) + 1, moment
        shared = {
            value for rows in people.values() for row in rows.values() for value in row.values() if len(value) > 7
        }
        shared &= {value for rows in box.values() for row in rows.values() for value in row.values()}
        assert not shared


def test_what_looks_finds_what_is_there(day: Day) -> None:
    """The same search on a house that marks who voted when: it finds everybody."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ballotbox_rollentry DISABLE TRIGGER ballotbox_rollentry_frozen")
        for place, n in enumerate(voted_in_order(day)):
            cursor.execute("UPDATE ballotbox_rollentry SET note = 'x' WHERE number = %s", [n + 1])
            assert place < VOTERS
        cursor.execute("ALTER TABLE ballotbox_rollentry ENABLE TRIGGER ballotbox_rollentry_frozen")
    dump = dumped()
    with_system_columns(dump)
    found = guesses(traces(day, dump), ballots(dump), day.ballot_of)
    assert found["ballotbox_rollentry.xmin ~ ballotbox_entry.height"] == VOTERS


def voted_in_order(day: Day) -> list[int]:
    place = dict(Entry._base_manager.filter(kind="Ballot").values_list("payload", "height"))
    return sorted(day.ballot_of, key=lambda n: place[day.ballot_of[n]])


def test_the_database_does_not_remember_in_which_transaction_a_ballot_came(day: Day) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'ballotbox_blob'")
        beside = cursor.fetchone()[0]
        tables = {"ballotbox_entry": "WHERE kind = 'Ballot'", "ballotbox_blob": "", beside: ""}

        def writers() -> dict[str, int]:
            found = {}
            for table, which in tables.items():
                cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table} {which}")
                found[table] = cursor.fetchone()[0]
            return found

        assert min(writers().values()) >= VOTERS
        services.close_poll(day.vote.poll, **day.vote.organiser)
        assert writers() == dict.fromkeys(tables, 1)


def test_nor_where_the_vote_is_ended_without_a_result(day: Day) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM ballotbox_entry WHERE kind = 'Ballot'")
        assert cursor.fetchone()[0] >= VOTERS
        services.withdraw(day.vote.poll, reason="会议取消", **day.vote.organiser)
        for table in ("ballotbox_entry", "ballotbox_blob"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}")
            assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize(
    ("button", "sent"),
    [("/language/", {"language": "en"}), ("/elder/", {"elder": "1"})],
    ids=["language", "large type"],
)
def test_the_buttons_of_the_booth_note_nobody(day: Day, button: str, sent: dict[str, str]) -> None:
    """Of somebody who is logged in and was away for some minutes: any other page would note the time."""
    n = next(n for n in range(VOTERS) if settings.SESSION_COOKIE_NAME in day.browsers[n].cookies)
    session = day.browsers[n].session
    session["seen_at"] = session["logged_in_at"] = int(time.time()) - 300
    session.save()
    before = everywhere()
    answer = day.browsers[n].post(button, sent | {"next": f"/vote/{day.vote.poll.uuid}/"})
    assert answer.status_code == 302
    assert not answer.wsgi_request.user.is_authenticated
    assert everywhere() == before
    day.browsers[n].get("/today/")
    assert everywhere() != before


def test_a_ballot_writes_nothing_but_itself(day: Day) -> None:
    """From a browser that is logged in: no session, no count, no throttle, no journal, no job, no notice, no look."""
    n = next(n for n in range(VOTERS) if settings.SESSION_COOKIE_NAME in day.browsers[n].cookies)
    day.browsers[n].get("/today/")
    text = day.vote.ballot(0)
    before = everywhere()
    cast(day, n, text)
    uuid = day.vote.poll.uuid
    for path in ("poll.json", "election.json", "ballots/", "hall/", "cards/" + "0" * 64):
        day.browsers[n].get(f"/vote/{uuid}/{path}")
    day.browsers[n].post(f"/vote/{uuid}/ballots", b"{}", content_type="application/json")
    day.browsers[n].post(f"/vote/{uuid}/ballots", text, content_type="application/json")
    after = everywhere()
    assert {table for table in after if after[table] != before[table]} == {
        "ballotbox_entry", "ballotbox_blob", "ballotbox_poll",
    }  # fmt: skip
    assert day.browsers[n].get("/today/").status_code == 200, "logged in as before"


def test_a_vote_knows_nobody_who_is_logged_in(day: Day) -> None:
    n = next(n for n in range(VOTERS) if settings.SESSION_COOKIE_NAME in day.browsers[n].cookies)
    seen = day.browsers[n].get(f"/vote/{day.vote.poll.uuid}/")
    assert not seen.wsgi_request.user.is_authenticated
    assert day.people[n].name not in seen.content.decode()
    assert settings.SESSION_COOKIE_NAME not in seen.cookies
