"""What the tables promise holds against whoever writes SQL; every step that is not open is refused, and nothing has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Credential, Entry, Poll, PollEvent, RollEntry, Trustee
from lianxi.commons.ballotbox.queries.election import GROUP
from lianxi.commons.ballotbox.queries.giving import cards_print
from lianxi.commons.ballotbox.services.chain import append, put
from lianxi.commons.ballotbox.services.preparing import OtherCards
from lianxi.commons.ballotbox.terms import EntryKind, State
from lianxi.commons.ballotbox.workflow import WALK
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotOpenFromHere, NotPermitted, Refusal
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.engines.ballots import credentials
from tests.commons_ballotbox.conftest import Vote

pytestmark = pytest.mark.django_db
TABLES = ("poll", "pollevent", "item", "rollentry", "trustee", "trusteefile", "credential", "entry", "blob")


def everything() -> dict[str, Any]:
    """All rows of all tables, as they stand."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '\n' ORDER BY id), '')) FROM ballotbox_{table} t")
            found[table] = cursor.fetchone()[0]
    return found


def refused(sql: str, *values: Any) -> str:
    """The statement is refused, and nothing has changed. Gives what the database said."""
    before = everything()
    with pytest.raises(DatabaseError) as said, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert everything() == before
    return str(said.value)


def forged(poll: Poll, kind: str, payload: str = "", /, **other: Any) -> tuple[str, list[Any]]:
    """An INSERT of an entry that follows the head, changed in what `other` names."""
    facts = {"parent": poll.head, "height": poll.height + 1, "type": kind} | ({"payload": payload} if payload else {})
    row: dict[str, Any] = {"height": poll.height + 1, "kind": kind, "payload": payload, "credential": ""}
    text = json.dumps(facts | {key: value for key, value in other.items() if key in facts}, separators=(",", ":"))
    row |= {"text": text, "hash": sha256(text.encode()).hexdigest()}
    row |= {key.removeprefix("row_"): value for key, value in other.items() if key.startswith("row_")}
    names = ", ".join(row)
    return (
        f"INSERT INTO ballotbox_entry (poll_id, {names}) VALUES (%s, {', '.join(['%s'] * len(row))})",
        [poll.pk, *row.values()],
    )


CHANGES = {
    "an entry is changed": "UPDATE ballotbox_entry SET payload = repeat('0', 64) WHERE height = 1",
    "an entry is moved": "UPDATE ballotbox_entry SET height = 99 WHERE height = 1",
    "an entry is removed": "DELETE FROM ballotbox_entry WHERE height = 1",
    "entries are emptied": "TRUNCATE ballotbox_entry",
    "a ballot is changed": "UPDATE ballotbox_blob SET text = '\\x00'",
    "a ballot is removed": "DELETE FROM ballotbox_blob",
    "blobs are emptied": "TRUNCATE ballotbox_blob",
    "the head is moved": "UPDATE ballotbox_poll SET head = repeat('0', 64)",
    "the head is moved back": "UPDATE ballotbox_poll SET height = 0, head = (SELECT hash FROM ballotbox_entry WHERE height = 0)",
    "the number of voters is changed": "UPDATE ballotbox_poll SET ballots = 0",
    "the state goes back": "UPDATE ballotbox_poll SET state = 'draft'",
    "the state goes back one step": "UPDATE ballotbox_poll SET state = 'preparing'",
    "the state jumps": "UPDATE ballotbox_poll SET state = 'published'",
    "it is closed without an end": "UPDATE ballotbox_poll SET state = 'poll_closed'",
    "the question is changed": "UPDATE ballotbox_poll SET title = 'other'",
    "the rule is changed": "UPDATE ballotbox_poll SET revote = NOT revote",
    "the threshold is lowered": "UPDATE ballotbox_poll SET threshold = 1",
    "the address is changed": "UPDATE ballotbox_poll SET uuid = '11111111111111'",
    "the poll is removed": "DELETE FROM ballotbox_poll",
    "an item is changed": "UPDATE ballotbox_item SET text = text || '!'",
    "an item is removed": "DELETE FROM ballotbox_item",
    "the roll is marked": "UPDATE ballotbox_rollentry SET note = 'voted' WHERE number = 1",
    "somebody is taken off the roll": "DELETE FROM ballotbox_rollentry WHERE number = 1",
    "somebody is put on the roll": "INSERT INTO ballotbox_rollentry (poll_id, number, name, note) SELECT id, 99, '', '' FROM ballotbox_poll",
    "a trustee is exchanged": "UPDATE ballotbox_trustee SET person_id = (SELECT giver_id FROM ballotbox_poll) WHERE number = 1",
    "a trustee is added": "INSERT INTO ballotbox_trustee (poll_id, number, person_id, name) SELECT id, 9, giver_id, 'x' FROM ballotbox_poll",
    "a trustee's file is changed": "UPDATE ballotbox_trusteefile SET text = '{}'",
    "a trustee's file is removed": "DELETE FROM ballotbox_trusteefile",
    "a card is added": "INSERT INTO ballotbox_credential (poll_id, key, key_hash, revoked) SELECT id, '5', encode(sha256('5'), 'hex'), false FROM ballotbox_poll",
    "a card is revoked": "UPDATE ballotbox_credential SET revoked = true",
    "a card is removed": "DELETE FROM ballotbox_credential",
    "a step is changed": "UPDATE ballotbox_pollevent SET verb = 'x'",
    "a step is removed": "DELETE FROM ballotbox_pollevent",
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_changes_what_is_settled(led: Callable[..., Vote], what: str) -> None:
    vote = led("poll_open")
    vote.cast(0)
    refused(CHANGES[what])


def test_attendance_stands_once_a_trustee_has_opened(led: Callable[..., Vote]) -> None:
    vote = led("added_up")
    refused("UPDATE ballotbox_poll SET cards_given = NULL, attended = NULL")
    me = vote.organiser
    with pytest.raises(BadInput):
        services.record_attendance(vote.poll, cards_given=3, attended=2, **me)
    with pytest.raises(BadInput):
        services.correct_attendance(vote.poll, cards_given=3, attended=9, reason="数错了", **me)
    with pytest.raises(BadInput):
        services.correct_attendance(vote.poll, cards_given=3, attended=2, reason=" ", **me)
    assert services.correct_attendance(vote.poll, cards_given=3, attended=2, reason="少数了一页", **me).attended == 2
    with pytest.raises(Blocked):  # three ballots came
        vote.hand_in(vote.trustees[0], "share", vote.share(vote.trustees[0]))
    services.correct_attendance(vote.poll, cards_given=3, attended=3, reason="又数了一遍", **me)
    vote.hand_in(vote.trustees[0], "share", vote.share(vote.trustees[0]))
    refused("UPDATE ballotbox_poll SET attended = 1")
    refused("UPDATE ballotbox_poll SET cards_given = NULL, attended = NULL")
    with pytest.raises(Blocked):
        services.correct_attendance(vote.poll, cards_given=3, attended=2, reason="再改", **me)
    assert vote.fresh().attended == 3


def test_a_share_is_not_taken_back(led: Callable[..., Vote]) -> None:
    vote = led("added_up")
    vote.hand_in(vote.trustees[0], "share", vote.share(vote.trustees[0]))
    refused("DELETE FROM ballotbox_trusteefile WHERE step = 'share'")


def test_an_entry_follows_the_head_or_does_not_come(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", voters=3)
    vote.cast(0)
    poll = vote.fresh()
    text = vote.ballot(1)
    digest, key = put(poll, text), sha256(vote.key(vote.cards[1]).encode()).hexdigest()
    good = {"row_credential": key}
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "another parent": ("Ballot", good | {"parent": "0" * 64}),
        "an old parent": ("Ballot", good | {"parent": Entry._base_manager.get(poll=poll.pk, height=0).hash}),
        "a height said otherwise": ("Ballot", good | {"height": 7}),
        "a height again": ("Ballot", good | {"height": 1, "row_height": 1}),
        "a height left out": ("Ballot", good | {"height": 5, "row_height": 5}),
        "another kind than the text says": ("Ballot", good | {"type": "EndBallots"}),
        "another payload than the text says": ("Ballot", good | {"payload": "0" * 64}),
        "a hash of something else": ("Ballot", good | {"row_hash": "0" * 64}),
        "a card that is not on the list": ("Ballot", {"row_credential": "0" * 64}),
        "no card": ("Ballot", {}),
        "a second beginning": ("Setup", {}),
        "a sum before the end": ("EncryptedTally", {}),
        "a share before the end": ("PartialDecryption", {}),
        "a result before the end": ("Result", {}),
        "an unknown kind": ("Shuffle", {}),
    }
    for what, (kind, other) in cases.items():
        sql, values = forged(poll, kind, digest, **other)
        said = refused(sql, *values)
        assert said, what
    sql, values = forged(poll, "Ballot", "0" * 64, **good)
    assert "not there" in refused(sql, *values)
    sql, values = forged(poll, "Ballot", digest, **good)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert vote.fresh().height == 2


def test_nothing_comes_after_the_end(led: Callable[..., Vote]) -> None:
    vote = led("poll_closed")
    poll = vote.fresh()
    ballot = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.BALLOT).first()
    assert ballot is not None
    for kind, payload, credential in (("Ballot", ballot.payload, ballot.credential), ("EndBallots", "", "")):
        sql, values = forged(poll, kind, payload, row_credential=credential)
        refused(sql, *values)
    vote = led("published")
    poll = vote.fresh()
    for kind in EntryKind.values:
        sql, values = forged(poll, kind, ballot.payload)
        refused(sql, *values)
    refused(
        "INSERT INTO ballotbox_blob (poll_id, hash, text) VALUES (%s, encode(sha256('x'), 'hex'), 'x')", poll.pk
    )  # fmt: skip


def test_a_second_ballot_of_a_card_is_refused_by_the_database_where_one_votes_once(led: Callable[..., Vote]) -> None:
    vote = led("poll_open", revote=False)
    vote.cast(0)
    poll = vote.fresh()
    digest, key = put(poll, vote.ballot(0)), sha256(vote.key(vote.cards[0]).encode()).hexdigest()
    sql, values = forged(poll, "Ballot", digest, row_credential=key)
    assert "has voted" in refused(sql, *values)


def test_writing_a_row_as_it_is_changes_nothing_and_is_allowed(led: Callable[..., Vote]) -> None:
    """The end writes all ballots once more, so that the database does not remember when each of them came."""
    vote = led("poll_open")
    vote.cast(0)
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ballotbox_entry SET text = text || ''")
        cursor.execute("UPDATE ballotbox_blob SET text = text || ''::bytea")
    assert everything() == before


def acts(vote: Vote) -> dict[str, Callable[[], Any]]:
    """Each verb as the one who may would do it."""
    poll, first = vote.poll, vote.trustees[0]
    me, giver = vote.organiser, vote.giver
    return {
        "change": lambda: services.change(poll, title="另一件事", **me),
        "prepare": lambda: services.prepare(poll, **me),
        "reopen_draft": lambda: services.reopen_draft(poll, reason="改题目", **me),
        "trustee_file": lambda: vote.hand_in(first, "certificate", b"{}"),
        "make_cards": lambda: services.make_cards(poll, KEYS, **giver),
        "reissue": lambda: services.reissue(poll, KEYS[0], KEYS[1], **giver),
        "open": lambda: services.open_poll(poll, **me),
        "attendance": lambda: services.record_attendance(poll, cards_given=3, attended=3, **me),
        "correct_attendance": lambda: services.correct_attendance(
            poll, cards_given=3, attended=3, reason="数错了", **me
        ),
        "close": lambda: services.close_poll(poll, **me),
        "share": lambda: vote.hand_in(first, "share", b"{}"),
        "publish": lambda: services.publish(poll, **me),
        "withdraw": lambda: services.withdraw(poll, reason="不投了", **me),
    }


KEYS = [str(pow(int(GROUP.g), secret, int(GROUP.p))) for secret in (5, 6, 7)]
"""Public keys of cards that nobody has."""
LED = ("draft", "preparing", "poll_open", "poll_closed", "counted", "published")
"""Every state but that of a vote called off, which is tried by itself."""


@pytest.mark.parametrize("state", LED)
def test_every_step_that_is_not_open_is_refused_and_nothing_changes(led: Callable[..., Vote], state: str) -> None:
    vote = led(state)
    for verb, _state in [pair for pair in every_forbidden(WALK, State.values) if pair[1] == state]:
        if verb not in acts(vote):
            continue
        before = everything()
        with pytest.raises(Refusal), transaction.atomic():
            acts(vote)[verb]()
        assert everything() == before, verb


def test_a_vote_called_off_stays_so(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    vote.cast(0)
    text = vote.ballot(1)
    services.withdraw(vote.poll, reason="名册有误，另行安排", **vote.organiser)
    before = everything()
    for verb, act in acts(vote).items():
        if verb in ("make_cards", "reissue"):
            continue
        with pytest.raises(Refusal), transaction.atomic():
            act()
        assert everything() == before, verb
    with pytest.raises(NotOpenFromHere):
        services.cast(vote.poll.uuid, text)
    assert everything() == before


def test_only_who_may_takes_a_step(led: Callable[..., Vote], street: Any) -> None:
    vote = led("preparing")
    stranger, watcher = street.actor(street.outsider), street.actor(street.supervisor)
    before = everything()
    for act in (services.open_poll, services.close_poll, services.prepare, services.publish):
        with pytest.raises(NotFound):
            act(vote.poll, actor=stranger, at=vote.at)
        with pytest.raises(NotPermitted):
            act(vote.poll, actor=watcher, at=vote.at)
    with pytest.raises(NotPermitted):
        services.make_cards(vote.poll, KEYS, **vote.organiser)
    with pytest.raises(NotPermitted):
        services.hand_in(vote.poll, vote.trustees[0], "certificate", b"{}", **vote.organiser)
    with pytest.raises(NotPermitted):
        services.hand_in(vote.poll, vote.trustees[0], "certificate", b"{}", **vote.as_trustee(vote.trustees[1]))
    assert everything() == before


def test_the_guards_of_the_preparation(led: Callable[..., Vote], street: Any) -> None:
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role

    def missing() -> set[str]:
        try:
            with transaction.atomic():
                services.prepare(vote.poll, **vote.organiser)
                transaction.set_rollback(True)
        except Blocked as blocked:
            return {f"{check.rule.id} {check.title}" for check in blocked.missing}
        return set()

    vote = led("draft")
    assert missing() == set()
    me = vote.organiser
    services.set_roll(vote.poll, [], **me)
    assert missing() == {"V-01 选民名册", "V-06 人数够保密"}
    services.set_roll(vote.poll, [("甲", ""), ("乙", "")], **me)
    assert missing() == {"V-06 人数够保密"}
    services.set_roll(vote.poll, [("甲", ""), ("乙", ""), ("丙", "")], **me)
    services.set_items(vote.poll, [], **me)
    assert missing() == {"V-01 选票写全"}
    services.set_items(vote.poll, ["行吗？"], **me)
    people = [one.person for one in vote.trustees]
    services.set_trustees(vote.poll, people[:2], threshold=2, giver=street.clerk, **me)
    assert missing() == {"V-02 监票人数"}
    services.set_trustees(vote.poll, people[:2], threshold=2, giver=street.clerk, few_reason="只有两位懂", **me)
    assert missing() == set()
    services.set_trustees(vote.poll, people, threshold=1, giver=street.clerk, **me)
    assert missing() == {"V-02 几位才能开票"}
    services.set_trustees(vote.poll, people, threshold=4, giver=street.clerk, **me)
    assert missing() == {"V-02 几位才能开票"}
    services.set_trustees(vote.poll, [*people, street.secretary], threshold=3, giver=street.clerk, **me)
    assert missing() == {"V-03 监票人独立"}
    services.set_trustees(vote.poll, [*people, street.clerk], threshold=3, giver=street.clerk, **me)
    assert missing() == {"V-03 监票人独立"}
    Posting.objects.create(person=people[0], unit=street.top, role=Role.SYSTEM_ADMIN, since=vote.at.date())
    services.set_trustees(vote.poll, people, threshold=2, giver=street.clerk, **me)
    assert missing() == {"V-03 监票人独立"}
    services.set_trustees(vote.poll, people[1:], threshold=2, giver=people[0], few_reason="只有两位", **me)
    assert missing() == {"V-04 发卡人"}
    services.set_trustees(vote.poll, people[1:], threshold=2, giver=None, few_reason="只有两位", **me)
    assert missing() == {"V-04 发卡人"}
    services.set_trustees(vote.poll, people[1:], threshold=2, giver=street.clerk, few_reason="只有两位", **me)
    services.change(vote.poll, is_election=True, **me)
    assert missing() == {"E-37 上级批准"}
    services.change(vote.poll, approval="砚街党〔2026〕8号", **me)
    assert missing() == set()


def test_cards_of_another_window_are_not_replaced_unasked(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    keys = [[vote.key(credentials.credential(vote.lot.randrange)) for _one in range(3)] for _window in range(3)]
    made = vote.giver
    services.make_cards(vote.poll, keys[0], instead_of="", **made)
    first = cards_print(vote.poll)
    for unknown in ("", "x" * 43):
        before = everything()
        with pytest.raises(OtherCards):
            services.make_cards(vote.poll, keys[1], instead_of=unknown, **made)
        assert everything() == before
    services.make_cards(vote.poll, keys[2], instead_of=first, **made)
    assert cards_print(vote.poll) not in ("", first)


def test_it_opens_only_with_key_and_cards(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    before = everything()
    with pytest.raises(Blocked) as blocked:
        services.open_poll(vote.poll, **vote.organiser)
    assert {check.title for check in blocked.value.missing} == {"密钥", "选票卡"}
    assert everything() == before
    vote.make_key()
    with pytest.raises(Blocked) as blocked:
        services.open_poll(vote.poll, **vote.organiser)
    assert {check.title for check in blocked.value.missing} == {"选票卡"}
    vote.make_cards(3)
    assert services.open_poll(vote.poll, **vote.organiser).state == State.OPEN


def test_a_share_waits_for_sum_and_attendance_and_for_the_numbers_to_agree(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    for voter in range(3):
        vote.cast(voter)
    services.close_poll(vote.poll, **vote.organiser)
    with pytest.raises(Blocked) as blocked:
        vote.hand_in(vote.trustees[0], "share", b"{}")
    assert {check.title for check in blocked.value.missing} == {"加密的合计", "签到", "票数相符"}
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    services.record_attendance(vote.poll, cards_given=3, attended=2, **vote.organiser)
    before = everything()
    with pytest.raises(Blocked) as blocked:
        vote.hand_in(vote.trustees[0], "share", vote.share(vote.trustees[0]))
    assert {check.rule.id for check in blocked.value.missing} == {"E-29"}
    assert everything() == before


def test_back_to_the_draft_throws_keys_and_cards_away(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    vote.make_key("certificate")
    vote.make_cards(3)
    services.reopen_draft(vote.poll, reason="名册少一人", **vote.organiser)
    assert not Credential._base_manager.filter(poll=vote.poll.pk).exists()
    assert vote.fresh().state == State.DRAFT
    services.set_roll(vote.poll, [(name, "") for name in "甲乙丙丁"], **vote.organiser)
    services.prepare(vote.poll, **vote.organiser)
    vote.make_key()
    vote.make_cards(4)
    services.open_poll(vote.poll, **vote.organiser)
    assert vote.cast(0).repeated is False


def test_cards_stand_in_the_order_of_their_keys_and_a_lost_one_is_replaced(led: Callable[..., Vote]) -> None:
    from lianxi.engines.ballots import credentials

    vote = led("preparing", voters=8)
    vote.make_cards(8)
    lost = vote.cards[3]
    vote.cards[3] = credentials.credential(vote.lot.randrange)
    services.reissue(vote.poll, vote.key(lost), vote.key(vote.cards[3]), **vote.giver)
    rows = list(Credential._base_manager.filter(poll=vote.poll.pk).order_by("pk").values_list("key", "revoked"))
    assert [int(key) for key, _gone in rows] == sorted(int(key) for key, _gone in rows)
    assert [key for key, gone in rows if gone] == [vote.key(lost)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM ballotbox_credential")
        assert cursor.fetchone() == (1,), "no row is younger than another"
    told = json.dumps(list(PollEvent._base_manager.filter(poll=vote.poll.pk).values_list("facts", flat=True)))
    assert not any(key in told for key, _gone in rows)
    assert vote.fresh().cards_lost == 1
    vote.make_key()
    services.open_poll(vote.poll, **vote.organiser)
    from lianxi.commons.ballotbox.services.receiving import NotOnList

    with pytest.raises(NotOnList):
        services.cast(vote.poll.uuid, vote.ballot(3, card=lost))
    vote.cast(3)


def test_no_event_is_made_of_a_ballot(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    before = (PollEvent._base_manager.count(), vote.fresh().version)
    vote.cast(0)
    vote.cast(1)
    assert (PollEvent._base_manager.count(), vote.fresh().version) == before


def test_append_refuses_what_the_trigger_refuses(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    poll = vote.fresh()
    with pytest.raises(DatabaseError), transaction.atomic():
        append(poll, EntryKind.RESULT, put(poll, b"{}"))
    assert RollEntry._base_manager.filter(poll=poll.pk).count() == 3
    assert Trustee._base_manager.filter(poll=poll.pk).count() == 3
