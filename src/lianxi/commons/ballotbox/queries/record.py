"""The record of a poll at the desk."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor, why
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import Step as NextStep

from .. import policies
from ..models import Credential, Entry, Item, Poll, Progress
from ..terms import ENDED, EntryKind, Part, State, Step, Work
from ..workflow import WALK
from .results import Shown, result
from .roll import voters
from .trustees import Standing, standings

PAGES = {"question": "poll_question", "roll": "poll_roll", "people": "poll_trustees"}
HIDDEN = ("trustee_file", "share", "make_cards", "reissue", "attendance", "add_up", "count", "change")
"""Steps that have pages of their own, or that a job takes."""
BACKWARD = ("withdraw", "reopen_draft")


@dataclass(frozen=True, slots=True)
class Primary:
    """The one thing to do now: a label, and the name of its page (`verb` for a page of one step)."""

    label: str
    page: str
    verb: str = ""
    icon: str = ""


@dataclass(slots=True)
class Record:
    """A poll as its page at the desk shows it."""

    poll: Poll
    steps: list[NextStep]
    events: list[Any]
    items: list[Item]
    roster: list[Item]
    voters: int
    trustees: list[Standing]
    cards: int
    added_up: bool
    progress: list[Progress]
    shown: Shown | None
    may: dict[str, bool] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return State(self.poll.state)

    @property
    def mine(self) -> Standing | None:
        """The actor as a trustee."""
        return next((one for one in self.trustees if one.mine), None)

    @property
    def open_steps(self) -> list[NextStep]:
        return [step for step in self.steps if step.why and step.verb not in HIDDEN]

    @property
    def shares(self) -> int:
        return sum(done.done for one in self.trustees for done in one.steps if done.step == Step.SHARE)

    @property
    def missing(self) -> str:
        """The part of a draft that is still to be written."""
        if not self.items:
            return "question"
        if not self.voters:
            return "roll"
        return "people" if not self.trustees or self.poll.giver_id is None else ""

    @property
    def primary(self) -> Primary | None:
        """What the reader does now, if anything waits for him or her."""
        if self.mine and self.mine.due and (self.state != State.CLOSED or self.may_share):
            label = _("交解密份额") if self.mine.due == Step.SHARE else _("制作我的密钥")
            return Primary(label, "poll_trustee", icon="key")
        if self.state == State.PREPARING and self.may["give"] and self.cards < self.voters:
            return Primary(_("制作选票卡"), "poll_cards", icon="id")
        if not self.may["run"]:
            return None
        return self._organisers()

    @property
    def parts(self) -> list[Primary]:
        """The parts of a draft, each with its page."""
        words = {"question": _("写议题"), "roll": _("写选民名册"), "people": _("定监票人和发卡人")}
        return [Primary(word, PAGES[key]) for key, word in words.items()]

    @property
    def ready_steps(self) -> list[NextStep]:
        """Steps onward from which nothing is missing, but for the one of the primary button."""
        first = self.primary.verb if self.primary else ""
        return [step for step in self.open_steps if step.open and step.verb not in (*BACKWARD, first)]

    @property
    def back_steps(self) -> list[NextStep]:
        """What leads back or away, for the menu."""
        return [step for step in self.open_steps if step.verb in BACKWARD]

    @property
    def has_archive(self) -> bool:
        """Whether the reader can take the archive: everybody once it is published, before that who leads or keeps a key."""
        return self.state == State.PUBLISHED or (self.ended and (self.may["run"] or self.may["trust"]))

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def working(self) -> bool:
        """A job is at it, so the page asks again."""
        return self.state == State.CLOSED and (not self.added_up or self.shares >= self.poll.threshold)

    def _work(self, of: Work) -> Progress | None:
        return next((one for one in self.progress if one.work == of and not one.ended), None)

    @property
    def adding(self) -> Progress | None:
        return self._work(Work.ADD_UP)

    @property
    def counting(self) -> Progress | None:
        return self._work(Work.COUNT)

    @property
    def may_share(self) -> bool:
        return any(step.verb == "share" and step.open for step in self.steps)

    def _organisers(self) -> Primary | None:
        if self.state == State.DRAFT and self.missing:
            return next(part for part in self.parts if part.page == PAGES[self.missing])
        if self.state == State.CLOSED:
            return Primary(_("登记签到人数"), "poll_attendance") if self.poll.attended is None else None
        onward = {State.DRAFT: "prepare", State.PREPARING: "open", State.OPEN: "close", State.COUNTED: "publish"}
        verb = onward.get(self.state)
        step = next((step for step in self.open_steps if step.verb == verb), None)
        if step is None:
            return None
        if step.missing:
            return self._cure(step.missing[0]) if self.state == State.DRAFT else None
        return Primary(str(step.label), "poll_act", step.verb)

    @staticmethod
    def _cure(check: Any) -> Primary:
        """Where that which is missing is mended."""
        if check.rule.id in ("V-01", "E-37"):
            return Primary(_("改议题"), PAGES["question"], icon="pencil")
        return Primary(_("改监票人和发卡人"), PAGES["people"], icon="pencil")

    @property
    def checks(self) -> list[Any]:
        """What the next step must pass; while shares are awaited, what the trustees' step must."""
        seen: dict[str, Any] = {}
        for step in self.steps:
            if step.why and step.verb in ("prepare", "open", "share"):
                for check in step.checks:
                    seen.setdefault(str(check.label), check)
        return list(seen.values())

    @property
    def waits_for(self) -> list[str]:
        """Who has to do something before it goes on, for the line under the title."""
        if self.state == State.PREPARING:
            found = [one.trustee.name for one in self.trustees if one.due]
            return found + ([str(self.poll.giver)] if self.cards < self.voters and self.poll.giver else [])
        if self.state == State.CLOSED and self.added_up and self.poll.attended is not None:
            return [one.trustee.name for one in self.trustees if one.due]
        return []


def record(pk: int, *, actor: Actor, at: dt.datetime) -> Record:
    """Raises NotFound."""
    poll: Poll = policies.VIEW.get(actor, pk=pk)
    poll.unit = Unit.objects.get(pk=poll.unit_id)
    items = list(Item._base_manager.filter(poll=poll.pk).order_by("part", "number"))
    wanted = {"run": policies.RUN, "roll": policies.ROLL, "give": policies.GIVE, "trust": policies.TRUST}
    may = why(actor, poll, wanted.values())
    return Record(
        poll=poll,
        steps=WALK.steps(poll, actor=actor, at=at),
        events=list(WALK.events(poll)),
        items=[one for one in items if one.part == Part.ITEM],
        roster=[one for one in items if one.part == Part.ROSTER],
        voters=voters(poll),
        trustees=standings(poll, actor=actor),
        cards=Credential._base_manager.filter(poll=poll.pk, revoked=False).count(),
        added_up=poll.state == State.CLOSED and Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.TALLY).exists(),
        progress=list(Progress._base_manager.filter(poll=poll.pk)),
        shown=result(poll),
        may={name: bool(may[one]) for name, one in wanted.items()},
    )


def seen(pk: int, *, actor: Actor) -> Poll:
    """A poll at the desk, with its unit. Raises NotFound."""
    poll: Poll = policies.VIEW.get(actor, pk=pk)
    poll.unit = Unit.objects.get(pk=poll.unit_id)
    return poll


@dataclass(frozen=True, slots=True)
class AskedIn:
    """What stands on a draft, for the form that changes it."""

    poll: Poll
    items: list[str]
    roster: list[str]


def asked_in(poll: Poll) -> AskedIn:
    """For a poll that came through the door."""
    rows = list(Item._base_manager.filter(poll=poll.pk).order_by("number").values_list("part", "text"))
    texts = {part: [text for of, text in rows if of == part] for part in Part.values}
    return AskedIn(poll, texts[Part.ITEM], texts[Part.ROSTER])
