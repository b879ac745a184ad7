"""The shell: both faces, both languages, large type, menus, refusals, errors."""

import re
from types import SimpleNamespace

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import translation

from lianxi.commons.refusals import BadInput, Blocked, NotPermitted, TooMany
from lianxi.portal import nav, web
from lianxi.portal.urls import urlpatterns as real

pytestmark = pytest.mark.django_db

PAGES = ("/parts/", "/parts/front/", "/parts/print/", "/account/login/")
HAN = re.compile(r"[\u4e00-\u9fff]")


def _raise(error: Exception) -> object:
    def view(request: object) -> HttpResponse:
        raise error

    return view


CHECK = {
    "label": "答复三项写全",
    "required": "3项",
    "found": "2项",
    "passed": False,
    "rule": {"citation": "信访工作条例第三十二条", "url": "/r"},
}
urlpatterns = [
    *real,
    path("t/blocked/", _raise(Blocked([SimpleNamespace(**CHECK)]))),
    path("t/not-permitted/", _raise(NotPermitted("这一步不由您办。", open_to=["督办可以", "派单可以"]))),
    path("t/bad-input/", _raise(BadInput({"text": "要写什么事"}))),
    path("t/too-many/", _raise(TooMany())),
    path("t/missing/", _raise(Http404())),
    path("t/broken/", _raise(RuntimeError("canary"))),
]
handler404, handler500 = web.not_found, web.server_error


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("elder", ["", "1"])
def test_every_page_of_the_shell_in_both_languages_and_both_sizes(
    client: Client, address: str, language: str, elder: str
) -> None:
    client.cookies.load({"language": language, "elder": elder})
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}"' in text
    assert ('class="elder"' in text) is bool(elder)
    assert 'class="lx-skip"' in text
    assert text.count("<h1") == 1
    assert len(re.findall(r"<main\b", text)) == 1


def test_the_english_parts_page_has_only_invented_names_in_chinese(client: Client) -> None:
    client.cookies.load({"language": "en"})
    text = client.get("/parts/front/").content.decode()
    text = re.sub(r"<[^>]*>", " ", re.sub(r"<head>.*?</head>|data-[\w-]+=\"[^\"]*\"", "", text, flags=re.DOTALL))
    assert {line.strip() for line in text.split("\n") if HAN.search(line)} <= {
        "中文",
        "望槐社区居委会 · 11月23日 15:20",
        "望槐",
        "栗园",
        "陆砚秋",
    } | {line.strip() for line in text.split("\n") if "陆砚秋" in line or "望槐社区居委会" in line}


def test_large_type_is_kept_and_taken_back_without_a_script(client: Client) -> None:
    on = client.post("/elder/", {"elder": "1", "next": "/parts/front/?a=1"})
    assert on.headers["Location"] == "/parts/front/?a=1"
    assert client.cookies["elder"].value == "1"
    off = client.post("/elder/", {"elder": "0", "next": "/parts/"})
    assert off.headers["Location"] == "/parts/"
    assert client.cookies["elder"].value == ""


@pytest.mark.parametrize("to", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_large_type_leads_to_no_other_host(client: Client, to: str) -> None:
    assert client.post("/elder/", {"elder": "1", "next": to}).headers["Location"] == "/"


def test_large_type_needs_a_post(client: Client) -> None:
    assert client.get("/elder/").status_code == 405
    assert "elder" not in client.cookies


def test_the_language_changes_and_the_page_stays(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/parts/?x=1"})
    assert answer.headers["Location"] == "/parts/?x=1"
    assert b'<html lang="en"' in client.get("/parts/").content


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/t/blocked/", 422, ["答复三项写全", "3项", "2项", "信访工作条例第三十二条"]),
        ("/t/not-permitted/", 403, ["督办可以", "派单可以"]),
        ("/t/bad-input/", 422, ["要写什么事"]),
        ("/t/too-many/", 429, ["试得太频繁了"]),
        ("/t/missing/", 404, ["没有这一页"]),
    ],
)
def test_a_refusal_says_what_and_why(client: Client, address: str, status: int, said: list[str]) -> None:
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == status
    assert [words for words in said if words not in text] == []
    assert "front-face" in text


@pytest.mark.urls(__name__)
def test_our_own_fault_is_ours_and_tells_nothing(client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/t/broken/")
    assert page.status_code == 500
    assert "不是您填错" in page.content.decode()
    assert "canary" not in page.content.decode()


def test_an_old_token_has_a_page_of_its_own() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/elder/", {"elder": "1"})
    assert page.status_code == 403
    assert "这一页开得太久了" in page.content.decode()
    assert "elder" not in strict.cookies


def test_the_rail_shows_only_pages_that_exist_and_marks_where_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (
        nav.Entry("parts", "零件", "home", "parts", 1, tab=1, needs_login=False),
        nav.Entry("front", "居民页", "eye", "parts_front", 2, tab=2, needs_login=False, count=lambda request: 7),
        nav.Entry("inside", "里面", "lock", "elder", 2),
        nav.Entry("future", "以后", "eye", "no_such_page", 3, needs_login=False),
    )
    monkeypatch.setattr(nav, "ENTRIES", entries)
    request = RequestFactory().get("/parts/front/")
    request.user = SimpleNamespace(is_authenticated=False)
    found = nav.links(request)
    assert [(link.key, link.current, link.count, link.new_group) for link in found] == [
        ("parts", False, None, False),
        ("front", True, 7, True),
    ]
    request.user = SimpleNamespace(is_authenticated=True)
    assert [link.key for link in nav.links(request)] == ["parts", "front", "inside"]
    assert [link.key for link in nav.tabs(found)] == ["parts", "front"]


def test_the_page_carries_the_policy_and_nothing_that_it_forbids(client: Client) -> None:
    page = client.get("/parts/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = page.content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


@override_settings(LANGUAGE_CODE="zh-hans")
def test_both_languages_have_a_word_for_every_state() -> None:
    from lianxi.portal import look

    for table in (look.STATES, look.TRUST):
        for code, one in table.items():
            with translation.override("en"):
                english = str(one.word)
            with translation.override("zh-hans"):
                chinese = str(one.word)
            assert HAN.search(chinese), code
            assert english, code
            assert not HAN.search(english), code
