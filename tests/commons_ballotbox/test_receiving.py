"""A ballot comes in: once, exactly checked, in time, from a card of the list; and the answer over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Blob, Entry
from lianxi.commons.ballotbox.queries.election import GROUP, election_of
from lianxi.commons.ballotbox.services import checking
from lianxi.commons.ballotbox.services.receiving import BadBallot, NotOnList, Replayed, TooLarge, TooOften, VotedAlready
from lianxi.commons.ballotbox.services.together import Together
from lianxi.commons.refusals import NotFound, NotOpenFromHere
from lianxi.engines.ballots import credentials, hints, proofs
from lianxi.engines.ballots.codes import check_code, code_of, digits_of
from lianxi.engines.ballots.election import fingerprint
from lianxi.engines.ballots.strict import written
from lianxi.engines.ballots.verifying import verify
from tests.commons_ballotbox.conftest import ROSTER, Vote
from tests.commons_ballotbox.test_promises import everything
from tests.engines_ballots.small import changed, leaves, replaced
from tests.engines_ballots.vectors import resigned

pytestmark = pytest.mark.django_db


def test_a_ballot_comes_in_and_its_code_is_that_of_its_text(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    text = vote.ballot(0)
    receipt = services.cast(vote.poll.uuid, text)
    assert receipt.code == check_code(text)
    assert receipt.repeated is False
    assert bytes(Blob._base_manager.get(poll=vote.poll.pk, hash=receipt.hash).text) == text
    assert Entry._base_manager.get(poll=vote.poll.pk, kind="Ballot").payload == receipt.hash
    assert vote.fresh().ballots == 1


def test_the_same_ballot_again_counts_once(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    text = vote.ballot(0)
    first = services.cast(vote.poll.uuid, text)
    before = everything()
    again = services.cast(vote.poll.uuid, text)
    assert (again.code, again.hash, again.repeated) == (first.code, first.hash, True)
    assert everything() == before


def helped(vote: Vote, text: bytes) -> bytes:
    """The hints that a booth sends along."""
    election = election_of(vote.poll)
    assert election is not None
    return hints.record(election, text)[hints.COUNT :]


@pytest.mark.parametrize("kind", ["motions", "candidates"])
def test_a_ballot_with_its_hints_is_checked_by_them_and_they_are_not_kept(
    led: Callable[..., Vote], kind: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = led("poll_open", kind=kind)
    text = vote.ballot(0)
    given = helped(vote, text)

    def exact(*_args: Any) -> None:
        raise AssertionError("every proof is computed anew")

    monkeypatch.setattr(checking.ballots, "check", exact)
    answer = client.post(f"/vote/{vote.poll.uuid}/ballots", text + b"\n" + given, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["code"] == check_code(text)
    kept = [bytes(one) for one in Blob._base_manager.filter(poll=vote.poll.pk).values_list("text", flat=True)]
    assert text in kept
    assert not any(given[:256] in one for one in kept)


def test_hints_that_are_wrong_neither_help_nor_hurt(led: Callable[..., Vote], monkeypatch: pytest.MonkeyPatch) -> None:
    vote, computed = led("poll_open", voters=4), [0]
    plain = checking.ballots.check

    def exact(*args: Any) -> None:
        computed[0] += 1
        plain(*args)

    monkeypatch.setattr(checking.ballots, "check", exact)
    texts = [vote.ballot(at) for at in range(4)]
    wrong = (b"", helped(vote, texts[0]), b"x" * 700, bytes(256 * 3))
    for text, given in zip(texts[1:] + texts[:1], wrong, strict=True):
        services.cast(vote.poll.uuid, text, given)
    assert computed == [4]
    assert vote.fresh().ballots == 4


def test_a_bad_ballot_with_hints_of_its_own_is_refused_as_without(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    value = json.loads(vote.ballot(0))
    proof = value["answers"][0]["overall_proof"][0]
    proof["response"] = str(int(proof["response"]) - 1)
    secret = credentials.secret_of(GROUP, vote.poll.uuid, vote.cards[0])
    text = resigned(value, secret)
    before, said = everything(), []
    for given in (b"", helped(vote, text)):
        with pytest.raises(BadBallot) as refused:
            services.cast(vote.poll.uuid, text, given)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert everything() == before


def test_who_has_no_card_does_not_make_others_wait(led: Callable[..., Vote], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of cards are public: a ballot in the name of one, with hints that follow, is refused before it comes to the others."""
    vote = led("poll_open")
    value = json.loads(vote.ballot(0))
    election = election_of(vote.poll)
    assert election is not None
    del value["signature"]
    forged = written(value).encode()
    digest = fingerprint(forged)
    response, root = 5, pow(election.group.g, 77, election.group.p)
    challenge = election.group.hashed(proofs.of_ballot(digest)(pow(root, election.group.small, election.group.p)))
    proof = {"challenge": str(challenge), "response": str(response)}
    text = written(value | {"signature": {"hash": digest, "proof": proof}}).encode()
    monkeypatch.setattr(Together, "right", lambda *_given: pytest.fail("others would wait"))
    with pytest.raises(BadBallot, match="签名"):
        services.cast(vote.poll.uuid, text, helped(vote, text))


def test_where_the_fast_way_fails_the_exact_one_remains(
    led: Callable[..., Vote], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    vote = led("poll_open")

    def broken(*_given: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(Together, "right", broken)
    text = vote.ballot(0)
    assert services.cast(vote.poll.uuid, text, helped(vote, text)).code == check_code(text)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    value = json.loads(vote.ballot(1))
    value["answers"][0]["overall_proof"][0]["response"] = "1"
    text = resigned(value, credentials.secret_of(GROUP, vote.poll.uuid, vote.cards[1]))
    with pytest.raises(BadBallot):
        services.cast(vote.poll.uuid, text, helped(vote, text))


def test_one_card_does_not_fill_the_box(led: Callable[..., Vote], settings: Any) -> None:
    settings.BALLOTS_A_CARD = 2
    vote = led("poll_open", voters=3)
    vote.cast(0)
    last = vote.ballot(0)
    services.cast(vote.poll.uuid, last)
    before = everything()
    with pytest.raises(TooOften):
        vote.cast(0)
    assert everything() == before
    assert services.cast(vote.poll.uuid, last).repeated is True
    vote.cast(1)
    assert vote.fresh().ballots == 2


def test_the_last_ballot_counts_and_an_earlier_one_does_not_come_back(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", voters=3)
    old, new = vote.ballot(0, [[1, 0], [1, 0]]), vote.ballot(0, [[0, 1], [0, 1]])
    services.cast(vote.poll.uuid, old)
    services.cast(vote.poll.uuid, new)
    before = everything()
    with pytest.raises(Replayed):
        services.cast(vote.poll.uuid, old)
    assert everything() == before
    assert services.cast(vote.poll.uuid, new).repeated is True
    vote.cast(1, [[1, 0], [1, 0]])
    vote.cast(2, [[1, 0], [1, 0]])
    assert vote.fresh().ballots == 3
    vote.poll = finished(vote)
    assert report(vote).result == [[2, 1], [2, 1]]
    assert report(vote).counted == 3


def finished(vote: Vote) -> Any:
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    for one in vote.trustees[:2]:
        vote.hand_in(one, "share", vote.share(one))
    services.count(vote.poll.pk, **vote.job("count"))
    return vote.fresh()


def report(vote: Vote) -> Any:
    import io

    file = io.BytesIO()
    services.write(vote.poll, file)
    found = verify(file)
    assert found.wrong == []
    return found


def test_where_one_votes_once_a_second_ballot_is_refused(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", revote=False)
    text = vote.ballot(0)
    services.cast(vote.poll.uuid, text)
    before = everything()
    with pytest.raises(VotedAlready):
        vote.cast(0)
    assert services.cast(vote.poll.uuid, text).repeated is True
    assert everything() == before


def test_whose_answer_was_lost_gets_the_receipt_after_the_end_too(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    old, text = vote.ballot(0), vote.ballot(0)
    services.cast(vote.poll.uuid, old)
    given = services.cast(vote.poll.uuid, text)
    services.close_poll(vote.poll, **vote.organiser)
    before = everything()
    again = services.cast(vote.poll.uuid, text)
    assert (again.code, again.repeated) == (given.code, True)
    with pytest.raises(Replayed):
        services.cast(vote.poll.uuid, old)
    assert everything() == before


def test_a_ballot_outside_its_time_is_refused(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    late = vote.ballot(1)
    vote.cast(0)
    services.close_poll(vote.poll, **vote.organiser)
    before = everything()
    with pytest.raises(NotOpenFromHere, match="投票已经截止"):
        services.cast(vote.poll.uuid, late)
    assert everything() == before
    with pytest.raises(NotFound):
        services.cast("1" * 14, late)
    early = led("preparing")
    with pytest.raises(NotOpenFromHere, match="投票还没有开始"):
        services.cast(early.poll.uuid, late)
    draft = led("draft")
    with pytest.raises(NotFound):
        services.cast(draft.poll.uuid, late)


def test_a_card_that_is_not_on_the_list_is_refused_before_anything_is_proved(
    led: Callable[..., Vote], monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = led("poll_open")
    stranger = vote.ballot(0, card=credentials.credential(vote.lot.randrange))
    monkeypatch.setattr(
        "lianxi.commons.ballotbox.services.receiving.checked", lambda facts, text: pytest.fail("proved")
    )
    with pytest.raises(NotOnList):
        services.cast(vote.poll.uuid, stranger)


@pytest.mark.parametrize("kind", ["motions", "candidates"])
def test_every_leaf_of_a_ballot_matters(led: Callable[..., Vote], kind: str) -> None:
    vote = led("poll_open", kind=kind, **({"roster": ROSTER, "most": 2} if kind == "candidates" else {}))
    text = vote.ballot(0)
    paths = leaves(json.loads(text))
    vote.lot.shuffle(paths)
    before = everything()
    secret = credentials.secret_of(GROUP, vote.poll.uuid, vote.cards[0])
    for path in paths:
        if path[-1] in ("alpha", "beta"):
            with pytest.raises(BadBallot):  # 0 has no inverse
                services.cast(vote.poll.uuid, resigned(json.loads(replaced(text, path, lambda _leaf: "0")), secret))
    for path in paths[:25]:
        with pytest.raises((BadBallot, NotOnList)):
            services.cast(vote.poll.uuid, changed(text, path))
    for other in (b"", b"{}", b"[]", b"\xff", text + b" ", text.replace(b":", b": ", 1), text[:-1], b"[" * 5000):
        with pytest.raises(BadBallot):
            services.cast(vote.poll.uuid, other)
    assert everything() == before
    services.cast(vote.poll.uuid, text)


def test_a_ballot_of_another_vote_is_refused(led: Callable[..., Vote]) -> None:
    one, other = led("poll_open"), led("poll_open")
    text = other.ballot(0, card=other.cards[0])
    with pytest.raises((BadBallot, NotOnList)):
        services.cast(one.poll.uuid, text)


def test_a_ballot_is_not_longer_than_one_can_be(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", kind="candidates", roster=ROSTER, most=3)
    from lianxi.commons.ballotbox.services.checking import known

    text = vote.ballot(0)
    most = known(vote.poll).most
    assert len(text) < most < 3 * len(text)
    with pytest.raises(TooLarge):
        services.cast(vote.poll.uuid, b"[" * (most + 1))


def test_codes_stand_in_the_order_of_the_hashes_and_are_found_as_typed() -> None:
    import random

    lot = random.Random(3)
    hashes = sorted(f"{lot.getrandbits(256):064x}" for _one in range(300))
    codes = [code_of(one) for one in hashes]
    assert codes == sorted(codes)
    for one, code in zip(hashes, codes, strict=True):
        for signs in range(1, 9):
            typed = code.replace("-", "")[:signs].lower()
            assert digits_of(typed)
            assert one.startswith(digits_of(typed))
        assert digits_of(f" {code} ") == one[:10]
    assert digits_of("o1l") == digits_of("011")
    assert [digits_of(typed) for typed in ("", "U", "123456789", "甲")] == [""] * 4


def post(client: Client, vote: Vote, text: bytes, **headers: str) -> Any:
    return client.post(f"/vote/{vote.poll.uuid}/ballots", text, content_type="application/json", headers=headers)


def test_the_address_takes_a_ballot_without_cookie_or_token(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    client = Client(enforce_csrf_checks=True)
    text = vote.ballot(0)
    first = post(client, vote, text)
    assert first.status_code == 201
    assert first.json() == {"code": check_code(text), "hash": first.json()["hash"], "repeated": False}
    assert post(client, vote, text).json()["repeated"] is True
    assert not first.cookies
    assert first["Cache-Control"] == "no-store"
    assert client.get(f"/vote/{vote.poll.uuid}/poll.json").json()["ballots"] == 1


def test_refusals_are_problems_in_the_language_asked(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", revote=False)
    client = Client()
    bad = post(client, vote, b"{}", **{"Accept-Language": "en"})
    assert (bad.status_code, bad["Content-Type"]) == (422, "application/problem+json")
    assert bad.json()["code"] == "bad-ballot"
    assert bad.json()["detail"] == "This ballot was not taken: ballot: lacks election_uuid."
    assert "没有收下" in post(client, vote, b"{}").json()["detail"]
    vote.cast(0)
    assert post(client, vote, vote.ballot(0)).json()["code"] == "voted-already"
    stranger = vote.ballot(0, card=credentials.credential(vote.lot.randrange))
    assert (post(client, vote, stranger).status_code, post(client, vote, stranger).json()["code"]) == (
        403,
        "not-on-list",
    )
    assert post(client, vote, b"[" * 900_000).json()["code"] == "too-large"
    assert client.post("/vote/11111111111111/ballots", b"{}", content_type="application/json").status_code == 404
    services.close_poll(vote.poll, **vote.organiser)
    late = post(client, vote, vote.ballot(1), **{"Accept-Language": "en"})
    assert (late.status_code, late.json()["code"], late.json()["detail"]) == (409, "not-open", "The vote has ended.")
    assert client.get(f"/vote/{vote.poll.uuid}/ballots").status_code == 405


def test_election_and_cards_are_told_to_whoever_has_the_address(led: Callable[..., Vote]) -> None:
    from hashlib import sha256

    vote, client = led("poll_open"), Client()
    from lianxi.commons.ballotbox.queries.election import election_of

    election = election_of(vote.poll)
    assert election is not None
    answer = client.get(f"/vote/{vote.poll.uuid}/election.json")
    assert (answer.content, answer["Content-Type"]) == (election.text, "application/json")
    listed = sha256(vote.key(vote.cards[0]).encode()).hexdigest()
    assert client.get(f"/vote/{vote.poll.uuid}/cards/{listed}").status_code == 204
    assert client.get(f"/vote/{vote.poll.uuid}/cards/{'0' * 64}").status_code == 404
    assert client.get(f"/vote/{vote.poll.uuid}/cards/x").status_code == 404
    assert client.get(f"/vote/{vote.poll.uuid}/archive.bel").status_code == 404
    draft = led("draft")
    for end in ("election.json", "poll.json", "archive.bel", "cards/" + listed):
        assert client.get(f"/vote/{draft.poll.uuid}/{end}").status_code == 404


def test_the_archive_of_a_published_vote_is_everybodys(led: Callable[..., Vote], street: Any) -> None:
    import io

    from tests.officers import login

    vote = led("counted")
    assert Client().get(f"/vote/{vote.poll.uuid}/archive.bel").status_code == 404
    inside = login(street.director).get(f"/polls/{vote.poll.pk}/archive.bel")
    assert inside.status_code == 200
    assert login(street.outsider).get(f"/polls/{vote.poll.pk}/archive.bel").status_code == 404
    services.publish(vote.poll, **vote.organiser)
    answer = Client().get(f"/vote/{vote.poll.uuid}/archive.bel")
    whole = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert whole == b"".join(inside.streaming_content)
    assert verify(io.BytesIO(whole)).green
