"""The list of voices taken out by a job: the same rows with the same eyes, and nothing that has been kept away since."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from lianxi.commons.papers.models import ExportOrder, ExportPart
from lianxi.commons.papers.services import NoLongerThere, fetch, write_order
from lianxi.commons.papers.terms import OrderState
from lianxi.commons.permissions import ANYBODY, asking, system
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice
from tests.officers import sure

CANARY = "金丝雀CANARY"


@pytest.fixture
def many(street: SimpleNamespace, lot: random.Random, settings: Any, tmp_path: Any) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EXPORT_AT_ONCE = 3
    street.now, street.lot = timezone.now(), lot
    for number in range(5):
        raised(street, f"第{number}号楼的路灯坏了三天了。")
    for role in (Role.SUPERVISOR, Role.DISPATCHER):
        Posting.objects.create(person=street.estate_head, unit=street.top, role=role, since=dt.date(2025, 1, 1))
    return street


def raised(s: SimpleNamespace, text: str, **more: Any) -> Voice:
    said = services.Said(text=text, place=s.wanghuai, **more)
    voice, _code = services.raise_voice(said, actor=ANYBODY, at=s.now - dt.timedelta(hours=1), lot=s.lot)
    return voice


def ordered(s: SimpleNamespace, who: Any, query: str = "view=all") -> ExportOrder:
    answer = sure(who).get(f"/voices/export.csv?{query}")
    assert answer.status_code == 302
    order = ExportOrder.objects.filter(by=who).latest("pk")
    assert answer["Location"] == f"/papers/exports/{order.pk}/"
    actor = s.actor(who)
    with asking(actor):
        write_order(order.pk, actor=actor, at=s.now)
    order.refresh_from_db()
    assert order.state == OrderState.DONE
    return order


def content(s: SimpleNamespace, order: ExportOrder, who: Any) -> str:
    actor = s.actor(who)
    with asking(actor):
        return b"".join(fetch(order.pk, actor=actor, at=s.now).parts).decode("utf-8-sig")


def test_the_job_writes_what_the_page_would_have_given(many: SimpleNamespace, settings: Any) -> None:
    file = content(many, ordered(many, many.supervisor), many.supervisor)
    settings.EXPORT_AT_ONCE = 100
    answer = sure(many.supervisor).get("/voices/export.csv?view=all")
    assert b"".join(answer.streaming_content).decode("utf-8-sig") == file  # type: ignore[arg-type]
    assert len(file.splitlines()) == 6


def test_what_is_kept_from_somebody_is_in_no_file_and_no_count(many: SimpleNamespace) -> None:
    raised(many, f"物业收了押金不退{CANARY}，已经半年。", accused_units=[many.estate])
    accused = ordered(many, many.estate_head)
    assert (accused.total, accused.done) == (5, 5)
    assert CANARY not in content(many, accused, many.estate_head)
    others = ordered(many, many.supervisor)
    assert others.done == 6


def test_a_voice_that_is_kept_away_since_makes_the_file_void_without_saying_which(many: SimpleNamespace) -> None:
    voice = raised(many, f"押金不退{CANARY}，已经半年。")
    order, other = ordered(many, many.estate_head), ordered(many, many.supervisor)
    assert content(many, order, many.estate_head)
    with asking(system("voices.clock")):
        services.name_accused(voice, unit=many.estate, actor=many.actor(many.dispatcher), at=many.now)
    with pytest.raises(NoLongerThere) as refused:
        content(many, order, many.estate_head)
    assert CANARY not in str(refused.value)
    assert not ExportPart.objects.filter(order=order).exists()
    assert content(many, other, many.supervisor)
