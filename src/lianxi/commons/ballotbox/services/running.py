"""A secret vote is opened, closed, and published."""

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from gmpy2 import mpz

from lianxi.commons.jobs import enqueue
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Text
from lianxi.engines.ballots.credentials import told
from lianxi.engines.ballots.strict import written

from .. import policies
from ..models import Credential, Poll, RollEntry
from ..queries.election import election_of, trustees_of
from ..terms import EntryKind, State
from ..workflow import WALK, key_complete
from .chain import append, locked, permitted, put
from .typed import need_reason


@transaction.atomic
def open_poll(poll: Poll, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """开始投票: the chain begins with what is asked, the trustees' keys and the list of cards."""
    now = locked(poll.pk)
    if now.state == State.PREPARING and key_complete(now, at).passed:
        _set_up(now)
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return WALK.take("open", poll, actor=actor, at=at, seen=seen, leader_id=actor.person_id, stamp=int(day.timestamp()))


def _set_up(poll: Poll) -> None:
    election, trustees = election_of(poll), trustees_of(poll)
    assert election is not None
    assert trustees is not None
    keys = Credential._base_manager.filter(poll=poll.pk, revoked=False).values_list("key", flat=True)
    found = {
        "election": put(poll, election.text),
        "trustees": put(poll, trustees.text()),
        "credentials": put(poll, told([mpz(key) for key in keys])),
    }
    append(poll, EntryKind.SETUP, put(poll, written(found).encode()))


@transaction.atomic
def close_poll(poll: Poll, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """截止投票: whoever holds the lock first is before the end."""
    now = locked(poll.pk)
    if now.state == State.OPEN:
        append(now, EntryKind.END)
    closed = WALK.take("close", poll, actor=actor, at=at, seen=seen)
    _forget_when(now)
    enqueue("ballotbox.add_up", poll_id=now.pk)
    return closed


def _forget_when(poll: Poll) -> None:
    """Writes the ballots' rows once more, all in this transaction: the database does not remember in which one each came."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ballotbox_entry SET text = text || '' WHERE poll_id = %s", [poll.pk])
        cursor.execute("UPDATE ballotbox_blob SET text = text || ''::bytea WHERE poll_id = %s", [poll.pk])


@transaction.atomic
def record_attendance(
    poll: Poll, *, cards_given: int, attended: int, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Poll:
    """登记签到: how many signed the attendance list and how many cards were given out, once. Raises BadInput."""
    permitted(policies.RUN, poll, actor)
    errors = _numbers(poll, cards_given, attended)
    if locked(poll.pk).attended is not None:
        errors["attended"] = _("已经登记过。登记错了，用“更正签到人数”。")
    if errors:
        raise BadInput(errors)
    return WALK.take("attendance", poll, actor=actor, at=at, seen=seen, cards_given=cards_given, attended=attended)


def correct_attendance(
    poll: Poll, *, cards_given: int, attended: int, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Poll:
    """更正签到: a slip of the pen, before any trustee has opened; the numbers before stay in the history. Raises BadInput, Blocked."""
    permitted(policies.RUN, poll, actor)
    why = need_reason(reason)
    if errors := _numbers(poll, cards_given, attended):
        raise BadInput(errors)
    return WALK.take(
        "correct_attendance",
        poll,
        actor=actor,
        at=at,
        seen=seen,
        reason=why,
        cards_given=cards_given,
        attended=attended,
    )


def _numbers(poll: Poll, cards_given: int, attended: int) -> dict[str, Text]:
    roll = RollEntry._base_manager.filter(poll=poll.pk).count()
    errors: dict[str, Text] = {}
    for name, value in (("cards_given", cards_given), ("attended", attended)):
        if not 0 <= value <= roll:
            errors[name] = _("名册上一共%(n)d人，这个数不会更多。请再数一遍。") % {"n": roll}
    return errors


@transaction.atomic
def publish(poll: Poll, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """公布结果: everybody reads the result and takes the archive."""
    now = WALK.take("publish", poll, actor=actor, at=at, seen=seen)
    enqueue("ballotbox.publish_archive", poll_id=now.pk)
    return now


@transaction.atomic
def withdraw(poll: Poll, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """终止: the poll ends without a result. Here nobody opens the ballots that came."""
    ended = WALK.take("withdraw", poll, actor=actor, at=at, seen=seen, reason=need_reason(reason))
    _forget_when(ended)
    return ended
