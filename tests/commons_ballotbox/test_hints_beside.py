"""Hints beside the archive of a published vote: made by the job, part by part, and trusted by nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import HintPart
from lianxi.commons.ballotbox.services import hinting
from lianxi.engines.ballots import hints
from lianxi.engines.ballots.verifying import verify
from tests.commons_ballotbox.conftest import Vote

pytestmark = pytest.mark.django_db


def archived(vote: Vote) -> bytes:
    return b"".join(services.chunks(vote.fresh()))


def offered(vote: Vote) -> Any:
    return Client().get(f"/vote/{vote.poll.uuid}/archive.hints")


def test_the_publication_offers_the_hints_of_the_archive(led: Callable[..., Vote]) -> None:
    vote = led("published", kind="candidates", most=2, voters=3)
    archive, answer = archived(vote), offered(vote)
    given = b"".join(answer)
    assert given == b"".join(hints.made(io.BytesIO(archive)))
    assert answer.headers["Content-Length"] == str(len(given)) == str(vote.poll.hints_size)
    assert sha256(given).hexdigest() == vote.poll.hints_hash
    assert f"{vote.poll.uuid}.hints" in answer.headers["Content-Disposition"]
    report = verify(io.BytesIO(archive), hints=io.BytesIO(given))
    assert report.green
    assert report.hinted == report.ballots == 3
    for language, words in (("zh-hans", "不用相信它"), ("en", "Nobody has to trust it")):
        client = Client()
        client.cookies["language"] = language
        said = client.get(f"/vote/{vote.poll.uuid}/").content.decode()
        assert words in said
        assert vote.poll.hints_hash in said
        assert f"--hints {vote.poll.uuid}.hints" in said


def test_a_vote_without_a_ballot_has_hints_too(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    services.record_attendance(vote.poll, cards_given=0, attended=0, **vote.organiser)
    services.close_poll(vote.fresh(), **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    hinting.make_hints(vote.fresh(), lambda _done: None)
    assert b"".join(services.hint_chunks(vote.poll)) == b"".join(hints.made(io.BytesIO(archived(vote))))


class Killed(BaseException):
    """What a worker sees of a kill: nothing that it could catch."""


def test_a_job_that_was_killed_goes_on_after_its_last_part(
    led: Callable[..., Vote], monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = led("counted", voters=5)
    services.publish(vote.fresh(), **vote.organiser)
    worked: list[bytes] = []
    lives = 3

    def recorded(election: bytes, text: bytes) -> bytes:
        if len(worked) == lives:
            raise Killed
        worked.append(text)
        return hints.recorded(election, text)

    monkeypatch.setattr(hinting, "PART", 2)
    monkeypatch.setattr(hinting, "recorded", recorded)
    with pytest.raises(Killed):
        services.publish_archive(vote.poll.pk, at=vote.at)
    assert HintPart._base_manager.filter(poll=vote.poll.pk).count() == 1
    assert vote.fresh().archive_hash
    assert not vote.poll.hints_hash
    assert offered(vote).status_code == 404
    assert "archive.hints" not in Client().get(f"/vote/{vote.poll.uuid}/").content.decode()

    worked, lives = [], 100
    services.publish_archive(vote.poll.pk, at=vote.at)
    assert len(worked) == 3
    first = b"".join(offered(vote))
    assert first == b"".join(hints.made(io.BytesIO(archived(vote))))
    services.publish_archive(vote.poll.pk, at=vote.at)
    hinting.make_hints(vote.fresh(), lambda _done: None)  # a second worker that saw it unfinished
    assert len(worked) == 3
    assert b"".join(offered(vote)) == first
    assert HintPart._base_manager.filter(poll=vote.poll.pk).count() == 3


@pytest.mark.parametrize("state", ["poll_open", "poll_closed", "counted"])
def test_there_are_none_before_the_publication(led: Callable[..., Vote], state: str) -> None:
    vote = led(state)
    services.publish_archive(vote.poll.pk, at=vote.at)
    assert offered(vote).status_code == 404
    assert not HintPart._base_manager.exists()
