"""The walk by the pages: list, record, every step from receiving to the answer."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.participation.voices.models import Answer, Voice, VoiceEvent

As = Callable[..., Client]


def do(client: Client, voice: Voice, name: str, **data: Any) -> Any:
    voice.refresh_from_db()
    return client.post(f"/voices/{voice.pk}/do/{name}/", {"seen": voice.version, **data})


def test_from_receiving_to_the_answer_by_the_pages(
    street: SimpleNamespace, as_: As, walked: Callable[..., Voice]
) -> None:
    s, voice = street, walked("received")
    for who, name, data, state in (
        (s.dispatcher, "accept", {"title": "路灯不亮", "kind": "help", "topic": "works"}, "accepted"),
        (s.dispatcher, "dispatch", {"to": s.wanghuai_committee.pk}, "dispatched"),
        (s.handler, "take", {"handler": s.handler.pk}, "in_hand"),
        (s.handler, "contact", {"how": "call", "words": "约好夜里来查"}, "in_hand"),
        (s.handler, "draft", {"facts": "断线一处。", "result": "support", "opinion": "已修好。", "basis": "第三十二条", "solved": "yes"}, "in_hand"),
        (s.handler, "submit", {}, "in_review"),
        (s.director, "answer", {}, "answered"),
        (s.supervisor, "call_back", {}, "call_back"),
        (s.supervisor, "call_back_result", {"solved": "yes", "satisfied": "yes", "words": "亮了"}, "closed"),
    ):  # fmt: skip
        client = as_(who)
        page = client.get(f"/voices/{voice.pk}/")
        assert page.status_code == 200, name
        assert f'href="/voices/{voice.pk}/do/{name}/"' in page.content.decode(), name
        assert client.get(f"/voices/{voice.pk}/do/{name}/").status_code == 200, name
        answer = do(client, voice, name, **data)
        assert answer.status_code == 302, (name, answer.content.decode()[:3000])
        voice.refresh_from_db()
        assert voice.state == state
    assert voice.title == "路灯不亮"
    assert Answer._base_manager.get(voice=voice).given_at is not None
    assert VoiceEvent._base_manager.filter(voice=voice).count() == voice.version == 10


def test_the_list_shows_what_one_may_see_and_no_more(
    street: SimpleNamespace, as_: As, walked: Callable[..., Voice]
) -> None:
    walked("in_hand", title="归望槐的事")
    for who, sees in (
        (street.handler, True),
        (street.dispatcher, True),
        (street.other_handler, False),
        (street.outsider, False),
    ):
        page = as_(who).get("/voices/")
        assert page.status_code == 200
        assert ("归望槐的事" in page.content.decode()) is sees
    assert Client().get("/voices/").status_code == 302


@pytest.mark.parametrize(("number", "path"), [(13, "/voices/"), (25, "/voices/{pk}/")])
def test_a_page_asks_the_database_a_bounded_number_of_times(
    street: SimpleNamespace,
    as_: As,
    walked: Callable[..., Voice],
    django_assert_max_num_queries: Any,
    number: int,
    path: str,
) -> None:
    voice = walked("drafted")
    for _ in range(6):
        walked("in_hand")
    client = as_(street.handler)
    client.get("/voices/")
    with django_assert_max_num_queries(number):
        assert client.get(path.format(pk=voice.pk)).status_code == 200
