"""The matters open today, each walked to its state through the services of the pages; among them every interesting case."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from lianxi.commons.calendar import CALENDAR
from lianxi.commons.permissions import ANYBODY, Actor
from lianxi.commons.permissions.actor import actor_of
from lianxi.engines import worktime
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice

from .past import words_of
from .sayings import SAYINGS

STATES = (
    "received", "accepted", "dispatched", "dispatched", "in_hand", "in_hand", "contacted", "contacted", "drafted", "in_review",
    "answered", "answered", "unsatisfied", "second_handling", "objected", "awaiting",
    "satisfied", "satisfied", "satisfied", "satisfied", "satisfied", "satisfied", "satisfied",
)  # fmt: skip
"""In what state each matter stands today, in turn. Most of those that were rated went well."""


DAYS = {"received": (0, 3), "satisfied": (3, 10)}
"""How many working days ago a matter in this state may have been raised; else up to 7."""


class Walker:
    """Takes a voice along the walk, one step after another, as the people of the demo would."""

    def __init__(self, units: SimpleNamespace, people: SimpleNamespace, lot: Random, now: dt.datetime) -> None:
        self.units, self.people, self.lot, self.now = units, people, lot, now
        self.day = timezone.localtime(now).date()

    def act(self, person: Any) -> Actor:
        """The person with the posts held today."""
        return actor_of(person.pk, on=self.day)

    def walk(
        self, state: str, *, owner: Any, began: dt.datetime, words: dict[str, str], **said: Any
    ) -> tuple[Voice, str]:
        """A voice raised at `began`, walked to `state` in steps of some hours; by `actor`, or by somebody not logged in."""
        actor = said.pop("actor", ANYBODY)
        place = next(
            (c for c in self.units.communities if owner.path.startswith(c.path)),
            self.lot.choice(self.units.communities),
        )
        raised = services.Said(
            text=words["text"], title=words["title"], kind=words["kind"], topic=words["topic"], place=said.pop("place", place), address=words["address"],
            received_at=began, **said,
        )  # fmt: skip
        voice, code = services.raise_voice(raised, actor=actor, at=began, lot=self.lot)
        clock = began
        for name, step in self._steps(owner, words):
            if state == "received":
                break
            clock = min(self._later(clock), self.now)
            voice = step(voice, clock)
            if name == state:
                break
        return voice, code

    def _later(self, moment: dt.datetime) -> dt.datetime:
        """Some hours later, in office hours of a working day."""
        later = timezone.localtime(moment) + dt.timedelta(
            hours=self.lot.randrange(1, 4), minutes=self.lot.randrange(60)
        )
        if later.hour < 17:
            return later
        day = worktime.add(later.date(), working_days=1, calendar=CALENDAR, known_on=later.date())
        return later.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=self.lot.randrange(60))

    def _steps(self, owner: Any, words: dict[str, str]) -> list[tuple[str, Callable[[Voice, dt.datetime], Voice]]]:
        people, act = self.people, self.act
        handler, head = people.handlers[owner.pk], people.heads[owner.pk]
        desk, hand = act(people.zhouyiyuan), act(handler)
        lead = act(head)
        return [
            ("accepted", lambda v, at: services.accept(v, actor=desk, at=at)),
            ("dispatched", lambda v, at: services.dispatch(v, to=owner, actor=desk, at=at, reason="按类别和社区派")),
            ("in_hand", lambda v, at: services.take_in_hand(v, handler=handler, actor=hand, at=at)),
            ("contacted", lambda v, at: services.contact(v, how="call", words="通话3分钟，约好上门时间", actor=hand, at=at)),
            ("progressed", lambda v, at: services.progress(v, words="到现场看过，" + words["facts"][:20], actor=hand, at=at)),
            ("drafted", lambda v, at: services.draft_answer(v, facts=words["facts"], result=words["result"], opinion=words["opinion"], basis="信访工作条例第三十二条", solved="yes", actor=hand, at=at)),
            ("in_review", lambda v, at: services.submit_answer(v, actor=hand, at=at)),
            ("answered", lambda v, at: services.answer(v, actor=lead, at=at)),
            ("unsatisfied", lambda v, at: self._rated_badly(v, at)),
            ("second_handling", lambda v, at: services.second_handling(v, head=head.name, actor=lead, at=at)),
        ]  # fmt: skip

    def _rated_badly(self, voice: Voice, at: dt.datetime) -> Voice:
        return services.rate(voice, solved="no", satisfied="no", comment="修了两天又坏了", actor=_holder(voice), at=at)

    def rated_well(self, voice: Voice) -> Voice:
        """The resident says how it came out, some hours after the answer."""
        solved = self.lot.choices(("yes", "partly"), (4, 1))[0]
        satisfied = "yes" if solved == "yes" and self.lot.random() < 0.8 else "fairly"
        at = min(self._later(voice.answered_at or self.now), self.now)
        return services.rate(voice, solved=solved, satisfied=satisfied, comment="", actor=_holder(voice), at=at)

    def ago(self, working_days: int, hour: int = 9) -> dt.datetime:
        """A working day so many working days ago, at an hour."""
        today = timezone.localtime(self.now)
        day = worktime.add(today.date(), working_days=-working_days, calendar=CALENDAR, known_on=today.date())
        moment = today.replace(
            year=day.year,
            month=day.month,
            day=day.day,
            hour=hour,
            minute=self.lot.randrange(60),
            second=0,
            microsecond=0,
        )
        return min(moment, self.now)


def _holder(voice: Voice) -> Actor:
    """Whoever has the receipt of this voice."""
    return dataclasses.replace(ANYBODY, receipts=frozenset({voice.pk}))


def open_voices(walker: Walker, count: int, told: Callable[[int, int], None]) -> None:
    """Walk `count` matters to where they stand today."""
    lot, units, people = walker.lot, walker.units, walker.people
    owners = [*units.committees, units.works, units.environment, units.safety]
    for number in range(count):
        state = STATES[number % len(STATES)]
        owner = owners[number % len(owners)] if number % 3 else units.committees[0]
        words = words_of(lot.choice(SAYINGS), lot)
        began = walker.ago(lot.randrange(*DAYS.get(state, (0, 7))), lot.randrange(8, 17))
        target = {"objected": "dispatched", "awaiting": "contacted", "satisfied": "answered"}.get(state, state)
        contact = {"contact_name": "苏青禾", "phone": "13900000999"} if number % 2 else {}
        voice, _code = walker.walk(target, owner=owner, began=began, words=words, **contact)
        after = min(began + dt.timedelta(hours=30), walker.now)
        handler = walker.act(people.handlers[owner.pk])
        if state == "satisfied":
            walker.rated_well(voice)
        elif state == "objected":
            services.object_to_dispatch(voice, reason="这段路由区里养护，不归我们管", actor=handler, at=after)
        elif state == "awaiting":
            services.ask_resident(voice, question="请补充具体楼号，最好有一张照片。", actor=handler, at=after)
        told(number + 1, count)


def interesting(walker: Walker) -> str:
    """The cases that one comes to see: late, an accused unit, a handler who stood aside, an extension, a co-handler. Gives a receipt code."""
    units, people = walker.units, walker.people
    wanghuai = units.committees[0]
    late = words_of(SAYINGS[1], walker.lot)
    walker.walk("in_hand", owner=units.works, began=walker.ago(8), words=late)
    against = words_of(SAYINGS[4], walker.lot)
    against["title"] = "反映物业收取装修押金后拖延不退"
    banmu = next(c for c in units.communities if units.estate.path.startswith(c.path))
    walker.walk(
        "in_hand",
        owner=units.safety,
        began=walker.ago(3),
        words=against,
        place=banmu,
        accused_units=[units.estate],
        naming="confidential",
        contact_name="容女士",
        phone="13900000888",
    )
    aside = words_of(SAYINGS[0], walker.lot)
    voice, _code = walker.walk("in_hand", owner=units.works, began=walker.ago(4), words=aside)
    services.stand_aside(voice, reason="与灯具供应商有亲属关系", actor=walker.act(people.hexuyan), at=walker.ago(3, 11))
    longer = words_of(SAYINGS[5], walker.lot)
    voice, _code = walker.walk("contacted", owner=wanghuai, began=walker.ago(4), words=longer)
    services.ask_extension(
        voice, days=5, reason="要等两户低层住户出差回来协商", actor=walker.act(people.luyanqiu), at=walker.ago(1)
    )
    helped = words_of(SAYINGS[6], walker.lot)
    voice, _code = walker.walk("contacted", owner=wanghuai, began=walker.ago(2), words=helped)
    services.add_co_handler(voice, unit=units.police, actor=walker.act(people.shenjibai), at=walker.ago(1))
    resident = dataclasses.replace(walker.act(people.suqinghe), as_resident=True)
    walker.walk(
        "in_hand",
        owner=wanghuai,
        began=walker.ago(2),
        words=words_of(SAYINGS[3], walker.lot),
        actor=resident,
        contact_name="苏青禾",
        phone="13900000999",
    )
    answered = words_of(SAYINGS[0], walker.lot)
    _voice, code = walker.walk(
        "answered",
        owner=wanghuai,
        actor=resident,
        began=walker.ago(5),
        words=answered,
        contact_name="苏青禾",
        phone="13900000999",
        email="suqinghe@example.com",
    )
    return code
