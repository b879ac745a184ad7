"""Who asked not to be named is named nowhere, and nobody is named for what another did."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pghistory
import pytest
from django.db import connection
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.permissions import asking, system
from lianxi.commons.refusals import ChangedMeanwhile, NotFound
from lianxi.participation.voices import queries, services
from lianxi.participation.voices.models import Voice, VoiceEvent
from lianxi.participation.voices.workflow import WALK
from tests.voices_front.conftest import token_of

TEXT = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。"


@pytest.fixture
def own(street: SimpleNamespace) -> Client:
    """The browser of a resident who is logged in."""
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(Account.objects.create_user("suqinghe", "a-long-password", person=street.resident))
    return client


def tables_with(text: str) -> set[str]:
    """Every table with the text in a row, those about persons themselves left out."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return {name for name in found if not name.startswith("accounts_")}


@pytest.mark.parametrize("naming", ["anonymous", "confidential"])
def test_logged_in_and_unnamed_is_named_in_no_table(own: Client, street: SimpleNamespace, naming: str) -> None:
    before = tables_with(street.resident.name)
    typed = {"text": TEXT, "naming": naming, "token": token_of(own.get("/say/"))}
    assert own.post("/say/", typed).status_code == 302
    code = own.get("/receipt/").context["code"]
    assert own.post("/follow/add/", {"code": code, "a-text": "昨晚又坏了一盏。"}).status_code == 302
    voice = Voice._base_manager.get()
    events = list(WALK.events(voice))
    assert [(e.verb, e.by_id, e.by_name) for e in events] == [("raise", None, ""), ("supplement", None, "")]
    assert tables_with(street.resident.name) == before
    kept = queries.history_of(voice.pk, actor=street.actor(street.dispatcher))
    assert kept
    assert all(row.pgh_context.metadata["person"] is None for row in kept)


def test_logged_in_and_rating_with_a_code_is_named_in_no_table(
    own: Client,
    street: SimpleNamespace,
    answered: Callable[..., Any],
) -> None:
    before = tables_with(street.resident.name)
    voice, code = answered()
    assert own.post("/follow/rate/", {"code": code, "r-solved": "yes", "r-satisfied": "yes"}).status_code == 302
    last = WALK.events(voice).last()
    assert (last.verb, last.by_id, last.by_name) == ("rate_well", None, "")
    assert tables_with(street.resident.name) == before


def test_the_code_of_a_program_is_kept_in_no_table(street: SimpleNamespace, answered: Callable[..., Any]) -> None:
    _voice, code = answered()
    rated = Client().post(
        "/api/v1/residents/follow/rating",
        {"solved": "yes", "satisfied": "yes"},
        content_type="application/json",
        headers={"Receipt-Code": code},
    )
    assert rated.status_code == 200, rated.content
    assert tables_with(services.normal_code(code)[:4] + "-") == set()
    assert tables_with(services.normal_code(code)) == set()


def test_who_is_only_looked_at_is_not_named_for_what_is_written_afterwards(street: SimpleNamespace) -> None:
    with asking(system("voices.clock")) as outer:
        with asking(street.actor(street.handler)):
            pass
        street.works.name = "街道市政一组"
        street.works.save()
        with pghistory.context() as kept:
            assert (kept.metadata["by"], kept.metadata["person"], kept.metadata["job"]) == (outer.name, None, outer.job)


def test_a_stranger_with_an_old_page_is_told_nothing(
    street: SimpleNamespace,
    answered: Callable[..., Any],
    now: dt.datetime,
) -> None:
    voice, _code = answered()
    before = VoiceEvent._base_manager.count()
    with pytest.raises(NotFound):
        services.urge(voice, reason="快", actor=street.actor(street.outsider), at=now, seen=1)
    with pytest.raises(ChangedMeanwhile):
        services.urge(voice, reason="快", actor=street.actor(street.supervisor), at=now, seen=1)
    assert VoiceEvent._base_manager.count() == before
