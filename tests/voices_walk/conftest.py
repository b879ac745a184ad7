"""Shorthand for walks."""

import datetime as dt
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice


@pytest.fixture
def walked(street: SimpleNamespace, at: dt.datetime, lot: random.Random) -> Callable[..., Voice]:
    """A voice walked to a state: received, accepted, dispatched, in_hand, contacted, drafted, in_review, answered …"""
    s = street
    act = s.actor

    def to(state: str, **said: Any) -> Voice:
        words: dict[str, Any] = {
            "text": "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。",
            "place": s.wanghuai,
            "phone": "13900000417",
        }
        voice, _ = services.raise_voice(services.Said(**(words | said)), actor=act(s.resident), at=at, lot=lot)
        steps: list[tuple[str, Callable[[Voice], Voice]]] = [
            ("accepted", lambda v: services.accept(v, actor=act(s.dispatcher), at=at)),
            ("dispatched", lambda v: services.dispatch(v, to=s.wanghuai_committee, actor=act(s.dispatcher), at=at)),
            ("in_hand", lambda v: services.take_in_hand(v, handler=s.handler, actor=act(s.handler), at=at)),
            (
                "contacted",
                lambda v: services.contact(v, how="call", words="约好夜里来查线路", actor=act(s.handler), at=at),
            ),
            (
                "drafted",
                lambda v: services.draft_answer(
                    v,
                    facts="断线一处。",
                    result="support",
                    opinion="已修好。",
                    basis="信访工作条例第三十二条",
                    solved="yes",
                    actor=act(s.handler),
                    at=at,
                ),
            ),
            ("in_review", lambda v: services.submit_answer(v, actor=act(s.handler), at=at)),
            ("answered", lambda v: services.answer(v, actor=act(s.director), at=at)),
            (
                "unsatisfied",
                lambda v: services.rate(v, solved="no", satisfied="no", actor=holder(v, act(s.resident)), at=at),
            ),
            ("second_handling", lambda v: services.second_handling(v, head="沈既白", actor=act(s.director), at=at)),
        ]
        if state == "received":
            return voice
        for name, step in steps:
            voice = step(voice)
            if name == state:
                return voice
        raise KeyError(state)

    return to


def holder(voice: Voice, actor: Any = None) -> Any:
    """Somebody who shows the receipt of this voice."""
    import dataclasses

    from lianxi.commons.permissions import ANYBODY

    return dataclasses.replace(actor or ANYBODY, receipts=frozenset({voice.pk}))


@pytest.fixture
def show_receipt() -> Callable[..., Any]:
    return holder
