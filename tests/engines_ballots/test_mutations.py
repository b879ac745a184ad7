"""Whoever changes what an archive says, with all hashes made to agree again, is found out; each way has its line and reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lianxi.engines.ballots.archive import Event, EventType
from lianxi.engines.ballots.strict import parsed, written
from tests.draws import draws

from .small import Item, Small, changed, judged, leaves, rebuilt, small, taken_apart

pytestmark = pytest.mark.slow
Change = Callable[[list[Item], Small], list[Item]]
T = EventType


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("shuffled"), shuffled=True)


def test_untouched_archives_are_green_and_come_out_of_their_parts(made: Small, mixed: Small) -> None:
    for one in (made, mixed):
        assert rebuilt(taken_apart(one.path)) == one.path.read_bytes()
        assert judged(one.path.read_bytes()).green


def step(items: list[Item], kind: EventType, nth: int = 0) -> tuple[int, int]:
    """The items of the nth event of a kind: from its first data to behind the event."""
    events = [at for at, item in enumerate(items) if item.event]
    end = [at for at in events if items[at].event.type == kind][nth]  # type: ignore[union-attr]
    before = [at for at in events if at < end]
    return (before[-1] + 1 if before else 0), end + 1


def without(kind: EventType, nth: int = 0) -> Change:
    def change(items: list[Item], _made: Small) -> list[Item]:
        begin, end = step(items, kind, nth)
        return items[:begin] + items[end:]

    return change


def again(kind: EventType, nth: int = 0, *, data: bool = True) -> Change:
    """The step a second time, right after the first; without `data` only its event."""

    def change(items: list[Item], _made: Small) -> list[Item]:
        begin, end = step(items, kind, nth)
        return items[:end] + (items[begin:end] if data else items[end - 1 : end]) + items[end:]

    return change


def moved(kind: EventType, before: EventType, nth: int = 0) -> Change:
    def change(items: list[Item], _made: Small) -> list[Item]:
        begin, end = step(items, kind, nth)
        part, rest = items[begin:end], items[:begin] + items[end:]
        place, _end = step(rest, before)
        return rest[:place] + part + rest[place:]

    return change


def edited(kind: EventType, which: int, edit: Callable[[Any], None], nth: int = 0) -> Change:
    """One of the data of a step, changed as a value; `which` counts from the step's first."""

    def change(items: list[Item], _made: Small) -> list[Item]:
        begin, _end = step(items, kind, nth)
        value = parsed(items[begin + which].text)
        edit(value)
        return [
            *items[: begin + which],
            replace(items[begin + which], text=written(value).encode()),
            *items[begin + which + 1 :],
        ]

    return change


def negated(choice: Any, p: int) -> None:
    """Multiplied by -1: the same square, but outside the subgroup."""
    choice["alpha"] = str(p - int(choice["alpha"]))


def swapped(items: list[Item], _made: Small) -> list[Item]:
    """Two ballots in the other order: harmless to the sums, and another election all the same? No: nothing of the result
    depends on it, so it is not refused (see below)."""
    (a, b), (c, d) = step(items, T.BALLOT, 1), step(items, T.BALLOT, 2)
    return items[:a] + items[c:d] + items[a:b] + items[d:]


def stray(items: list[Item], _made: Small) -> list[Item]:
    return [*items[:-2], Item(b'"stray"', None, "0" * 64), *items[-2:]]


def first_again_at_the_end(items: list[Item], _made: Small) -> list[Item]:
    """The ballot that its voter replaced, cast once more."""
    begin, end = step(items, T.BALLOT, 0)
    _begin, place = step(items, T.BALLOT, 3)
    return items[:place] + items[end - 1 : end] + items[place:]


def heights(items: list[Item], _made: Small) -> list[Item]:
    return items


P = 20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049081167099310535867780980030790491654063777173764198678527273474476341835600035698305193144284561701911000786737307333564123971732897913240474578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201320481118852408731077014151666200162313177169372189248078507711827842317498073276598828825169183103125680162072880719

PLAIN: list[tuple[str, Change, str]] = [
    ("no setup", without(T.SETUP), "{what} may not stand here"),
    ("a second setup", again(T.SETUP, data=False), "{what} may not stand here"),
    ("no end of the ballots", without(T.END_BALLOTS), "{what} may not stand here"),
    ("two ends", again(T.END_BALLOTS), "{what} may not stand here"),
    ("no tally", without(T.ENCRYPTED_TALLY), "{what} may not stand here"),
    ("two tallies", again(T.ENCRYPTED_TALLY, data=False), "{what} may not stand here"),
    ("two results", again(T.RESULT, data=False), "{what} may not stand here"),
    ("a ballot after the end", moved(T.BALLOT, T.ENCRYPTED_TALLY), "{what} may not stand here"),
    ("a ballot before the setup", moved(T.BALLOT, T.SETUP), "{what} may not stand here"),
    ("the tally before the end", moved(T.ENCRYPTED_TALLY, T.END_BALLOTS), "{what} may not stand here"),
    ("the result before the last share", moved(T.RESULT, T.PARTIAL_DECRYPTION), "{what} may not stand here"),
    ("a ballot left out", without(T.BALLOT, 1), "says {said} ballots of weight {said_weight}; there are {count} of {weight}"),
    ("the replacing ballot left out", without(T.BALLOT, 3), "is not the sum of the ballots"),
    ("the same ballot event twice", again(T.BALLOT, 1, data=False), "refers to something to which an earlier event refers already"),
    ("the same ballot twice", again(T.BALLOT, 1), "{what} stands twice"),
    ("the replaced ballot replayed", first_again_at_the_end, "refers to something to which an earlier event refers already"),
    ("data that nothing refers to", stray, "data stand before it to which nothing refers"),
    ("a share left out", without(T.PARTIAL_DECRYPTION, 1), "{count} shares of {needed}"),
    ("the share of the one alone left out", without(T.PARTIAL_DECRYPTION, 0), "{count} shares of {needed}"),
    ("a share twice", again(T.PARTIAL_DECRYPTION, 1, data=False), "refers to something to which an earlier event refers already"),
    ("a share of nobody", edited(T.PARTIAL_DECRYPTION, 1, lambda v: v.update(owner=9)), "its owner is no trustee, or has decrypted before"),
    ("a share under another's name", edited(T.PARTIAL_DECRYPTION, 1, lambda v: v.update(owner=3), 1), "the proof of a factor does not hold"),
    ("a number of votes changed", edited(T.RESULT, 0, lambda v: v["result"][0].__setitem__(0, 3)), "is not what the shares open"),
    ("the count changed", edited(T.ENCRYPTED_TALLY, 1, lambda v: v.update(num_tallied=4)), "says {said} ballots of weight {said_weight}; there are {count} of {weight}"),
    ("the sum changed", edited(T.ENCRYPTED_TALLY, 0, lambda v: v[0].reverse()), "is not the sum of the ballots"),
    ("a choice outside the subgroup", edited(T.BALLOT, 0, lambda v: negated(v["answers"][0]["choices"][0], P)), "is not what was signed"),
    ("choices exchanged", edited(T.BALLOT, 0, lambda v: v["answers"][0]["choices"].reverse()), "is not what was signed"),
    ("the name of a candidate changed", edited(T.SETUP, 0, lambda v: v["questions"][0]["answers"].reverse()), "belongs to another election"),
    ("one more may be chosen", edited(T.SETUP, 0, lambda v: v["questions"][0].update(max=2)), "belongs to another election"),
    ("a credential taken away", edited(T.SETUP, 2, lambda v: v.pop()), "its credential is not in the list"),
    ("a credential twice", edited(T.SETUP, 2, lambda v: v.append(v[0])), "a credential stands twice"),
    ("a credential of weight two", edited(T.SETUP, 2, lambda v: v.__setitem__(0, v[0] + ",2")), "says {said} ballots of weight {said_weight}; there are {count} of {weight}"),
    ("trustees exchanged", edited(T.SETUP, 1, lambda v: v[1][1]["verification_keys"].reverse()), "a key is not what the polynomials make it"),
    ("a lower threshold", edited(T.SETUP, 1, lambda v: v[1][1].update(threshold=1)), "has {count} entries instead of {wanted}"),
    ("a trustee left out", edited(T.SETUP, 1, lambda v: v.pop(0)), "the key of the election is not that of its trustees"),
    ("a certificate of another", edited(T.SETUP, 1, lambda v: v[1][1]["certs"].reverse()), "is not signed by its trustee"),
]  # fmt: skip
SHUFFLED: list[tuple[str, Change, str]] = [
    ("one shuffle only", without(T.SHUFFLE, 1), "{count} shuffles; at least {least}"),
    ("no shuffle", lambda i, m: without(T.SHUFFLE)(without(T.SHUFFLE, 1)(i, m), m), "{what} may not stand here"),
    ("no end of the shuffles", without(T.END_SHUFFLES), "{what} may not stand here"),
    ("shuffles exchanged", moved(T.SHUFFLE, T.SHUFFLE, 1), "the proof of a shuffle does not hold"),
    ("shuffled twice by the same", edited(T.SHUFFLE, 1, lambda v: v.update(owner=1), 1), "its owner is no trustee, or has shuffled before"),
    ("a ciphertext put in another's place", edited(T.SHUFFLE, 0, lambda v: v["ciphertexts"][0].__setitem__(0, v["ciphertexts"][0][1])), "the proof of a shuffle does not hold"),
    ("a ciphertext dropped", edited(T.SHUFFLE, 0, lambda v: v["ciphertexts"][0].pop()), "has another length than the tally"),
    ("an answer changed in the result", edited(T.RESULT, 0, lambda v: v["result"][0][0].reverse()), "is not what the shares open"),
    ("answers exchanged in the result", edited(T.RESULT, 0, lambda v: v["result"][0].reverse()), "is not what the shares open"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in PLAIN])
def test_each_forgery_is_refused_for_its_reason(change: Change, why: str, made: Small) -> None:
    report = judged(rebuilt(change(taken_apart(made.path), made)))
    assert [problem.why for problem in report.wrong] == [why]


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in SHUFFLED])
def test_each_forgery_of_a_shuffle_is_refused_for_its_reason(change: Change, why: str, mixed: Small) -> None:
    report = judged(rebuilt(change(taken_apart(mixed.path), mixed)))
    assert [problem.why for problem in report.wrong] == [why]


def test_what_may_stand_in_another_order_changes_nothing(made: Small) -> None:
    """Ballots of two voters exchanged: another archive, the same election and the same result."""
    report = judged(rebuilt(swapped(taken_apart(made.path), made)))
    assert report.green
    assert report.result == judged(made.path.read_bytes()).result


def test_an_added_credential_shows_only_in_the_fingerprint(made: Small) -> None:
    """No program can see it: the list is compared with the signed attendance, on paper."""
    add = edited(T.SETUP, 2, lambda v: v.append(str(pow(3, (P - 1) // Q, P))))
    honest, forged = judged(made.path.read_bytes()), judged(rebuilt(add(taken_apart(made.path), made)))
    assert forged.green
    assert (forged.credentials, honest.credentials) == (4, 3)
    assert forged.credentials_fingerprint != honest.credentials_fingerprint


Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441


def test_heights_that_do_not_follow(made: Small) -> None:
    items = taken_apart(made.path)
    at = next(at for at, item in enumerate(items) if item.event and item.event.type == T.END_BALLOTS)
    event = items[at].event
    assert isinstance(event, Event)
    items[at] = replace(items[at], event=replace(event, height=event.height + 1))
    assert [one.why for one in judged(rebuilt(items, heights=False)).wrong] == ["its height does not follow"]


def every(one: Small) -> list[tuple[int, tuple[Any, ...]]]:
    """Places of all leaves but the owners of shuffles, of which the next test speaks."""
    return [
        (at, path)
        for at, item in enumerate(taken_apart(one.path))
        if item.event is None
        for path in leaves(parsed(item.text))
        if not (path == ("owner",) and one.election.shuffled)
    ]


def test_who_shuffled_is_only_said(mixed: Small) -> None:
    """Format and program sign no shuffle: that the owner is another changes no vote and cannot be seen. (Who decrypted is
    proved.) So those who shuffle publish the hash of theirs."""
    report = judged(rebuilt(edited(T.SHUFFLE, 1, lambda v: v.update(owner=3), 1)(taken_apart(mixed.path), mixed)))
    assert report.green
    assert report.result == judged(mixed.path.read_bytes()).result
    for nth in range(3):
        change = edited(T.PARTIAL_DECRYPTION, 1, lambda v: v.update(owner=3), nth)
        assert not judged(rebuilt(change(taken_apart(mixed.path), mixed))).green


@pytest.mark.parametrize("which", ["made", "mixed"])
def test_no_single_leaf_can_be_changed(which: str, request: pytest.FixtureRequest) -> None:
    """Every number and text of every file; an ordinary run draws some by lot."""
    one: Small = request.getfixturevalue(which)
    items, places = taken_apart(one.path), every(one)
    few = draws(60, len(places))
    for at, path in places if few >= len(places) else random.Random(0).sample(places, few):
        forged = [*items[:at], replace(items[at], text=changed(items[at].text, path)), *items[at + 1 :]]
        report = judged(rebuilt(forged))
        assert not report.green, (at, path)


def test_a_cut_or_lengthened_file_is_refused(made: Small) -> None:
    whole = made.path.read_bytes()
    for forged in (whole[:-1], whole[:-512], whole + b"\0", whole + bytes(1024), whole[:511], b"", whole[512:]):
        assert not judged(forged).green


def test_a_cut_between_steps_is_an_election_that_goes_on(made: Small) -> None:
    items = taken_apart(made.path)
    _begin, end = step(items, T.BALLOT, 1)
    report = judged(rebuilt(items[:end]))
    assert report.green
    assert (report.phase, report.ballots, report.result) == ("Ballot", 2, None)
