"""A year of closed voices, written in bulk: rows, events, answers and a few public copies, as the walk would have left them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.calendar import CALENDAR
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit
from lianxi.engines import worktime
from lianxi.participation.voices.models import Answer, Joining, Party, PublicCopy, Voice, VoiceEvent
from lianxi.participation.voices.services.intake import ALPHABET, CODE_LENGTH, KEY_BITS
from lianxi.participation.voices.terms import Channel, Naming, State

from .sayings import SAYINGS

STREETS = ("望槐", "砚北", "听松", "栗园", "学前", "汀兰", "麦浦", "湖滨")


@dataclass(slots=True)
class Batch:
    """Rows to be written together."""

    voices: list[Voice] = field(default_factory=list)
    events: list[VoiceEvent] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    copies: list[PublicCopy] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)

    def write(self) -> None:
        Voice._base_manager.bulk_create(self.voices, batch_size=2000)
        VoiceEvent._base_manager.bulk_create(self.events, batch_size=5000)
        Answer._base_manager.bulk_create(self.answers, batch_size=2000)
        PublicCopy._base_manager.bulk_create(self.copies, batch_size=2000)
        Party._base_manager.bulk_create(self.parties, batch_size=2000)


def words_of(saying: tuple[str, str, str, str, str, str], lot: Random) -> dict[str, str]:
    """Fill the gaps of a saying."""
    gaps = {"n": str(lot.randrange(1, 60)), "k": str(lot.randrange(2, 9)), "p": lot.choice(STREETS)}
    topic, kind, *texts = saying
    title, text, facts, opinion = (one.format(**gaps) for one in texts)
    return {
        "topic": topic,
        "kind": kind,
        "title": title,
        "text": text,
        "facts": facts,
        "result": "support" if opinion.startswith("支持") else "explain",
        "opinion": opinion.partition("。")[2],
        "address": f"{gaps['p']}路{gaps['n']}号",
    }


def past_voices(
    *,
    count: int,
    first: dt.datetime,
    last: dt.datetime,
    places: list[tuple[Unit, Unit]],
    handlers: dict[int, Person],
    keeper: Unit,
    publisher: Person,
    lot: Random,
    told: Callable[[int, int], None] = lambda done, total: None,
    chunk: int = 2000,
) -> None:
    """Write `count` closed voices between two moments. `places`: community and the unit that handled there."""
    numbers = _numbers(lot, count)
    written = 0
    while written < count:
        batch = Batch()
        for _ in range(min(chunk, count - written)):
            received = first + (last - first) * lot.random()
            _one(batch, received, lot.choice(places), handlers, keeper, publisher, next(numbers), lot)
        batch.write()
        written += len(batch.voices)
        told(written, count)


def join_some(lot: Random, *, at: dt.datetime, most: int = 14) -> None:
    """Let several people say the same as the newest published matters: 我也反映."""
    newest = list(PublicCopy._base_manager.select_related("voice").order_by("-published_at", "-pk")[:most])
    rows, taken = [], {copy.voice_id for copy in newest}
    for copy in newest:
        same = Voice._base_manager.filter(
            topic=copy.voice.topic, accused_any=False, received_at__lt=copy.published_at, state=State.CLOSED
        )
        near = [one for one in same.order_by("-received_at").values_list("pk", flat=True)[:200] if one not in taken]
        for one in lot.sample(near, min(len(near), lot.randrange(0, 16))):
            taken.add(one)
            rows.append(Joining(voice_id=one, matter_id=copy.voice_id, at=at))
    Joining._base_manager.bulk_create(rows)


def _numbers(lot: Random, count: int) -> Iterator[int]:
    """Numbers drawn by lot, each once; those of open matters lie above."""
    return iter(lot.sample(range(1, max(60_000, count * 2)), count))


def _one(
    batch: Batch,
    received: dt.datetime,
    place: tuple[Unit, Unit],
    handlers: dict[int, Person],
    keeper: Unit,
    publisher: Person,
    number: int,
    lot: Random,
) -> None:
    community, owner = place
    words = words_of(lot.choice(SAYINGS), lot)
    handler = handlers[owner.pk]
    solved = lot.choices(("yes", "partly", "no"), (78, 14, 8))[0]
    rated = lot.random() < 0.62
    satisfied = (
        lot.choices(("yes", "fairly", "no"), (76, 18, 6) if solved != "no" else (10, 30, 60))[0] if rated else ""
    )
    declined = lot.random() < 0.05
    steps = (
        ["raise", "decline"]
        if declined
        else [
            "raise",
            "accept",
            "dispatch",
            "take",
            "contact",
            "draft",
            "submit",
            "answer",
            "rate_well" if rated else "close_unrated",
        ]
    )
    moments = _moments(received, steps, lot)
    voice = Voice(
        pk=lot.getrandbits(KEY_BITS),
        year=received.year,
        number=number,
        code_is=blind("code:" + "".join(lot.choice(ALPHABET) for _ in range(CODE_LENGTH))),
        channel=lot.choices(list(Channel.values), (60, 15, 18, 3, 3, 1))[0],
        naming=lot.choice(list(Naming.values)),
        kind=words["kind"],
        topic=words["topic"],
        title=words["title"],
        text=words["text"],
        place=community,
        address=words["address"],
        owner=keeper if declined else owner,
        handler=None if declined else handler,
        state=State.DECLINED if declined else State.CLOSED,
        version=len(steps),
        received_at=received,
        ended_at=moments[-1],
        exit="outside" if declined else "",
        contacted_at=None if declined else moments[4],
        answered_at=None if declined else moments[7],
        solved_handler="" if declined else "yes",
        solved_resident=solved if rated and not declined else "",
        satisfied="" if declined else satisfied,
    )
    if not declined:
        voice.contact_due_at = _due("S-01", "", moments[2])
        voice.answer_due_at = _due("S-02", words["kind"], moments[1])
    batch.voices.append(voice)
    states = (
        ["received", "declined"]
        if declined
        else ["received", "accepted", "dispatched", "in_hand", "in_hand", "in_hand", "in_review", "answered", "closed"]
    )
    for index, verb in enumerate(steps):
        by: Any = handler if verb in ("take", "contact", "draft", "submit") else None
        facts = {"how": "call"} if verb == "contact" else {"draft": 1} if verb in ("draft", "answer") else {}
        reason = {"contact": "电话联系，约好上门时间", "decline": "这件事不归街道管，已告诉您应找的部门。"}.get(
            verb, ""
        )
        batch.events.append(VoiceEvent(
            voice=voice, number=index + 1, verb=verb, source=states[index - 1] if index else "", target=states[index], at=moments[index],
            by=by, by_name=by.name if by else "受理台", reason=reason, facts=facts,
        ))  # fmt: skip
    if not declined:
        batch.answers.append(Answer(
            voice=voice, number=1, facts=words["facts"], result=words["result"], opinion=words["opinion"],
            basis="信访工作条例第三十二条", solved="yes", at=moments[5], by=handler, by_name=handler.name, given_at=moments[7],
        ))  # fmt: skip
        if lot.random() < 0.03:
            batch.copies.append(PublicCopy(
                voice=voice, title=words["title"], text=words["text"], answer=f"{words['facts']}{words['opinion']}", place=community,
                solved=solved if rated else "yes", drafted_at=moments[7], drafted_by=handler, published_at=moments[-1], published_by=publisher,
            ))  # fmt: skip


def _moments(received: dt.datetime, steps: list[str], lot: Random) -> list[dt.datetime]:
    """When each step was taken: hours to days apart, mostly in time."""
    spans = {
        "accept": 6,
        "decline": 20,
        "dispatch": 1,
        "take": 4,
        "contact": 5,
        "draft": 48,
        "submit": 2,
        "answer": 12,
        "rate_well": 30,
        "close_unrated": 170,
    }
    at, found = received, []
    for verb in steps:
        at += dt.timedelta(hours=spans.get(verb, 0) * (0.3 + lot.random() * 1.3))
        found.append(at)
    return found


def _due(rule_id: str, figure: str, start: dt.datetime) -> dt.datetime | None:
    """When a clock ends that starts then: by the law's own figures, as nobody has local ones yet."""
    start = timezone.localtime(start)
    length = rule(rule_id, on=start.date()).figure(figure)
    limit = worktime.Limit(int(length.value), cast(worktime.Unit, length.unit))
    return worktime.read([worktime.Mark(start, "start")], limit, CALENDAR).due
