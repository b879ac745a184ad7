"""The street with one record of every kind, and its named persons as browsers."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.notices.models import Notice
from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.terms import State
from lianxi.commons.permissions import ANYBODY
from lianxi.commons.permissions.models import Posting
from lianxi.organization.members import services as members
from lianxi.participation.voices import services
from tests.organization import grow
from tests.street import SHANGHAI

from .rooms import furnish

LAMP = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.THROTTLES = {name: [(100_000, 60)] for name in settings.THROTTLES}


@pytest.fixture
def world(street: SimpleNamespace, lot: random.Random) -> SimpleNamespace:
    """`people`: named persons (None: nobody is logged in). `records`: beginning of an address → keys of its records.
    `walked`: who opens which address of a record at another step.
    """
    s, now = grow(street), dt.datetime.now(SHANGHAI)
    open_one, s.code = _voice(s, now, lot)
    answered, _code = _voice(s, now, lot, to="answered")
    copy = services.redact(
        answered, title="路灯修好了", text="路灯不亮。", answer="换了灯头。", actor=s.actor(s.handler), at=now
    )
    copy = services.publish(copy, actor=s.actor(s.publisher), at=now)
    zhou = s.members["zhou"]
    transfer = members.request_transfer(zhou, target=s.far, reason="搬家", actor=s.actor(s.organiser), at=now)
    batch = ImportBatch.objects.create(kind="members", by=s.organiser, at=now, file_name="名册.xlsx", size=1, digest="x", state=State.CHECKED)  # fmt: skip
    notice = Notice.objects.filter(person=s.dispatcher).first()
    member = Person.objects.get(pk=zhou.person_id)
    s.people = {
        "anybody": None, "outsider": s.outsider, "resident": s.resident, "member": member, "secretary": s.secretary,
        "director": s.director, "handler": s.handler, "dispatcher": s.dispatcher, "supervisor": s.supervisor,
        "publisher": s.publisher, "clerk": s.clerk, "organiser": s.organiser, "admin": s.admin, "accused": s.estate_head,
    }  # fmt: skip
    post = Posting.objects.filter(person=s.handler).first()
    assert post is not None
    s.photo = "00000000-0000-4000-8000-000000000000"
    s.records = {
        "/voices/": {"pk": open_one.pk, "name": "draft"},
        "/voices/together": {"name": "urge"},
        "/voices/copies/": {"pk": copy.pk},
        "/public/": {"pk": copy.pk},
        "/my/voices/": {"pk": open_one.pk},
        "/units/": {"pk": s.first.pk, "verb": "change"},
        "/units/<int:pk>/term/": {"verb": "begin"},
        "/members/": {"pk": zhou.pk, "verb": "change"},
        "/members/transfers/": {"pk": transfer.pk, "verb": "accept"},
        "/papers/": {"pk": batch.pk},
        "/notices/": {"pk": notice.pk if notice else 1},
        "/people/": {"pk": s.handler.pk},
        "/people/posts/": {"pk": post.pk},
    }
    furnish(s, now, lot)
    return s


def _voice(s: SimpleNamespace, now: dt.datetime, lot: random.Random, to: str = "") -> tuple[Any, str]:
    said = services.Said(text=LAMP, place=s.wanghuai, contact_name="苏青禾", phone="13900000999")
    voice, code = services.raise_voice(said, actor=ANYBODY, at=now, lot=lot)
    desk, hand = s.actor(s.dispatcher), s.actor(s.handler)
    voice = services.accept(voice, actor=desk, at=now)
    voice = services.dispatch(voice, to=s.wanghuai_committee, actor=desk, at=now)
    voice = services.take_in_hand(voice, handler=s.handler, actor=hand, at=now)
    voice = services.contact(voice, how="call", words="通话3分钟。", actor=hand, at=now)
    if to != "answered":
        return voice, code
    voice = services.progress(voice, words="换了4盏灯头。", actor=hand, at=now)
    voice = services.draft_answer(
        voice, facts="灯头老化4盏。", result="support", opinion="已经换好。", basis="信访工作条例第三十二条", solved="yes", actor=hand, at=now
    )  # fmt: skip
    voice = services.submit_answer(voice, actor=hand, at=now)
    return services.answer(voice, actor=s.actor(s.director), at=now), code


def browser_of(person: Any, language: str = "zh-hans") -> Client:
    """A browser in which the person is logged in; None: nobody is."""
    client = Client()
    client.cookies["language"] = language
    if person is not None:
        account, _made = Account.objects.get_or_create(person=person, defaults={"username": f"u{person.pk}"})
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
