"""Many at once: one chain, no ballot lost or twice, and the end is the end."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Entry, Poll, PollEvent
from lianxi.commons.ballotbox.queries.election import GROUP, election_of
from lianxi.commons.ballotbox.services.receiving import BadBallot, Replayed, VotedAlready
from lianxi.commons.permissions import asking, system
from lianxi.commons.refusals import BadInput, NotOpenFromHere, Refusal
from lianxi.engines.ballots import credentials, hints
from lianxi.engines.ballots.archive import read_event
from tests.commons_ballotbox.conftest import Vote, vote
from tests.engines_ballots.vectors import resigned
from tests.street import build_street

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def s(transactional_db: None) -> Iterator[SimpleNamespace]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    with asking(system("voices.clock")):
        yield build_street()


def each(acts: list[Callable[[], Any]], threads: int = 60) -> list[Any]:
    """What each act gave or raised, many of them at the same time."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, acts))


def chain_holds(one: Vote, ballots: int) -> list[Entry]:
    """Heights from 0 without a gap, each entry after the one before, the head at the end. Gives the ballots."""
    rows = list(Entry._base_manager.filter(poll=one.poll.pk).order_by("height"))
    assert [row.height for row in rows] == list(range(len(rows)))
    parent = None
    for row in rows:
        event = read_event(row.text.encode(), "")
        assert (event.parent, event.height) == (parent, row.height)
        parent = row.hash
    poll = one.fresh()
    assert (poll.head, poll.height) == (parent, len(rows) - 1)
    assert poll.ballots == len({row.credential for row in rows if row.kind == "Ballot"})
    found = [row for row in rows if row.kind == "Ballot"]
    assert len(found) == ballots
    return found


def test_a_forged_ballot_among_those_that_are_checked_together(s: SimpleNamespace) -> None:
    """Most come with their hints, two with those of somebody else, one is forged with hints of its own."""
    one = vote(s, random.Random(17), "poll_open", voters=24, items=("同意吗？",))
    election = election_of(one.poll)
    assert election is not None
    texts = [one.ballot(n, [[1, 0]]) for n in range(24)]
    value = json.loads(texts[23])
    proof = value["answers"][0]["overall_proof"][0]
    proof["response"] = str(int(proof["response"]) - 1)
    texts[23] = resigned(value, credentials.secret_of(GROUP, one.poll.uuid, one.cards[23]))
    given = [hints.record(election, text)[hints.COUNT :] for text in texts]
    given[3], given[4] = given[4], given[3]
    results = each([lambda n=n: services.cast(one.poll.uuid, texts[n], given[n]) for n in range(24)], threads=24)
    assert [type(result) for result in results] == [services.Receipt] * 23 + [BadBallot]
    chain_holds(one, 23)


def test_three_hundred_at_once_make_one_chain(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(7), "poll_open", voters=300, items=("同意吗？",))
    texts = [one.ballot(n, [[1, 0]]) for n in range(300)]
    results = each([lambda text=text: services.cast(one.poll.uuid, text) for text in texts], threads=300)
    assert [result for result in results if not isinstance(result, services.Receipt)] == []
    rows = chain_holds(one, 300)
    assert sorted(row.payload for row in rows) == sorted(result.hash for result in results)


def test_one_ballot_sent_many_times_at_once_counts_once(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(8), "poll_open", voters=3)
    text = one.ballot(0)
    results = each([lambda: services.cast(one.poll.uuid, text)] * 30, threads=30)
    assert {result.hash for result in results} == {results[0].hash}
    assert sorted(result.repeated for result in results) == [False, *[True] * 29]
    chain_holds(one, 1)


def test_of_two_ballots_of_one_card_at_once_one_is_in_where_one_votes_once(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(9), "poll_open", voters=3, revote=False)
    texts = [one.ballot(0) for _n in range(12)]
    results = each([lambda text=text: services.cast(one.poll.uuid, text) for text in texts], threads=12)
    assert sum(isinstance(result, services.Receipt) for result in results) == 1
    assert sum(isinstance(result, VotedAlready) for result in results) == 11
    chain_holds(one, 1)


def test_ballots_of_one_card_at_once_are_all_in_and_the_last_counts(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(10), "poll_open", voters=3)
    texts = [one.ballot(0) for _n in range(12)]
    results = each([lambda text=text: services.cast(one.poll.uuid, text) for text in texts], threads=12)
    assert all(isinstance(result, services.Receipt) for result in results)
    rows = chain_holds(one, 12)
    last = rows[-1].payload
    again = each([lambda text=text: services.cast(one.poll.uuid, text) for text in texts], threads=12)
    assert [result.hash for result in again if isinstance(result, services.Receipt)] == [last]
    assert sum(isinstance(result, Replayed) for result in again) == 11
    chain_holds(one, 12)


@pytest.mark.parametrize("round_", range(3))
def test_a_ballot_is_before_the_end_or_refused(s: SimpleNamespace, round_: int) -> None:
    """The end comes while ballots come: who has a receipt is in the sum, who is refused is not, and nothing stands after the end."""
    one = vote(s, random.Random(20 + round_), "poll_open", voters=40, items=("同意吗？",))
    texts = [one.ballot(n, [[1, 0]]) for n in range(40)]
    go = threading.Event()
    lot = random.Random(round_)

    def end() -> Any:
        go.wait(20)
        with asking(s.actor(s.secretary)):
            return services.close_poll(one.poll, **one.organiser)

    def cast(text: bytes, place: int) -> Any:
        if place == 15:
            go.set()
        return services.cast(one.poll.uuid, text)

    acts: list[Callable[[], Any]] = [lambda text=text, n=n: cast(text, n) for n, text in enumerate(texts)]
    acts.insert(lot.randrange(10, 16), end)
    results = each(acts, threads=12)
    taken = [result.hash for result in results if isinstance(result, services.Receipt)]
    late = [result for result in results if isinstance(result, Refusal)]
    assert all(isinstance(result, NotOpenFromHere) for result in late)
    assert len(taken) + len(late) == 40
    assert taken
    rows = chain_holds(one, len(taken))
    assert {row.payload for row in rows} == set(taken)
    last = Entry._base_manager.filter(poll=one.poll.pk).order_by("-height").first()
    assert last is not None
    assert last.kind == "EndBallots"
    services.add_up(one.poll.pk, **one.job("add_up"))
    services.record_attendance(one.poll, cards_given=40, attended=40, **one.organiser)
    for trustee in one.trustees[:2]:
        one.hand_in(trustee, "share", one.share(trustee))
    services.count(one.poll.pk, **one.job("count"))
    from lianxi.commons.ballotbox.queries.results import figures_of

    assert figures_of(one.fresh()) == [[len(taken), 0]]


def test_jobs_run_twice_at_once_work_once(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(30), "poll_closed", voters=3)
    results = each([lambda: services.add_up(one.poll.pk, **one.job("add_up"))] * 4, threads=4)
    assert results == [None] * 4
    for trustee in one.trustees[:2]:
        one.hand_in(trustee, "share", one.share(trustee))
    results = each([lambda: services.count(one.poll.pk, **one.job("count"))] * 4, threads=4)
    assert results == [None] * 4
    kinds = list(Entry._base_manager.filter(poll=one.poll.pk).values_list("kind", flat=True))
    assert kinds[4:] == ["EndBallots", "EncryptedTally", "PartialDecryption", "PartialDecryption", "Result"]
    assert one.fresh().state == "counted"


def test_two_trustees_give_the_last_share_at_once(s: SimpleNamespace) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    one = vote(s, random.Random(31), "added_up", voters=3)
    shares = [(trustee, one.share(trustee)) for trustee in one.trustees]
    one.hand_in(*shares[0][:1], "share", shares[0][1])
    results = each([lambda pair=pair: one.hand_in(pair[0], "share", pair[1]) for pair in shares[1:]], threads=2)
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert ProcrastinateJob.objects.filter(task_name="ballotbox.count").count() == 1


def test_attendance_typed_by_several_at_once_is_kept_once(s: SimpleNamespace) -> None:
    one = vote(s, random.Random(44), "poll_open", voters=9)

    def typed(n: int) -> Any:
        with asking(s.actor(s.secretary)):
            return services.record_attendance(one.poll, cards_given=n, attended=n, **one.organiser)

    results = each([lambda n=n: typed(n) for n in range(9)], threads=9)
    kept = [result.attended for result in results if isinstance(result, Poll)]
    assert len(kept) == 1
    assert sum(isinstance(result, BadInput) for result in results) == 8
    assert one.fresh().attended == kept[0]
    assert PollEvent._base_manager.filter(poll=one.poll.pk, verb="attendance").count() == 1
