"""The second step of logging in, from turning it on to losing the phone; and proof asked for again with it."""

import base64
import hashlib
import hmac
import re
import struct
import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests.officers import PASSWORD, account_of, login, prove, sure


def body(answer: Any) -> str:
    return str(answer.content.decode())


def code(secret: str) -> str:
    """What the telephone shows (RFC 6238), worked out from the secret alone."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def turned_on(person: Any) -> tuple[Client, str, list[str]]:
    """Turn the second step on, as its owner does; gives the browser, the secret and the recovery codes."""
    client = login(person)
    assert client.get("/account/mfa/").status_code == 200
    assert client.get("/account/mfa/totp/activate/").url.startswith("/account/reauthenticate/")
    assert prove(client, "/account/mfa/totp/activate/").url == "/account/mfa/totp/activate/"
    page = client.get("/account/mfa/totp/activate/")
    secret = page.context["form"].secret
    assert secret[:4] in body(page)
    assert "data:image/svg+xml" in body(page)
    assert client.post("/account/mfa/totp/activate/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    done = client.post("/account/mfa/totp/activate/", {"code": code(secret)})
    assert done.url == "/account/mfa/recovery-codes/"
    return client, secret, client.get(done.url).context["unused_codes"]


def first_step(person: Any) -> Client:
    client = Client()
    answer = client.post("/account/login/", {"login": account_of(person).username, "password": PASSWORD})
    assert answer.url.startswith("/account/mfa/authenticate/")
    assert client.get("/account/permissions/").status_code == 302
    return client


def second(client: Client, text: str) -> Any:
    return client.post("/account/mfa/authenticate/", {"code": text})


def test_password_alone_no_longer_opens(office: SimpleNamespace) -> None:
    _client, secret, codes = turned_on(office.handler)
    assert len(codes) == 10
    client = first_step(office.handler)
    wrong = second(client, "000000")
    assert wrong.status_code == 200
    assert "动态码不对" in body(wrong)
    assert client.get("/account/permissions/").status_code == 302
    cache.clear()
    assert second(client, code(secret)).status_code == 302
    assert client.get("/account/permissions/").status_code == 200


def test_its_secret_lies_sealed(office: SimpleNamespace) -> None:
    _client, secret, codes = turned_on(office.handler)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(Authenticator.objects.all()) == 2
    assert secret not in kept
    assert not any(one in kept for one in codes)


def test_by_phone_too(office: SimpleNamespace) -> None:
    turned_on(office.handler)
    client = Client()
    answer = client.post("/account/login/", {"login": "139 0000 0417", "password": PASSWORD})
    assert "authenticate" in answer.url
    assert client.get("/account/permissions/").status_code == 302


def test_a_recovery_code_opens_once(office: SimpleNamespace) -> None:
    _client, _secret, codes = turned_on(office.handler)
    assert second(first_step(office.handler), codes[0]).status_code == 302
    again = first_step(office.handler)
    assert second(again, codes[0]).status_code == 200
    assert again.get("/account/permissions/").status_code == 302
    assert second(again, codes[1]).status_code == 302


def test_guessing_codes_is_stopped(office: SimpleNamespace) -> None:
    _client, secret, _codes = turned_on(office.handler)
    cache.clear()
    client = first_step(office.handler)
    for n in range(8):
        second(client, f"{n:06d}")
    answer = second(client, code(secret))
    assert answer.status_code in (200, 429)
    assert client.get("/account/permissions/").status_code == 302


def test_dropped_by_whoever_manages_accounts_after_proof(office: SimpleNamespace) -> None:
    turned_on(office.handler)
    keeper = sure(office.system_admin)
    path = f"/people/{office.handler.pk}/second-factor/"
    assert keeper.post(path, {"reason": ""}).status_code == 422
    assert Authenticator.objects.exists()
    assert keeper.post(path, {"reason": "手机和恢复码都丢了"}).status_code == 302
    assert not Authenticator.objects.exists()
    assert login(office.handler).get("/account/permissions/").status_code == 200


@pytest.mark.parametrize("path", ["/account/mfa/", "/account/mfa/totp/activate/", "/account/reauthenticate/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_pages_speak_our_language(office: SimpleNamespace, path: str, language: str) -> None:
    client = sure(office.handler)
    client.cookies["language"] = language
    page = body(client.get(path))
    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    if language == "zh-hans":
        assert not re.search(r"\b(Activate|Authenticator|Recovery|Two-Factor|code|Confirm)\b", main), main
    else:
        assert not re.search(r"[\u4e00-\u9fff]", main), main
