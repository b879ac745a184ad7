"""A secret vote is drafted: what is asked, of whom, who keeps the key, who gives out the cards. Only while it is a draft."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.engines.ballots.election import BASE58
from lianxi.engines.ballots.proofs import Draw

from .. import policies
from ..letters import alike
from ..models import Item, Poll, RollEntry, Trustee
from ..terms import Kind, Part, Verdict
from ..workflow import WALK
from .typed import plain

UUID_SIGNS = 14
ITEMS_AT_MOST, ROSTER_AT_MOST, ROLL_AT_MOST, TRUSTEES_AT_MOST = 60, 100, 20_000, 20
MARK = "lianxi-ballot/"
"""By this line verifiers know the form of a ballot: nobody else may write it into a description."""


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    made, errors = dict(values), dict[str, Any]()
    for name in ("title", "approval", "few_reason", "place"):
        if name in made:
            made[name] = plain(made[name])
    if "title" in made and not made["title"]:
        errors["title"] = _("这一项要写。")
    if "about" in made:
        made["about"] = plain(made["about"], lines=True)
        if MARK in made["about"]:
            errors["about"] = _("说明里有不能用的字样：%(mark)s") % {"mark": MARK}
    if "kind" in made and made["kind"] not in Kind.values:
        errors["kind"] = _("请选一种。")
    if "rule" in made and made["rule"] not in Verdict.values:
        errors["rule"] = _("请选一种。")
    for name in ("most", "threshold"):
        if name in made and not 1 <= made[name] <= ITEMS_AT_MOST + ROSTER_AT_MOST:
            errors[name] = _("写整数，至少1。")
    for name in made:
        if name not in FIELDS:
            raise TypeError(f"{name} is not changed here")
    if errors:
        raise BadInput(errors)
    return made


FIELDS = frozenset({
    "title", "about", "kind", "most", "rule", "revote", "is_election", "approval", "threshold", "few_reason", "giver",
    "opens_on", "place",
})  # fmt: skip
"""What may be changed of a draft."""


@transaction.atomic
def draft(
    unit: Unit, *, title: str, kind: str, actor: Actor, at: dt.datetime, draw: Draw = secrets.randbelow, **more: Any
) -> Poll:
    """Begin a secret vote of a unit. `more`: any of `FIELDS`.

    Raises NotPermitted; BadInput for a missing title, an unknown kind or rule.
    """
    if not policies.PLAN.may(actor, unit):
        raise NotPermitted(open_to=[one.says for one in policies.PLAN.clauses])
    values = _checked({"title": title, "kind": kind, **more})
    uuid = "".join(BASE58[draw(58)] for _sign in range(UUID_SIGNS))
    return WALK.begin(Poll(unit=unit, uuid=uuid, created_at=at, **values), verb="draft", actor=actor, at=at)


def change(poll: Poll, *, actor: Actor, at: dt.datetime, seen: int | None = None, **values: Any) -> Poll:
    """Change what stands on the draft (`FIELDS`). Raises BadInput."""
    return WALK.take("change", poll, actor=actor, at=at, seen=seen, **_checked(values))


@transaction.atomic
def set_items(
    poll: Poll,
    items: Sequence[str],
    roster: Sequence[str] = (),
    *,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> Poll:
    """Write what stands on the ballot anew: motions, options or candidates; and who may be written in. Raises BadInput."""
    lists = {Part.ITEM: [plain(one) for one in items], Part.ROSTER: [plain(one) for one in roster]}
    every = lists[Part.ITEM] + lists[Part.ROSTER]
    errors: dict[str, Any] = {}
    if not all(every) or len({alike(one) for one in every}) != len(every) or any(len(one) > 300 for one in every):
        errors["items"] = _("每一项都要写，各写一次，不超过300字。")
    if len(lists[Part.ITEM]) > ITEMS_AT_MOST or len(lists[Part.ROSTER]) > ROSTER_AT_MOST:
        errors["items"] = _("最多%(items)d项，另选名单最多%(roster)d人。") % {
            "items": ITEMS_AT_MOST,
            "roster": ROSTER_AT_MOST,
        }
    if errors:
        raise BadInput(errors)
    kept = {"what": "items", "items": len(items), "roster": len(roster)}
    now = WALK.take("change", poll, actor=actor, at=at, seen=seen, facts=kept)
    Item._base_manager.filter(poll=now.pk).delete()
    Item._base_manager.bulk_create(
        Item(poll=now, part=part, number=number, text=text)
        for part, texts in lists.items()
        for number, text in enumerate(texts, 1)
    )
    return now


@transaction.atomic
def set_roll(
    poll: Poll,
    entries: Sequence[tuple[str, str]],
    *,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    source: str = "pasted",
    facts: dict[str, Any] | None = None,
) -> Poll:
    """Write the roll anew: (name, note) of each who may vote, in this order.

    `source`: where they come from (register, pasted, sheet); `facts`: numbers about it, kept in the event. Raises BadInput.
    """
    rows = [(plain(name), plain(note)) for name, note in entries]
    if len(rows) > ROLL_AT_MOST:
        raise BadInput({"roll": _("名册最多%(n)d人。") % {"n": ROLL_AT_MOST}})
    if wrong := [number for number, (name, note) in enumerate(rows, 1) if not name or len(name) > 60 or len(note) > 60]:
        raise BadInput({"roll": _("第%(n)d行要有姓名，姓名和备注不超过60字。") % {"n": wrong[0]}})
    same = Counter((alike(name), alike(note)) for name, note in rows)
    if len(same) != len(rows):
        twice = next(row for row in rows if same[alike(row[0]), alike(row[1])] > 1)
        raise BadInput({"roll": _("%(name)s写了两次；同名的请在备注里区分。") % {"name": twice[0]}})
    kept = {"what": "roll", "roll": len(rows), "source": source, **(facts or {})}
    now = WALK.take("change", poll, actor=actor, at=at, seen=seen, facts=kept)
    RollEntry._base_manager.filter(poll=now.pk).delete()
    RollEntry._base_manager.bulk_create(
        [RollEntry(poll=now, number=number, name=name, note=note) for number, (name, note) in enumerate(rows, 1)],
        batch_size=1000,
    )
    return now


@transaction.atomic
def set_trustees(
    poll: Poll,
    people: Sequence[Person],
    *,
    threshold: int,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    giver: Person | None = None,
    few_reason: str = "",
) -> Poll:
    """Name the trustees in their order, how many of them open the result, and who gives out the cards. Raises BadInput."""
    if len({one.pk for one in people}) != len(people):
        raise BadInput({"trustees": _("同一位监票人写了两次。")})
    if len(people) > TRUSTEES_AT_MOST:
        raise BadInput({"trustees": _("监票人最多%(n)d位。") % {"n": TRUSTEES_AT_MOST}})
    values = _checked({"threshold": threshold, "few_reason": few_reason, "giver": giver})
    facts = {"what": "people", "trustees": len(people)}
    now = WALK.take("change", poll, actor=actor, at=at, seen=seen, facts=facts, **values)
    Trustee._base_manager.filter(poll=now.pk).delete()
    Trustee._base_manager.bulk_create(
        Trustee(poll=now, number=number, person=one, name=one.name) for number, one in enumerate(people, 1)
    )
    return now
