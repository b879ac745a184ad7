"""A secret vote at each of its steps, led by the people who may, with the trustees' side played by the engine."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Poll, Trustee
from lianxi.commons.ballotbox.queries.ceremony import input_for
from lianxi.commons.ballotbox.queries.election import GROUP, certificates_of, election_of, read_certificate
from lianxi.commons.permissions import system
from lianxi.engines.ballots import ballot as ballots
from lianxi.engines.ballots import ceremony, channels, chinese, credentials
from lianxi.engines.ballots.strict import parsed, written
from lianxi.engines.ballots.tally import partly_decrypted, read_columns, read_sized
from tests.street import NOON

MOTIONS = ("同意把自行车棚移到北门吗？", "同意楼道灯改成声控吗？")
CANDIDATES = ("甲", "乙", "丙", "丁")
ROSTER = ("戊", "己")


@dataclass
class Vote:
    """A poll with what its people keep to themselves: the trustees' keys, the voters' cards."""

    poll: Poll
    street: SimpleNamespace
    lot: random.Random
    at: dt.datetime = NOON
    keys: list[channels.Keys] = field(default_factory=list)
    outputs: list[ceremony.Output] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)

    @property
    def organiser(self) -> dict[str, Any]:
        return {"actor": self.street.actor(self.street.secretary), "at": self.at}

    @property
    def giver(self) -> dict[str, Any]:
        return {"actor": self.street.actor(self.street.clerk), "at": self.at}

    @property
    def trustees(self) -> list[Trustee]:
        return list(Trustee._base_manager.filter(poll=self.poll.pk).select_related("person").order_by("number"))

    def as_trustee(self, one: Trustee) -> dict[str, Any]:
        return {"actor": self.street.actor(one.person), "at": self.at}

    def fresh(self) -> Poll:
        self.poll = Poll._base_manager.select_related("unit", "giver").get(pk=self.poll.pk)
        return self.poll

    def hand_in(self, one: Trustee, step: str, text: bytes) -> Any:
        return services.hand_in(self.poll, one, step, text, **self.as_trustee(one))

    def make_key(self, until: str = "output") -> None:
        """All trustees, step by step."""
        draw = self.lot.randrange
        self.keys = [channels.Keys(GROUP, channels.seed(draw)) for _one in self.trustees]
        for one, keys in zip(self.trustees, self.keys, strict=True):
            self.hand_in(one, "certificate", written(ceremony.certificate(keys, draw).told()).encode())
        if until == "certificate":
            return
        for one in self.trustees:
            self.hand_in(one, "polynomial", self.polynomial(one))
        if until == "polynomial":
            return
        for one in self.trustees:
            self.hand_in(one, "output", self.output(one))

    def polynomial(self, one: Trustee) -> bytes:
        names = certificates_of(self.poll)
        made = ceremony.polynomial(self.keys[one.number - 1], names, self.poll.threshold, self.lot.randrange)
        return written(made.told()).encode()

    def output(self, one: Trustee) -> bytes:
        text = input_for(self.poll, one)
        assert text is not None
        given = ceremony.read_input(GROUP, text, "")
        made = ceremony.output(self.keys[one.number - 1], certificates_of(self.poll), given, self.lot.randrange)
        self.outputs.append(made)
        return written(made.told()).encode()

    def make_cards(self, count: int) -> None:
        self.cards = [credentials.credential(self.lot.randrange) for _one in range(count)]
        services.make_cards(self.poll, [self.key(card) for card in self.cards], **self.giver)

    def key(self, card: str) -> str:
        return str(credentials.public_of(GROUP, self.poll.uuid, card))

    def ballot(self, voter: int, choice: Any = None, card: str = "") -> bytes:
        """A ballot of a voter; `choice` by the kind of the poll."""
        election, typed = election_of(self.poll), card or self.cards[voter]
        assert election is not None
        form, draw = chinese.form_of(election), self.lot.randrange
        if form:
            marks, written_in = choice or (
                ["赞成"] * min(form.most, 2) + ["弃权"] * (len(form.candidates) - min(form.most, 2)),
                [],
            )
            return chinese.cast(election, form, typed, marks, written_in, draw).text
        if choice is None:
            choice = (
                [[1, 0]] * len(election.questions)
                if len(election.questions) > 1
                else [[0, 1, *[0] * (election.questions[0].width - 2)]]
            )
        return ballots.cast(election, typed, choice, draw).text

    def cast(self, voter: int, choice: Any = None) -> services.Receipt:
        return services.cast(self.poll.uuid, self.ballot(voter, choice))

    def share(self, one: Trustee) -> bytes:
        from lianxi.commons.ballotbox.models import Entry
        from lianxi.commons.ballotbox.services.sharing import blob

        election = election_of(self.fresh())
        assert election is not None
        keys = self.keys[one.number - 1]
        secret = ceremony.private_key(keys, self.outputs[one.number - 1].private_key)
        sized = read_sized(
            blob(self.poll, Entry._base_manager.get(poll=self.poll.pk, kind="EncryptedTally").payload), ""
        )
        columns = read_columns(blob(self.poll, sized.encrypted_tally), "")
        made = partly_decrypted(election, columns, secret, self.lot.randrange)
        return written({"owner": one.number, "decryption": parsed(made.text())}).encode()

    def job(self, name: str) -> Any:
        return {"actor": system(f"ballotbox.{name}"), "at": self.at}


def vote(
    street: SimpleNamespace,
    lot: random.Random,
    state: str = "poll_open",
    *,
    kind: str = "motions",
    voters: int = 3,
    items: Sequence[str] | None = None,
    roster: Sequence[str] = (),
    most: int = 1,
    threshold: int = 2,
    revote: bool = True,
    choices: Sequence[Any] | None = None,
    **more: Any,
) -> Vote:
    """A vote led to that state by the people who may."""
    made = Vote(None, street, lot)  # type: ignore[arg-type]
    trustees = [street.director, street.publisher, street.works_head]
    made.poll = services.draft(
        street.wanghuai, title="这件事怎么办", kind=kind, most=most, revote=revote, giver=street.clerk,
        draw=lot.randrange, **more, **made.organiser,
    )  # fmt: skip
    services.set_items(made.poll, items or (CANDIDATES if kind == "candidates" else MOTIONS), roster, **made.organiser)
    services.set_roll(made.poll, [(f"居民{n}", "") for n in range(voters)], **made.organiser)
    services.set_trustees(made.poll, trustees, threshold=threshold, giver=street.clerk, **made.organiser)
    made.fresh()
    if state == "draft":
        return made
    services.prepare(made.poll, **made.organiser)
    made.fresh()
    if state == "preparing":
        return made
    made.make_key()
    made.make_cards(voters)
    services.open_poll(made.poll, **made.organiser)
    made.fresh()
    if state == "poll_open":
        return made
    for voter in range(voters):
        made.cast(voter, choices[voter] if choices else None)
    services.record_attendance(made.poll, cards_given=voters, attended=voters, **made.organiser)
    services.close_poll(made.poll, **made.organiser)
    if state == "poll_closed":
        return made
    services.add_up(made.poll.pk, **made.job("add_up"))
    if state == "added_up":
        made.fresh()
        return made
    for one in made.trustees[:threshold]:
        made.hand_in(one, "share", made.share(one))
    services.count(made.poll.pk, **made.job("count"))
    if state == "published":
        services.publish(made.poll, **made.organiser)
        services.publish_archive(made.poll.pk, at=made.at)
    made.fresh()
    return made


@pytest.fixture
def led(street: SimpleNamespace, lot: random.Random) -> Callable[..., Vote]:
    """`led("poll_open", voters=3)`: a vote led to that state."""
    return partial(vote, street, lot)


__all__ = ["Vote", "read_certificate", "vote"]


def browser_of(person: Any, language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies["language"] = language
    account, _made = Account.objects.get_or_create(person=person, defaults={"username": f"u{person.pk}"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def desk(street: SimpleNamespace) -> Client:
    for one in (street.director, street.publisher, street.works_head, street.clerk):
        browser_of(one)
    return browser_of(street.secretary)
