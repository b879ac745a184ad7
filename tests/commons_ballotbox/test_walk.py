"""A whole vote, from the draft to an archive that two programs verify."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Entry
from lianxi.engines.ballots.chinese import counts, form_of
from lianxi.engines.ballots.verifying import Report, verify
from tests.commons_ballotbox.conftest import ROSTER, Vote
from tests.engines_ballots.tool import Tool, needs_tool

pytestmark = pytest.mark.django_db

FOR, AGAINST, NEITHER = [1, 0], [0, 1], [0, 0]
KINDS: dict[str, dict[str, Any]] = {
    "motions": {"choices": [[FOR, FOR], [FOR, AGAINST], [NEITHER, FOR]]},
    "choice": {"items": ("东门", "西门", "南门"), "most": 2, "choices": [[[1, 0, 0, 0]], [[0, 1, 1, 0]], [[0, 0, 1, 0]]]},
    "candidates": {
        "roster": ROSTER, "most": 2,
        "choices": [
            (["赞成", "赞成", "弃权", "反对"], []),
            (["赞成", "反对", "弃权", "反对"], ["戊"]),
            (["弃权", "弃权", "弃权", "弃权"], []),
        ],
    },
}  # fmt: skip


def archived(vote: Vote) -> bytes:
    file = io.BytesIO()
    size = services.write(vote.poll, file)
    assert size == len(file.getvalue())
    return file.getvalue()


def judged(vote: Vote) -> Report:
    return verify(io.BytesIO(archived(vote)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_vote_is_green(led: Callable[..., Vote], kind: str) -> None:
    vote = led("published", kind=kind, **KINDS[kind])
    report = judged(vote)
    assert report.wrong == []
    assert report.counted == vote.poll.ballots == 3
    assert report.credentials == 3
    assert vote.poll.state == "published"
    assert vote.poll.archive_size == len(archived(vote))
    found = report.result
    if kind == "motions":
        assert found == [[2, 0], [2, 1]]
    elif kind == "choice":
        assert found == [[1, 1, 2, 0]]
    else:
        from lianxi.commons.ballotbox.queries.election import election_of

        election = election_of(vote.poll)
        assert election is not None
        form = form_of(election)
        assert form is not None
        assert [(one.name, one.favour, one.oppose, one.abstain) for one in counts(form, found, 3)][:4] == [
            ("甲", 2, 0, 1), ("乙", 1, 1, 1), ("丙", 0, 0, 3), ("丁", 0, 2, 1),
        ]  # fmt: skip


@needs_tool
@pytest.mark.parametrize("kind", KINDS)
def test_the_published_program_accepts_it(led: Callable[..., Vote], kind: str, tmp_path: Path) -> None:
    vote = led("published", kind=kind, **KINDS[kind])
    (tmp_path / f"{vote.poll.uuid}.bel").write_bytes(archived(vote))
    assert Tool(tmp_path).accepts()


def test_the_archive_is_the_same_whoever_asks_and_whenever(led: Callable[..., Vote]) -> None:
    vote = led("added_up")
    before = archived(vote)
    assert archived(vote) == before
    for one in vote.trustees[:2]:
        vote.hand_in(one, "share", vote.share(one))
    services.count(vote.poll.pk, **vote.job("count"))
    vote.fresh()
    assert archived(vote).startswith(before)
    kinds = list(Entry._base_manager.filter(poll=vote.poll.pk).values_list("kind", flat=True))
    assert kinds == ["Setup", *["Ballot"] * 3, "EndBallots", "EncryptedTally", *["PartialDecryption"] * 2, "Result"]
