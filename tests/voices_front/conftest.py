"""Shorthand for the resident's pages."""

import datetime as dt
import io
import random
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice
from tests.street import SHANGHAI

Followed = tuple[Voice, str]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Photos of a test go into its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now() -> dt.datetime:
    """The pages take the moment from the machine."""
    return dt.datetime.now(SHANGHAI)


@pytest.fixture
def phone() -> Client:
    """A resident's browser: no account, Chinese."""
    return Client(headers={"accept-language": "zh-CN"})


@pytest.fixture
def raised(street: SimpleNamespace, now: dt.datetime, lot: random.Random) -> Callable[..., Followed]:
    """A voice raised with a code by somebody without an account."""
    from lianxi.commons.permissions import ANYBODY

    def make(**said: Any) -> Followed:
        words: dict[str, Any] = {
            "text": "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。",
            "place": street.wanghuai,
            "phone": "13900000417",
        }
        return services.raise_voice(services.Said(**(words | said)), actor=ANYBODY, at=now, lot=lot)

    return make


@pytest.fixture
def answered(street: SimpleNamespace, raised: Callable[..., Followed], now: dt.datetime) -> Callable[..., Followed]:
    """A voice with its answer."""
    s, act = street, street.actor

    def make(**said: Any) -> Followed:
        voice, code = raised(**said)
        voice = services.accept(voice, actor=act(s.dispatcher), at=now)
        voice = services.dispatch(voice, to=s.wanghuai_committee, actor=act(s.dispatcher), at=now)
        voice = services.take_in_hand(voice, handler=s.handler, actor=act(s.handler), at=now)
        voice = services.contact(voice, how="call", words="通话3分钟，约好夜里来查线路。", actor=act(s.handler), at=now)
        voice = services.progress(voice, words="换了4盏灯头，接好一处断线。", actor=act(s.handler), at=now)
        voice = services.draft_answer(
            voice,
            facts="您反映的4盏路灯，是院门口地下线断了一处，灯头也老化了。",
            result="support",
            opinion="已接好线路、换了灯头，当晚试亮正常。",
            basis="《信访工作条例》第三十二条",
            solved="yes",
            actor=act(s.handler),
            at=now,
        )
        voice = services.submit_answer(voice, actor=act(s.handler), at=now)
        return services.answer(voice, actor=act(s.director), at=now), code

    return make


@pytest.fixture
def open_copy(street: SimpleNamespace, answered: Callable[..., Followed], now: dt.datetime) -> Callable[..., Any]:
    """A published copy of an answered voice."""

    def make(title: str = "3号院门口4盏路灯已换好", text: str = "3号院门口的路灯夜里不亮。", **said: Any) -> Any:
        voice, _code = answered(**said)
        copy = services.redact(
            voice, title=title, text=text, answer="已经修好。", actor=street.actor(street.handler), at=now
        )
        return services.publish(copy, actor=street.actor(street.publisher), at=now)

    return make


def jpeg(size: tuple[int, int] = (400, 300), colour: str = "navy", **options: Any) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def token_of(page: Any) -> str:
    """The form's token on a page."""
    found = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def every_table() -> dict[str, int]:
    """How many rows each table has; the cache and sessions left out."""
    with connection.cursor() as cursor:
        names = [
            name for name in connection.introspection.table_names(cursor) if name not in ("cache", "django_session")
        ]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts
