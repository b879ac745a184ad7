"""Who comes too late to a page of a vote, because it changed meanwhile or went on: told, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Poll, RollEntry, Trustee
from tests.commons_ballotbox.conftest import Vote
from tests.commons_ballotbox.test_desk_pages import TYPED, begun
from tests.street import NOON

pytestmark = pytest.mark.django_db


def version_on(page: Any) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page.content.decode())
    assert found
    return found[1]


def test_a_day_that_is_past_by_now_may_stand(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    planned = timezone.localdate() - dt.timedelta(days=3)
    services.change(poll, opens_on=planned, actor=street.actor(street.secretary), at=NOON)
    assert desk.post(f"/polls/{poll.pk}/question/", TYPED | {"opens_on": f"{planned}"}).status_code == 302


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("question", TYPED | {"about": "迟了一步"}),
        ("roll", {"names": "迟一步\n迟两步\n迟三步", "keep": "1"}),
    ],
)
def test_who_saves_an_old_page_is_told_and_loses_nothing(
    desk: Client, street: SimpleNamespace, page: str, typed: dict[str, str]
) -> None:
    poll = begun(desk, street)
    where = f"/polls/{poll.pk}/{page}/"
    old = version_on(desk.get(where))
    services.set_roll(poll, [("早到的", "")], actor=street.actor(street.secretary), at=NOON)
    late = desk.post(where, typed | {"seen": old})
    assert late.status_code == 409
    said = late.content.decode()
    assert "有人改过" in said
    assert street.secretary.name in said
    assert typed.get("about", "迟两步") in said
    assert RollEntry._base_manager.filter(poll=poll).count() == 1
    again = desk.post(where, typed | {"seen": version_on(late)})
    assert again.status_code == 302
    assert RollEntry._base_manager.filter(poll=poll).count() == (3 if page == "roll" else 1)


def test_who_chose_people_on_an_old_page_is_told(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    people = {
        "trustee_1": f"u{street.director.pk}", "trustee_2": f"u{street.publisher.pk}", "trustee_3": f"u{street.works_head.pk}",
        "threshold": "2", "giver": f"u{street.clerk.pk}",
    }  # fmt: skip
    where = f"/polls/{poll.pk}/trustees/"
    old = version_on(desk.get(where))
    services.change(poll, place="别处", actor=street.actor(street.secretary), at=NOON)
    late = desk.post(where, people | {"seen": old})
    assert late.status_code == 409
    assert f'value="u{street.works_head.pk}"' in late.content.decode()
    assert Trustee._base_manager.count() == 0


def test_nobody_settles_what_was_not_on_the_page(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("draft")
    where = f"/polls/{vote.poll.pk}/prepare/"
    old = version_on(desk.get(where))
    services.set_items(vote.poll, ["偷偷加的"], **vote.organiser)
    assert desk.post(where, {"seen": old}).status_code == 409
    assert vote.fresh().state == "draft"
    assert desk.post(where, {"seen": version_on(desk.get(where))}).status_code == 302


def test_what_comes_too_late_is_shown_again_with_what_was_typed(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    for page, typed, kept in (
        ("question", TYPED | {"about": "写了很久的说明"}, "写了很久的说明"),
        ("roll", {"names": "张伟\n写了很久", "keep": "1"}, "写了很久"),
        ("reopen_draft", {"reason": "写了很久的理由"}, "写了很久的理由"),
    ):
        before = Poll._base_manager.values().get(pk=vote.poll.pk)
        late = desk.post(f"/polls/{vote.poll.pk}/{page}/", typed)
        assert late.status_code == 409, page
        said = late.content.decode()
        assert kept in said
        assert "投票中" in said
        assert f'href="/polls/{vote.poll.pk}/"' in said
        assert 'type="submit" class="btn btn-primary"' not in said
        assert Poll._base_manager.values().get(pk=vote.poll.pk) == before


def test_the_page_of_a_step_that_is_not_open_leads_to_the_record(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    for verb in ("prepare", "reopen_draft", "open", "publish"):
        answer = desk.get(f"/polls/{vote.poll.pk}/{verb}/", follow=True)
        assert answer.redirect_chain == [(f"/polls/{vote.poll.pk}/", 302)]
        assert "现在是“投票中”，办不了这一步。" in answer.content.decode()
    assert desk.get(f"/polls/{vote.poll.pk}/close/").status_code == 200
