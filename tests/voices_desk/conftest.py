"""Shorthand for the desk's pages."""

import datetime as dt
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows import login as login_flow
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice
from tests.street import SHANGHAI

WORDS = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。老人孩子晚上进出看不清台阶。"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Photos of a test go into its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now() -> dt.datetime:
    """The pages take the moment from the machine."""
    return dt.datetime.now(SHANGHAI)


@pytest.fixture
def as_(street: SimpleNamespace) -> Callable[..., Client]:
    """A browser in which a person is logged in and has just proved it."""

    def login(person: Any, language: str = "zh-hans") -> Client:
        account, _made = Account.objects.get_or_create(person=person, defaults={"username": f"u{person.pk}"})
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        proof = {"method": "password", "at": time.time(), "reauthenticated": True, "username": account.username}
        session[login_flow.AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
        session[login_flow._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(account)
        session.save()
        client.cookies["language"] = language
        return client

    return login


@pytest.fixture
def walked(street: SimpleNamespace, now: dt.datetime, lot: Any) -> Callable[..., Voice]:
    """A voice walked to a state, now."""
    s, act = street, street.actor

    def to(state: str, **said: Any) -> Voice:
        words: dict[str, Any] = {
            "text": WORDS,
            "title": "3号院门口4盏路灯不亮，有老人崴了脚",
            "place": s.wanghuai,
            "phone": "13900000417",
            "contact_name": "苏青禾",
            "topic": "works",
            "address": "望槐路12号",
        }
        voice, _code = services.raise_voice(services.Said(**(words | said)), actor=act(s.resident), at=now, lot=lot)
        steps: list[tuple[str, Callable[[Voice], Voice]]] = [
            ("accepted", lambda v: services.accept(v, actor=act(s.dispatcher), at=now)),
            ("dispatched", lambda v: services.dispatch(v, to=s.wanghuai_committee, actor=act(s.dispatcher), at=now)),
            ("in_hand", lambda v: services.take_in_hand(v, handler=s.handler, actor=act(s.handler), at=now)),
            ("contacted", lambda v: services.contact(v, how="call", words="约好夜里来查线路", actor=act(s.handler), at=now)),
            ("unfinished", lambda v: services.draft_answer(v, facts="断线一处。", result="support", opinion="已修好。", basis="", solved="yes", actor=act(s.handler), at=now)),
            ("drafted", lambda v: services.draft_answer(v, facts="断线一处。", result="support", opinion="已修好。", basis="信访工作条例第三十二条", solved="yes", actor=act(s.handler), at=now)),
            ("in_review", lambda v: services.submit_answer(v, actor=act(s.handler), at=now)),
            ("answered", lambda v: services.answer(v, actor=act(s.director), at=now)),
            ("call_back", lambda v: services.call_back(v, actor=act(s.supervisor), at=now)),
            ("unsatisfied", lambda v: services.rate_by_call_back(v, solved="no", satisfied="no", words="还是不亮", actor=act(s.supervisor), at=now)),
            ("second_handling", lambda v: services.second_handling(v, head="沈既白", actor=act(s.director), at=now)),
        ]  # fmt: skip
        if state == "received":
            return voice
        for name, step in steps:
            voice = step(voice)
            if name == state:
                return voice
        raise KeyError(state)

    return to
