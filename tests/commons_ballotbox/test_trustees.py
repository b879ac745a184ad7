"""Files of the trustees: each checked when it comes, in turn, once; what comes next is derived from what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lianxi.commons.ballotbox.models import TrusteeFile
from lianxi.commons.ballotbox.queries.ceremony import certificates_text, code_of_list, input_for, own_files, places
from lianxi.commons.ballotbox.queries.election import GROUP, election_of
from lianxi.commons.refusals import BadInput, NotOpenFromHere
from lianxi.engines.ballots import ceremony, channels
from lianxi.engines.ballots.strict import parsed, written
from lianxi.portal.trustee import steps
from tests.commons_ballotbox.conftest import Vote
from tests.commons_ballotbox.test_promises import everything
from tests.engines_ballots.small import changed, leaves

pytestmark = pytest.mark.django_db


def refused(vote: Vote, number: int, step: str, text: bytes) -> str:
    before = everything()
    with pytest.raises((BadInput, NotOpenFromHere)) as said:
        vote.hand_in(vote.trustees[number - 1], step, text)
    assert everything() == before
    return str(said.value)


def wanted(vote: Vote) -> list[tuple[str | None, tuple[int, ...]]]:
    return [(one.want.value if one.want else None, one.waits_for) for one in places(vote.fresh())]


def test_what_comes_next_follows_from_what_is_there(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    draw = vote.lot.randrange
    vote.keys = [channels.Keys(GROUP, channels.seed(draw)) for _n in range(3)]
    assert wanted(vote) == [("certificate", ())] * 3
    certificates = [written(ceremony.certificate(one, draw).told()).encode() for one in vote.keys]
    one, two, three = vote.trustees
    vote.hand_in(two, "certificate", certificates[1])
    assert wanted(vote) == [("certificate", ()), ("polynomial", (1, 3)), ("certificate", ())]
    assert "还要等" in refused(vote, 2, "polynomial", b"{}")
    vote.hand_in(one, "certificate", certificates[0])
    vote.hand_in(three, "certificate", certificates[2])
    assert parsed(certificates_text(vote.poll)) == [parsed(text) for text in certificates]
    assert len(code_of_list(certificates_text(vote.poll))) == 8
    assert input_for(vote.poll, one) is None
    for trustee in (three, one, two):
        vote.hand_in(trustee, "polynomial", vote.polynomial(trustee))
    assert election_of(vote.poll) is None
    assert own_files(vote.poll, one).keys() == {"certificate", "polynomial"}
    for trustee in (one, two, three):
        vote.hand_in(trustee, "output", vote.output(trustee))
    assert wanted(vote) == [(None, ())] * 3
    assert election_of(vote.fresh()) is not None


def test_the_same_file_again_is_fine_and_another_is_refused(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    vote.make_key("certificate")
    one = vote.trustees[0]
    given = TrusteeFile._base_manager.get(trustee=one.pk, step="certificate").text.encode()
    before = everything()
    vote.hand_in(one, "certificate", given)
    assert everything() == before
    other = written(
        ceremony.certificate(channels.Keys(GROUP, channels.seed(vote.lot.randrange)), vote.lot.randrange).told()
    )
    assert "不能更换" in refused(vote, 1, "certificate", other.encode())


@pytest.mark.parametrize("step", ["certificate", "polynomial", "output"])
def test_a_file_that_is_wrong_in_one_leaf_is_refused(led: Callable[..., Vote], step: str) -> None:
    vote = led("preparing")
    draw = vote.lot.randrange
    before = {"certificate": "", "polynomial": "certificate", "output": "polynomial"}[step]
    if before:
        vote.make_key(before)
        text = vote.polynomial(vote.trustees[0]) if step == "polynomial" else vote.output(vote.trustees[0])
    else:
        text = written(ceremony.certificate(channels.Keys(GROUP, channels.seed(draw)), draw).told()).encode()
    for path in leaves(parsed(text)):
        if path[0] in ("secrets", "private_key") or path == ("polynomial",):
            continue  # letters that only the one they are for can read
        refused(vote, 1, step, changed(text, path))
    for other in (b"", b"{}", b"\xff", text[:-1], b"[" * 5000):
        refused(vote, 1, step, other)
    vote.hand_in(vote.trustees[0], step, text)


def test_two_trustees_with_one_certificate_are_refused(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    draw = vote.lot.randrange
    text = written(ceremony.certificate(channels.Keys(GROUP, channels.seed(draw)), draw).told()).encode()
    vote.hand_in(vote.trustees[0], "certificate", text)
    assert "同" in refused(vote, 2, "certificate", text)


def test_a_share_of_another_or_with_a_wrong_leaf_is_refused_and_one_too_many_is_not_needed(
    led: Callable[..., Vote],
) -> None:
    vote = led("added_up")
    one, two, three = vote.trustees
    share = vote.share(one)
    for path in leaves(parsed(share))[:12]:
        refused(vote, 1, "share", changed(share, path))
    refused(vote, 2, "share", share)
    vote.hand_in(one, "share", share)
    vote.hand_in(one, "share", share)
    vote.hand_in(two, "share", vote.share(two))
    assert "够了" in refused(vote, 3, "share", vote.share(three))


def test_the_command_line_of_a_trustee_and_the_box_understand_each_other(
    led: Callable[..., Vote], tmp_path: Path
) -> None:
    """`lianxi trustee` on the trustee's own computer, and what it writes handed in."""
    from lianxi.commons.ballotbox import services

    vote = led("preparing")
    draw, cost = vote.lot.randrange, 2**10
    folders = [tmp_path / str(one.number) for one in vote.trustees]
    for folder, one in zip(folders, vote.trustees, strict=True):
        made = steps.new(folder, GROUP, one.name, "a passphrase", alone=False, draw=draw, cost=cost)
        vote.hand_in(one, "certificate", made.read_bytes())
    listing = tmp_path / "certificates.json"
    listing.write_bytes(certificates_text(vote.poll))
    for folder, one in zip(folders, vote.trustees, strict=True):
        assert steps.share(folder, "a passphrase", listing, 2, draw) == code_of_list(listing.read_bytes())
        vote.hand_in(one, "polynomial", (folder / "polynomial.json").read_bytes())
    for folder, one in zip(folders, vote.trustees, strict=True):
        given = tmp_path / f"for-{one.number}.json"
        given.write_bytes(input_for(vote.poll, one) or b"")
        vote.hand_in(one, "output", steps.key(folder, "a passphrase", given, draw).read_bytes())
    vote.make_cards(3)
    services.open_poll(vote.poll, **vote.organiser)
    for voter in range(3):
        vote.cast(voter)
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    archive = tmp_path / f"{vote.poll.uuid}.bel"
    with archive.open("wb") as file:
        services.write(vote.fresh(), file)
    for folder, one in list(zip(folders, vote.trustees, strict=True))[1:]:
        path, owner = steps.decrypt(folder, "a passphrase", archive, attended=3, credentials=None, draw=draw)
        assert owner == one.number
        vote.hand_in(one, "share", path.read_bytes())
    services.count(vote.poll.pk, **vote.job("count"))
    assert vote.fresh().state == "counted"
