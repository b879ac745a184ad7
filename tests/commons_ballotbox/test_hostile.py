"""What somebody hostile tries on the pages of a vote: odd bodies, letters that nobody sees, steps that are not theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.ballotbox import pasted, services
from lianxi.commons.ballotbox.models import Credential, Item, RollEntry
from lianxi.commons.ballotbox.queries.election import GROUP
from lianxi.commons.refusals import BadInput
from tests.commons_ballotbox.conftest import Vote
from tests.commons_ballotbox.test_desk_pages import browser_of
from tests.officers import add_officers

pytestmark = pytest.mark.django_db
Led = Callable[..., Vote]
DEEP = (b"[" * 200_000, b'{"keys":' + b"[" * 100_000, b'{"old":' + b'{"a":' * 100_000)


def _sent(client: Client, address: str, body: bytes) -> Any:
    return client.generic("POST", address, body, content_type="application/json")


@pytest.mark.parametrize("page", ["cards/", "cards/reissue/"])
def test_a_body_as_deep_as_a_well_is_refused(led: Led, street: SimpleNamespace, page: str) -> None:
    vote = led("preparing")
    giver = browser_of(street.clerk)
    for body in (*DEEP, b"\xff", b"null", b"1" * 6000, b'{"keys":["\\ud800"]}'):
        assert _sent(giver, f"/polls/{vote.poll.pk}/{page}", body).status_code == 422, body[:20]
    assert not Credential._base_manager.filter(poll=vote.poll.pk).exists()


def test_cards_of_a_long_roll_are_taken(led: Led, street: SimpleNamespace) -> None:
    """3,500 keys are more than a form may send."""
    vote = led("draft")
    services.set_roll(vote.poll, [(f"居民{n}", "") for n in range(3500)], **vote.organiser)
    services.prepare(vote.poll, **vote.organiser)
    base = key = int(GROUP.g) ** 2 % int(GROUP.p)
    keys = []
    for _one in range(3500):
        key = key * base % int(GROUP.p)
        keys.append(str(key))
    body = json.dumps({"keys": keys}).encode()
    assert len(body) > 2 * 1024 * 1024
    answer = _sent(browser_of(street.clerk), f"/polls/{vote.poll.pk}/cards/", body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert Credential._base_manager.filter(poll=vote.poll.pk).count() == 3500


def test_what_is_too_long_is_told_as_a_problem(led: Led, street: SimpleNamespace, client: Client) -> None:
    vote = led()
    answer = _sent(client, f"/vote/{vote.poll.uuid}/ballots", b"x" * (3 * 1024 * 1024))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    trustee = browser_of(vote.trustees[0].person)
    answer = _sent(trustee, f"/polls/{vote.poll.pk}/trustee/share/", b"x" * (5 * 1024 * 1024))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


UNSEEN = ("\u3164", "\u115f\u1160", "\ufe0f", "\u2800", "\u034f", "\u200b\u202e", "\ufffe", "\U000e0100", "\U000e0041")


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_no_option_and_no_difference(led: Led, sign: str) -> None:
    vote = led("draft", kind="choice", items=("甲", "乙"))
    for items in ((sign, "乙"), (f"乙{sign}", "乙")):
        with pytest.raises(BadInput):
            services.set_items(vote.poll, items, **vote.organiser)
        assert [*pasted.lines("\n".join(items))] in (["乙"], ["乙", "乙"])
    with pytest.raises(BadInput):
        services.set_roll(vote.poll, [(f"张伟{sign}", ""), ("张伟", "")], **vote.organiser)
    with pytest.raises(BadInput):
        services.change(vote.poll, title=sign, **vote.organiser)
    assert list(Item._base_manager.filter(poll=vote.poll.pk).values_list("text", flat=True)) == ["甲", "乙"]
    assert RollEntry._base_manager.filter(poll=vote.poll.pk).count() == 3


def test_what_looks_alike_stands_once(led: Led) -> None:
    vote = led("draft", kind="choice", items=("甲", "乙"))
    with pytest.raises(BadInput):
        services.set_items(vote.poll, ("方案A", "方案Ａ"), **vote.organiser)
    assert pasted.repeated(["方案A", "方案Ａ", "⼈选", "人选"]) == {"方案A": [1, 2], "⼈选": [3, 4]}


@pytest.mark.parametrize("name", ["张\U0002ebf0", "李\U00031350", "王\U000323af"])
def test_a_rare_name_keeps_its_letters(led: Led, name: str) -> None:
    """Letters that came into Unicode for names of persons, some later than this Python."""
    vote = led("draft")
    assert [one.name for one in pasted.names(name)] == [name]
    services.set_roll(vote.poll, [(name, "")], **vote.organiser)
    assert [row.name for row in services.attendance_sheet(vote.poll, **vote.organiser)] == [name]


def test_the_archive_is_early_for_those_who_lead_or_keep_a_key_alone(led: Led, street: SimpleNamespace) -> None:
    add_officers(street)
    early = led("counted")
    address = f"/polls/{early.poll.pk}/archive.bel"
    got = {name: browser_of(street.people[name]).get(address).status_code for name in ("secretary", "director", "clerk", "supervisor")}  # fmt: skip
    assert got == {"secretary": 200, "director": 200, "clerk": 404, "supervisor": 404}
    services.publish(early.poll, **early.organiser)
    assert browser_of(street.supervisor).get(address).status_code == 200


def test_a_list_sent_too_late_is_not_passed_over_in_silence(led: Led, street: SimpleNamespace) -> None:
    vote = led("preparing")
    typed = {"names": "甲\n乙", "keep": "1"}
    assert browser_of(street.secretary).post(f"/polls/{vote.poll.pk}/roll/", typed).status_code == 409
    assert browser_of(street.clerk).post(f"/polls/{vote.poll.pk}/roll/", typed).status_code == 403
    assert RollEntry._base_manager.filter(poll=vote.poll.pk).count() == 3
