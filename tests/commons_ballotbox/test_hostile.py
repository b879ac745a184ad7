"""What somebody hostile tries on the pages of a vote: odd bodies, letters that nobody sees, steps that are not theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.ballotbox import pasted, queries, services
from lianxi.commons.ballotbox.models import Credential, Item, RollEntry, TrusteeFile
from lianxi.commons.ballotbox.notices_of import leaders
from lianxi.commons.ballotbox.queries import today
from lianxi.commons.ballotbox.queries.election import GROUP
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from tests.commons_ballotbox.conftest import Vote, browser_of
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
    assert (answer.status_code, answer.json()["detail"]) == (413, "文件太大。")


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


def _ended(vote: Vote, ballots: int) -> None:
    for voter in range(ballots):
        vote.cast(voter)
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    vote.fresh()


@pytest.mark.parametrize("ballots", [1, 2])
def test_one_or_two_ballots_are_not_opened(led: Led, ballots: int) -> None:
    """The result of one ballot is that ballot; of two, each knows the other's."""
    vote = led()
    _ended(vote, ballots)
    first = vote.trustees[0]
    who = vote.as_trustee(first)
    assert today.waiting(**who) == []
    with pytest.raises(Blocked) as blocked:
        vote.hand_in(first, "share", vote.share(first))
    assert {check.rule.id for check in blocked.value.missing} == {"V-06"}
    assert not TrusteeFile._base_manager.filter(trustee=first.pk, step="share").exists()
    assert queries.result(vote.fresh()) is None


def test_no_ballot_at_all_is_counted(led: Led) -> None:
    vote = led()
    _ended(vote, 0)
    assert [one.act for one in today.waiting(**vote.as_trustee(vote.trustees[0]))] == ["share"]
    for one in vote.trustees[:2]:
        vote.hand_in(one, "share", vote.share(one))
    services.count(vote.poll.pk, **vote.job("count"))
    shown = queries.result(vote.fresh())
    assert shown is not None
    assert {mark.n for line in shown.lines for mark in line.marks} == {0}


def test_who_keeps_a_key_and_becomes_leader_leads_no_step(led: Led, street: SimpleNamespace) -> None:
    vote = led("poll_open")
    for voter in range(3):
        vote.cast(voter)
    Posting.objects.create(person=street.director, unit=street.wanghuai, role=Role.DIRECTOR, since=vote.at.date())
    both = {"actor": street.actor(street.director), "at": vote.at}
    steps: list[Callable[[], Any]] = [
        lambda: services.record_attendance(vote.poll, cards_given=3, attended=3, **both),
        lambda: services.close_poll(vote.poll, **both),
        lambda: services.withdraw(vote.poll, reason="不想要了", **both),
    ]
    for step in steps:
        with pytest.raises(NotPermitted):
            step()
    assert (vote.fresh().state, vote.poll.attended) == ("poll_open", None)
    assert street.director not in leaders(vote.poll, at=vote.at)
    assert "close" not in [one.act for one in today.waiting(**both)]
    leads = {"actor": street.actor(street.secretary), "at": vote.at}
    assert "close" in [one.act for one in today.waiting(**leads)]
    services.reopen_draft((draft := led("preparing")).poll, reason="换一位监票人", **draft.organiser)
    services.set_trustees(draft.poll, [street.publisher, street.works_head], threshold=2, few_reason="换人", **both)
