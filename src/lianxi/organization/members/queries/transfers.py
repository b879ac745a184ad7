"""Transfers: what waits for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lianxi.commons.permissions import Actor
from lianxi.commons.workflow.walk import Step

from .. import policies
from ..models import Transfer, TransferStep
from ..terms import OPEN_TRANSFERS, TransferState
from ..workflow import WALK


@dataclass(slots=True)
class TransferRecord:
    """A transfer as its page shows it."""

    transfer: Transfer
    steps: list[Step]
    events: list[TransferStep]

    @property
    def open_steps(self) -> list[Step]:
        return [step for step in self.steps if step.why]

    @property
    def checks(self) -> list[Any]:
        """What the next step must pass, once each; the day of moving is asked for with the step itself."""
        seen: dict[str, Any] = {}
        for step in self.open_steps:
            for check in step.checks:
                if str(check.label) not in seen and check.required:
                    seen[str(check.label)] = check
        return list(seen.values())

    @property
    def waits_for(self) -> str:
        if self.transfer.state == TransferState.REQUESTED:
            return str(self.transfer.target)
        return str(self.transfer.source) if self.transfer.state == TransferState.ACCEPTED else ""

    @property
    def timeline(self) -> list[dict[str, Any]]:
        from django.utils.translation import gettext as _

        icons = {"refuse": "circle-x", "withdraw": "arrow-back-up", "complete": "circle-check"}
        return [
            {
                "icon": icons.get(event.verb, "transfer"),
                "title": str(WALK.by_verb[event.verb].label) if event.verb in WALK.by_verb else _("提出转接"),
                "at": event.at,
                "who": event.by_name,
                "text": event.reason,
            }
            for event in reversed(self.events)
        ]


def transfer(pk: int, *, actor: Actor, at: dt.datetime) -> TransferRecord:
    """Raises NotFound."""
    found: Transfer = policies.VIEW_TRANSFER.get(actor, pk=pk)
    return TransferRecord(found, WALK.steps(found, actor=actor, at=at), list(WALK.events(found)))


def transfers(*, actor: Actor) -> dict[str, list[Transfer]]:
    """Open ones that the actor's side has to act on, other open ones, and the latest finished ones."""
    rows = policies.VIEW_TRANSFER.all(actor).select_related("member__person", "source", "target")
    mine = Q(pk__in=[])
    if (condition := policies.RECEIVE.q(actor)) is not None:
        mine |= condition & Q(state=TransferState.REQUESTED)
    if (condition := policies.SEND.q(actor)) is not None:
        mine |= condition & Q(state=TransferState.ACCEPTED)
    acting = list(rows.filter(mine)[:100])
    keys = {one.pk for one in acting}
    waiting = [one for one in rows.filter(state__in=OPEN_TRANSFERS)[:200] if one.pk not in keys]
    return {"acting": acting, "waiting": waiting, "done": list(rows.exclude(state__in=OPEN_TRANSFERS)[:50])}
