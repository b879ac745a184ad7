"""A small whole election of ours, and the means to change an archive and rebuild its chain around the change."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from lianxi.engines.ballots import acts, ballot, ceremony, channels, credentials, trustees
from lianxi.engines.ballots.archive import BLOCK, Event, Reader, Writer, head, read_event
from lianxi.engines.ballots.election import BASE58, Election, Question, ShuffledQuestion
from lianxi.engines.ballots.group import BELENIOS_2048, RFC_3526_2048
from lianxi.engines.ballots.strict import parsed, written
from lianxi.engines.ballots.trustees import Single, Trustees
from lianxi.engines.ballots.verifying import Report, verify

WHEN = 1_795_999_652
QUESTIONS = (Question("同意吗?", ("赞成", "反对"), 0, 1), Question("选哪几位?", ("甲", "乙", "丙"), 1, 2, True))
VOTES = ([[1, 0], [0, 1, 1, 0]], [[0, 1], [1, 0, 0, 0]], [[0, 0], [0, 0, 0, 1]])


@dataclass
class Small:
    """The parts of an election; `path` is its archive, `cards` are the voters' credentials."""

    path: Path
    election: Election
    cards: list[str]
    draw: Callable[[int], int]


def small(folder: Path, *, shuffled: bool = False, revote: bool = True, seed: int = 1) -> Small:
    """Three voters (the first votes twice), one trustee alone and two of three together."""
    lot = random.Random(seed)
    draw = lot.randrange
    group = RFC_3526_2048 if shuffled else BELENIOS_2048
    questions: tuple[Any, ...] = (ShuffledQuestion("名次", ("甲", "乙")),) if shuffled else QUESTIONS
    votes: Sequence[Any] = ([[1, 2]], [[2, 1]], [[0, 9]]) if shuffled else VOTES
    keys = [channels.Keys(group, channels.seed(draw)) for _ in range(3)]
    certs = [ceremony.certificate(one, draw) for one in keys]
    polynomials = [ceremony.polynomial(one, certs, 2, draw) for one in keys]
    outs = [
        ceremony.output(key, certs, given, draw) for key, given in zip(keys, ceremony.routed(polynomials), strict=True)
    ]
    secret, public = ceremony.alone(group, draw)
    who = Trustees((Single(public), ceremony.together(group, 2, certs, polynomials, outs)))
    uuid = "".join(lot.choice(BASE58) for _ in range(14))
    election = Election(uuid, "表决", "", group, trustees.combined(group, who), questions)
    cards = [credentials.credential(draw) for _ in votes]
    path = folder / f"{uuid}.bel"
    writer = Writer.begin(path, timestamp=WHEN)
    acts.set_up(writer, election, who, credentials.told([credentials.public_of(group, uuid, card) for card in cards]))
    for voter, choice in [*enumerate(votes), *([(0, votes[1])] if revote else [])]:
        acts.cast(writer, ballot.cast(election, cards[voter], choice, draw).text)
    acts.end(writer)
    acts.add_up(writer, acts.Content(path).total)
    if shuffled:
        for owner in (1, 2):
            acts.shuffle(writer, acts.Content(path), owner, draw)
        acts.end_shuffles(writer)
    shares = {at: ceremony.private_key(keys[at - 2], outs[at - 2].private_key) for at in (2, 4)}
    for owner, key in {1: secret, **shares}.items():
        acts.decrypt(writer, acts.Content(path), owner, key, draw)
    acts.publish(writer, acts.Content(path))
    return Small(path, election, cards, draw)


@dataclass(frozen=True)
class Item:
    """One file of an archive, taken apart: data, or an event."""

    text: bytes
    event: Event | None = None
    old: str = ""
    """The hash by which others refer to it."""


def taken_apart(path: Path) -> list[Item]:
    with path.open("rb") as file:
        return [
            Item(content, read_event(content, "") if entry.is_event else None, entry.digest)
            for entry, content in Reader(file).entries()
            if entry.at
        ]


def rebuilt(items: Sequence[Item], *, heights: bool = True) -> bytes:
    """The archive of the items: names, references, parents and heights made to agree, as somebody would who forges."""
    begin = written({"version": 1, "timestamp": str(WHEN)}).encode()
    whole = [head("BELENIOS", len(begin), WHEN), begin, bytes(-len(begin) % BLOCK)]
    renamed: dict[bytes, bytes] = {}
    parent: str | None = None
    height = 0
    for item in items:
        text = item.text
        if item.event is not None:
            payload = (
                item.event.payload and renamed.get(item.event.payload.encode(), item.event.payload.encode()).decode()
            )
            text = replace(
                item.event, parent=parent, height=height if heights else item.event.height, payload=payload
            ).text()
        else:
            for old, new in renamed.items():
                text = text.replace(old, new)
        digest = sha256(text).hexdigest()
        renamed[item.old.encode()] = digest.encode()
        if item.event is not None:
            parent, height = digest, height + 1
        name = f"{digest}.{'event' if item.event else 'data'}.json"
        whole += [head(name, len(text), WHEN), text, bytes(-len(text) % BLOCK)]
    return b"".join(whole)


def judged(archive: bytes) -> Report:
    return verify(io.BytesIO(archive))


def leaves(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to every single number, text or truth in a JSON value."""
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in leaves(inner, (*at, key))]
    if isinstance(value, list):
        return [path for place, inner in enumerate(value) for path in leaves(inner, (*at, place))]
    return [at]


def changed(text: bytes, path: tuple[Any, ...]) -> bytes:
    """The text with one leaf changed: a number by one, a text in its last sign, a truth turned."""
    return replaced(text, path, _other)


def replaced(text: bytes, path: tuple[Any, ...], change: Callable[[Any], Any]) -> bytes:
    """The text with another leaf in that place."""
    value = parsed(text)
    if not path:
        return written(change(value)).encode()
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = change(inner[path[-1]])
    return written(value).encode()


def _other(leaf: Any) -> Any:
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int):
        return leaf + 1
    if leaf.isdigit():
        return str(int(leaf) + 1)
    return leaf[:-1] + ("0" if leaf[-1:] != "0" else "1")
