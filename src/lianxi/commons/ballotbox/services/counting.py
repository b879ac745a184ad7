"""Jobs of a poll after its end: add up, open, verify, publish. Each may be done twice, and works once."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from lianxi.commons.permissions import Actor
from lianxi.engines.ballots import acts
from lianxi.engines.ballots import ballot as ballots
from lianxi.engines.ballots import tally as tallies
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.cores import SMALLEST, processes
from lianxi.engines.ballots.election import read_election
from lianxi.engines.ballots.strict import parsed
from lianxi.engines.ballots.tally import Owned, PartialDecryption, SizedTally, Tally
from lianxi.engines.ballots.verifying import verify

from ..models import Blob, Entry, Poll, Progress
from ..queries.election import files_of
from ..terms import EntryKind, State, Step, Work
from ..workflow import WALK
from .archiving import chunks, write
from .chain import append, locked, put
from .hinting import make_hints
from .sharing import blob, read_share

BATCH = 25
"""Ballots after which the progress is written down."""


class Meter:
    """Writes down how far a job has come; what it writes is seen at once, whatever becomes of the job."""

    def __init__(self, poll: Poll, work: Work, whole: int) -> None:
        self.row, _made = Progress._base_manager.update_or_create(
            poll=poll, work=work, defaults={"done": 0, "whole": whole, "ended": False, "problem": ""}
        )

    def move(self, done: int) -> None:
        Progress._base_manager.filter(pk=self.row.pk).update(done=done)

    def end(self, problem: str = "") -> None:
        rows = Progress._base_manager.filter(pk=self.row.pk)
        if problem:
            rows.update(problem=problem[:300], ended=True)
        else:
            rows.update(done=self.row.whole, ended=True)


def counted_ballots(poll: Poll) -> list[str]:
    """Hashes of the ballots that count, the last of each card, in the order of the archive's rule."""
    rows = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.BALLOT).order_by("height")
    last: dict[str, str] = {}
    for credential, payload in rows.values_list("credential", "payload").iterator():
        last.pop(credential, None)
        last[credential] = payload
    return list(last.values())


def _ballots(poll: Poll, digests: list[str]) -> Iterable[bytes]:
    for at in range(0, len(digests), BATCH):
        part = digests[at : at + BATCH]
        rows = dict(Blob._base_manager.filter(poll=poll.pk, hash__in=part).values_list("hash", "text"))
        yield from (bytes(rows[digest]) for digest in part)


def add_up(poll_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """合计: the encrypted sum of the ballots that count, and its entry."""
    poll = Poll._base_manager.get(pk=poll_id)
    if poll.state != State.CLOSED or Entry._base_manager.filter(poll=poll_id, kind=EntryKind.TALLY).exists():
        return
    setup = Entry._base_manager.get(poll=poll_id, kind=EntryKind.SETUP)
    election = read_election(blob(poll, parsed(blob(poll, setup.payload))["election"]))
    digests = counted_ballots(poll)
    meter = Meter(poll, Work.ADD_UP, len(digests))
    total = Tally(election)
    for done, text in enumerate(_ballots(poll, digests), 1):
        total.add(ballots.read_ballot(election, text))
        if not done % BATCH:
            meter.move(done)
    with transaction.atomic():
        now = locked(poll_id)
        if now.state != State.CLOSED or Entry._base_manager.filter(poll=poll_id, kind=EntryKind.TALLY).exists():
            return
        columns = put(now, tallies.tally_text(total.columns()))
        append(now, EntryKind.TALLY, put(now, SizedTally(total.count, total.weight, columns).text()))
        WALK.take("add_up", now, actor=actor, at=at, facts={"ballots": total.count})
    meter.end()


class Unverified(Exception):
    """The archive of a poll does not hold. Its count stays as it was; somebody has to look."""


def count(poll_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """开票: the trustees' shares and the result are added to a copy of the archive, the whole copy is verified, and only
    if everything holds the same entries are added to the box.

    Raises Unverified.
    """
    poll = Poll._base_manager.select_related("unit").get(pk=poll_id)
    shares = files_of(poll, Step.SHARE)
    if poll.state != State.CLOSED or len(shares) < poll.threshold:
        return
    meter = Meter(poll, Work.COUNT, Entry._base_manager.filter(poll=poll_id, kind=EntryKind.BALLOT).count())
    found = {owner: read_share(poll, owner, shares[owner]) for owner in sorted(shares)[: poll.threshold]}
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / f"{poll.uuid}.bel"
            result, head = _tried(poll, found, copy)
            _green(copy, meter.move)
    except Unverified as problem:
        meter.end(str(problem))
        raise
    with transaction.atomic():
        now = locked(poll_id)
        if now.state != State.CLOSED:
            return
        for owner, share in found.items():
            append(now, EntryKind.SHARE, put(now, Owned(owner, put(now, share.text())).text()))
        append(now, EntryKind.RESULT, put(now, result))
        if now.head != head:
            raise Unverified("the box is not the copy that was verified")
        WALK.take("count", now, actor=actor, at=at, facts={"ballots": now.ballots})
    meter.end()


def _tried(poll: Poll, shares: dict[int, PartialDecryption], copy: Path) -> tuple[bytes, str | None]:
    """Writes the archive with shares and result; gives the text of the result, and the hash of the last event."""
    with copy.open("xb") as file:
        write(poll, file)
    writer = Writer.resume(copy)
    for owner, share in shares.items():
        acts.add_share(writer, owner, share)
    result = tallies.result_text(list(acts.publish(writer, acts.Content(copy))))
    return result, writer.parent


def _green(copy: Path, move: Callable[[int], None]) -> None:
    """Verifies the whole archive as anybody will. Raises Unverified."""

    def told(done: int) -> None:
        if not done % BATCH:
            move(done)

    with copy.open("rb") as file, processes(copy.stat().st_size // SMALLEST) as pool:
        report = verify(file, executor=pool, progress=told)
    if not report.green:
        raise Unverified(report.wrong[0].said("zh"))


def publish_archive(poll_id: int, *, at: dt.datetime) -> None:
    """Size and hash of the archive, and the hints, which stand beside it."""
    poll = Poll._base_manager.get(pk=poll_id)
    if poll.state != State.PUBLISHED or (poll.archive_hash and poll.hints_hash):
        return
    meter = Meter(poll, Work.PUBLISH, Entry._base_manager.filter(poll=poll_id, kind=EntryKind.BALLOT).count())
    if not poll.archive_hash:
        whole, size = sha256(), 0
        for chunk in chunks(poll):
            whole.update(chunk)
            size += len(chunk)
        Poll._base_manager.filter(pk=poll_id).update(archive_hash=whole.hexdigest(), archive_size=size)
    make_hints(poll, meter.move)
    meter.end()
