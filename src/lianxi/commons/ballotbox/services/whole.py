"""What a page sends in one go, written in one go: the question with its lines."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit

from ..models import Poll
from . import drafting


@transaction.atomic
def begin(
    unit: Unit, *, items: Sequence[str], roster: Sequence[str], actor: Actor, at: dt.datetime, **values: Any
) -> Poll:
    """发起投票: a draft with its lines. `values`: as `draft` takes them. Raises NotPermitted, BadInput."""
    poll = drafting.draft(unit, actor=actor, at=at, **values)
    return drafting.set_items(poll, items, roster, actor=actor, at=at)


@transaction.atomic
def rewrite(
    poll: Poll,
    *,
    items: Sequence[str],
    roster: Sequence[str],
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    **values: Any,
) -> Poll:
    """改议题: the draft and its lines. Raises NotPermitted, NotOpenFromHere, BadInput."""
    now = drafting.change(poll, actor=actor, at=at, seen=seen, **values)
    return drafting.set_items(now, items, roster, actor=actor, at=at)
