"""Real messages of a public message board, walked through the services of the pages: intake, dispatch, answer, rating, figures.

The files are not ours to ship: they are read where they lie, and only figures come out.
"""

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from lianxi.commons.permissions import ANYBODY, asking, system
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.refusals import BadInput
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice
from lianxi.participation.voices.queries.answering import answered_within
from lianxi.participation.voices.terms import State

from .people import build_people
from .units import build_units

HERE = ZoneInfo("Asia/Shanghai")
UNKNOWN = "（这一条只有时间，没有原文。）"
Told = Callable[[str, int, int], None]


FIRST = dt.date(2000, 1, 1)
"""Before all messages."""


@dataclass(slots=True)
class Message:
    asked: dt.datetime
    title: str
    text: str
    reply: str = ""
    replied: dt.datetime | None = None


@dataclass(slots=True)
class Summary:
    """What came out; everything is counted from the database after the walk."""

    taken: int = 0
    refused: int = 0
    answered: int = 0
    within_15: int = 0
    within_60: int = 0
    closed: int = 0
    second: int = 0

    def lines(self) -> list[str]:
        def share(part: int) -> str:
            return f"{part} / {self.answered} = {100 * part / self.answered:.1f} %" if self.answered else "–"

        return [
            f"taken in 收到            {self.taken}",
            f"refused 没有收下         {self.refused}",
            f"answered 已答复          {self.answered}",
            f"within 15 days 15日内    {share(self.within_15)}",
            f"within 60 days 60日内    {share(self.within_60)}",
            f"closed 办结              {self.closed}",
            f"second handling 二次办理 {self.second}",
        ]


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.strip().replace("/", "-")).replace(tzinfo=HERE)


def read_answered(folder: Path) -> Iterator[Message]:
    """Every message with the moment of its reply; those without a text have only their times."""
    with (folder / "replies.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["id"]: row for row in csv.DictReader(file)}
    with (folder / "reply_times.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            said = texts.get(row["id"], {})
            yield Message(
                _moment(row["asked_at"]), said.get("title", ""), said.get("text", "") or UNKNOWN, said.get("reply", "") or UNKNOWN, _moment(row["replied_at"])
            )  # fmt: skip


def read_open(folder: Path) -> Iterator[Message]:
    """Messages without a reply."""
    with (folder / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield Message(_moment(row["asked_at"]), row["title"], row["text"])


class Street:
    """The demo's units and people, with the posts held for ever."""

    def __init__(self, lot: random.Random) -> None:
        from lianxi.commons.permissions.models import Posting

        self.units: SimpleNamespace = build_units(lot, since=FIRST)
        self.people: SimpleNamespace = build_people(self.units, lot)
        Posting.objects.update(since=FIRST)
        day = dt.date(2020, 1, 1)
        self.desk = actor_of(self.people.zhouyiyuan.pk, on=day)
        self.hands = {pk: actor_of(who.pk, on=day) for pk, who in self.people.handlers.items()}
        self.leads = {pk: actor_of(who.pk, on=day) for pk, who in self.people.heads.items()}


def take_in(message: Message, street: Street, number: int, lot: random.Random) -> Voice:
    """Intake. Raises BadInput for what no resident's form would take."""
    place = street.units.communities[number % len(street.units.communities)]
    said = services.Said(text=message.text[:5000], title=message.title[:80], place=place)
    return services.raise_voice(said, actor=ANYBODY, at=message.asked, lot=lot)[0]


def walk(voice: Voice, message: Message, street: Street, number: int) -> Voice:
    """From acceptance to the answer at its real moment, then a rating for every third."""
    assert message.replied is not None
    owner = street.units.committees[number % len(street.units.committees)]
    handler, hand, lead = street.people.handlers[owner.pk], street.hands[owner.pk], street.leads[owner.pk]
    at, end = message.asked, message.replied
    voice = services.accept(voice, actor=street.desk, at=at)
    voice = services.dispatch(voice, to=owner, actor=street.desk, at=at)
    voice = services.take_in_hand(voice, handler=handler, actor=hand, at=at)
    voice = services.contact(voice, how="message", words="已留言告知收到", actor=hand, at=at)
    voice = services.draft_answer(
        voice,
        facts=message.reply,
        result="explain",
        opinion="见事实。",
        basis="信访工作条例第三十二条",
        solved="yes",
        actor=hand,
        at=end,
    )
    voice = services.submit_answer(voice, actor=hand, at=end)
    voice = services.answer(voice, actor=lead, at=end)
    if number % 3 == 0:
        holder = replace(ANYBODY, receipts=frozenset({voice.pk}))
        bad = number % 30 == 0
        voice = services.rate(
            voice,
            solved="no" if bad else "yes",
            satisfied="no" if bad else "yes",
            actor=holder,
            at=end + dt.timedelta(hours=2),
        )
    return voice


def walk_messages(folder: Path, *, lot: random.Random, told: Told, each: int = 1) -> Summary:
    """Take the messages of the folder, or one of `each`, through the house, and count what came of it."""
    found = Summary()
    with asking(system("voices.clock")):
        street = Street(lot)
        answered, unanswered = list(read_answered(folder))[::each], list(read_open(folder))[::each]
        for number, message in enumerate([*answered, *unanswered]):
            try:
                voice = take_in(message, street, number, lot)
            except BadInput:
                found.refused += 1
                continue
            if message.replied:
                walk(voice, message, street, number)
            told("messages", number + 1, len(answered) + len(unanswered))
        actor = system("voices.clock")
        found.taken = Voice.objects.count()
        found.answered = answered_within(None, actor=actor)
        found.within_15 = answered_within(15, actor=actor)
        found.within_60 = answered_within(60, actor=actor)
        found.closed = Voice.objects.filter(state=State.CLOSED).count()
        found.second = Voice.objects.filter(state=State.UNSATISFIED).count()
    return found
