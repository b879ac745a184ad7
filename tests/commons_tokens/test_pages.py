"""The page of one's own tokens."""

from types import SimpleNamespace
from typing import Any

from django.test import Client

from lianxi.commons.tokens.models import Token
from tests.officers import login, prove, sure


def body(answer: Any) -> str:
    return str(answer.content.decode())


WANTED = {"name": "每日统计", "roles": ["dispatcher"], "days": 30}


def test_issued_after_proof_and_shown_once(office: SimpleNamespace) -> None:
    client = login(office.dispatcher)
    assert client.post("/account/tokens/", WANTED).url.startswith("/account/reauthenticate/")
    assert not Token.objects.exists()
    prove(client, "/account/tokens/")
    kept = body(client.get("/account/tokens/"))
    assert "每日统计" in kept
    assert 'value="30"' in kept
    sent = client.post("/account/tokens/", WANTED)
    assert (sent.status_code, sent["Location"]) == (302, "/account/tokens/")
    shown = client.get("/account/tokens/")
    text = shown.context["text"]
    assert text in body(shown)
    assert "no-store" in shown["Cache-Control"]
    assert text not in body(client.get("/account/tokens/"))
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert me.json()["name"] == "周亦远"


def test_only_roles_that_one_holds_and_a_short_term(office: SimpleNamespace) -> None:
    client = sure(office.dispatcher)
    for more in ({"roles": ["supervisor"]}, {"days": 0}, {"days": 5000}, {"name": " "}, {"roles": []}):
        answer = client.post("/account/tokens/", WANTED | more)
        assert answer.status_code == 422, more
        assert not Token.objects.exists()


def test_withdrawn_after_a_question_by_its_owner_alone(office: SimpleNamespace) -> None:
    client = sure(office.dispatcher)
    client.post("/account/tokens/", WANTED)
    text = client.get("/account/tokens/").context["text"]
    token = Token.objects.get()
    path = f"/account/tokens/{token.pk}/withdraw/"
    assert login(office.supervisor).post(path).status_code == 404
    assert "收回“每日统计”？" in body(client.get(path))
    token.refresh_from_db()
    assert token.withdrawn_at is None
    assert client.post(path).url == "/account/tokens/"
    token.refresh_from_db()
    assert token.withdrawn_at is not None
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 401
    assert client.get(path).status_code == 404


def test_others_tokens_are_not_listed(office: SimpleNamespace) -> None:
    sure(office.dispatcher).post("/account/tokens/", WANTED)
    assert "每日统计" not in body(login(office.supervisor).get("/account/tokens/"))


def test_without_a_post_there_is_none_to_issue(office: SimpleNamespace) -> None:
    client = sure(office.outsider)
    assert "发令牌" not in body(client.get("/account/tokens/"))
    assert client.post("/account/tokens/", WANTED).status_code == 422
    assert not Token.objects.exists()
