"""The resident's way in a real browser: phone and desk, both languages, large type, keyboard only, without scripts, offline."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.permissions import asking, system
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Party, Photo, Voice
from tests.browser import DESK, PHONE, too_wide, violations
from tests.street import SHANGHAI, build_street

from .conftest import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Any]
TEXT = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。"
FACES = [
    pytest.param(PHONE, "zh-hans", False, id="phone-zh"),
    pytest.param(PHONE, "zh-hans", True, id="phone-zh-elder"),
    pytest.param(DESK, "en", False, id="desk-en"),
    pytest.param(PHONE, "en", True, id="phone-en-elder"),
]


@pytest.fixture
def lived(transactional_db: None, settings: Any) -> Iterator[SimpleNamespace]:
    """The street, written for the running house to read."""
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, ((500, 60),))
    for address in ("/", "/say/", "/follow/"):  # templates are compiled here, not while the browser waits
        Client().get(address)
    with asking(system("voices.clock")):
        yield build_street()


@pytest.fixture
def visit(visit: Visit) -> Visit:
    """The shared one, patient with a busy machine."""

    def patient(address: str, **options: Any) -> Any:
        page = visit(address, **options)
        page.set_default_timeout(30_000)
        return page

    return patient


def now() -> dt.datetime:
    return dt.datetime.now(SHANGHAI)


def answer_it(s: SimpleNamespace, voice: Voice) -> Voice:
    """The house does its part, through the same services as its pages."""
    act, at = s.actor, now()
    services.accept(voice, actor=act(s.dispatcher), at=at)
    services.dispatch(voice, to=s.wanghuai_committee, actor=act(s.dispatcher), at=at)
    services.take_in_hand(voice, handler=s.handler, actor=act(s.handler), at=at)
    services.contact(voice, how="call", words="约好夜里来查线路。", actor=act(s.handler), at=at)
    services.draft_answer(
        voice, facts="断线一处。", result="support", opinion="已修好。", basis="《信访工作条例》第三十二条", solved="yes",
        actor=act(s.handler), at=at,
    )  # fmt: skip
    services.submit_answer(voice, actor=act(s.handler), at=at)
    return services.answer(voice, actor=act(s.director), at=at)


def raised(s: SimpleNamespace, **said: Any) -> tuple[Voice, str]:
    from lianxi.commons.permissions import ANYBODY

    words: dict[str, Any] = {"text": TEXT, "place": s.wanghuai, "phone": "13900000417"}
    return services.raise_voice(services.Said(**(words | said)), actor=ANYBODY, at=now(), lot=random.Random())


def sound(page: Any) -> None:
    """Nothing that axe, the console or the width of the page complains of, and no request to another host."""
    assert violations(page) == []
    assert too_wide(page) == []
    assert page.said == []


def code_on(page: Any) -> str:
    return str(page.locator(".lx-code-big").first.inner_text())


@pytest.mark.parametrize(("width", "language", "elder"), FACES)
def test_say_follow_and_rate(lived: SimpleNamespace, visit: Visit, width: int, language: str, elder: bool) -> None:
    s = lived
    page = visit("/", width=width, language=language, elder=elder)
    sound(page)
    page.locator("a.btn-big").click()
    page.locator("#id_text").wait_for()
    sound(page)

    page.locator("button[type=submit].btn-primary").click()
    page.locator(".lx-errors").wait_for()
    assert page.evaluate("document.activeElement.className") == "lx-errors"
    page.said.clear()  # the browser reports the 422 of the refused form
    sound(page)

    page.locator("#id_text").fill(TEXT)
    page.locator("#id_place").select_option(str(s.wanghuai.pk))
    page.locator("#id_address").fill("望槐路12号")
    page.locator("#id_photos").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    page.locator("#id_photos").set_input_files(
        [{"name": "b.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour="grey")}]
    )
    page.locator("#photos img").nth(1).wait_for()
    page.locator("label.lx-choice", has=page.locator("input[value=complaint]")).click()
    assert not page.locator("#id_accused_words").is_visible()
    page.locator("#id_about").check()
    page.locator("#id_accused_words").type("半亩")
    page.locator("#units label", has_text="半亩苑").click()
    page.locator("#id_phone").fill("139 0000 0417")
    sound(page)
    page.locator("button[type=submit].btn-primary").click()
    page.wait_for_url("**/receipt/")
    code = code_on(page)
    sound(page)
    voice = Voice._base_manager.get()
    assert (voice.text, voice.kind, voice.place_id, voice.naming) == (TEXT, "complaint", s.wanghuai.pk, "confidential")
    assert Photo._base_manager.count() == 2
    assert [party.unit_id for party in Party._base_manager.all()] == [s.estate.pk]
    assert page.evaluate("localStorage.getItem('lianxi.draft.say')") is None

    answer_it(s, voice)
    page.goto("/")
    page.locator("input[name=code]").fill(code.lower())
    page.locator("form[data-scan] button[type=submit]").click()
    page.wait_for_url(f"**/follow/{code}/")
    assert page.locator("input:checked").count() == 0
    page.locator("ul.lx-photos img").first.scroll_into_view_if_needed()  # it is loaded only when it comes into view
    for _ in range(100):
        if page.evaluate("document.querySelector('ul.lx-photos img').naturalWidth"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('ul.lx-photos img').naturalWidth") > 0
    page.locator("#appeal > summary").click()
    page.locator("#add, #appeal").first.wait_for()
    sound(page)
    page.locator("#rate button[type=submit]").click()
    page.locator("#rate .lx-errors").wait_for()
    page.said.clear()
    sound(page)
    page.locator("label.lx-choice", has=page.locator("input[name=r-solved][value=no]")).click()
    page.locator("label.lx-choice", has=page.locator("input[name=r-satisfied][value=fairly]")).click()
    page.locator("#rate button[type=submit]").click()
    page.locator(".lx-done").wait_for()
    page.wait_for_url(f"**/follow/{code}/")
    sound(page)
    voice.refresh_from_db()
    assert (voice.state, voice.solved_resident, voice.satisfied) == ("unsatisfied", "no", "fairly")


@pytest.mark.parametrize(
    "address", ["/public/", "/discipline/", "/accessibility/", "/privacy/", "/follow/", "/receipt/print/"]
)
@pytest.mark.parametrize(("width", "language", "elder"), FACES[1:3])
def test_the_other_pages_are_sound(
    lived: SimpleNamespace, visit: Visit, address: str, width: int, language: str, elder: bool
) -> None:
    sound(visit(address, width=width, language=language, elder=elder))


def test_public_results_are_searched_and_read(lived: SimpleNamespace, visit: Visit) -> None:
    s = lived
    for n in range(3):
        voice = answer_it(s, raised(s, text=f"第{n}件，路灯不亮了。")[0])
        copy = services.redact(
            voice, title=f"第{n}盏路灯修好了", text="路灯不亮。", answer="修好了。", actor=s.actor(s.handler), at=now()
        )
        services.publish(copy, actor=s.actor(s.publisher), at=now())
    services.withdraw(copy, reason="写着住址", actor=s.actor(s.publisher), at=now())
    page = visit("/public/", width=PHONE)
    sound(page)
    page.locator("input[name=q]").fill("灯")
    page.locator("form[role=search] button").click()
    page.wait_for_url("**q=*")
    assert page.locator(".lx-row-title").count() == 2
    page.locator("select[name=place]").select_option(str(s.tingsong.pk))
    page.locator(".lx-empty").wait_for()
    sound(page)
    page.goto("/")
    page.locator(".lx-row-title").first.click()
    page.locator(".lx-answer").wait_for()
    sound(page)


def test_by_keyboard_alone(lived: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=DESK)

    def to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(s) => document.activeElement.matches(s)", selector):
                outline = page.evaluate(
                    "() => { const f = document.activeElement; const c = f.closest('.lx-choice, .lx-drop') ?? f; return [getComputedStyle(f).outlineStyle, getComputedStyle(c).outlineStyle] }"
                )
                assert "solid" in outline, selector
                return
        raise AssertionError(f"no way to {selector} by Tab")

    to("#id_text")
    page.keyboard.type(TEXT)
    to("#id_photos")
    to("input[name=kind]")
    page.keyboard.press("Space")
    to("#id_about")
    page.keyboard.press("Space")
    to("#id_accused_words")
    page.keyboard.type("半亩苑物业")
    page.locator("#units label").first.wait_for()
    to("#units input")
    page.keyboard.press("Space")
    to("button.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")
    voice = Voice._base_manager.get()
    assert (voice.kind, voice.accused_any) == ("help", True)
    assert not page.evaluate("document.activeElement.matches('[name=website]')")


def test_without_a_script(lived: SimpleNamespace, visit: Visit) -> None:
    s = lived
    page = visit("/say/", width=PHONE, script=False)
    assert page.locator("#id_photos").is_visible()
    assert too_wide(page) == []
    page.locator("#id_text").fill(TEXT)
    page.locator("button[name=look]").click()
    assert page.locator("#id_text").input_value() == TEXT
    page.locator("#id_about").check()
    page.locator("#accused_select").select_option(str(s.estate.pk))
    page.locator("#id_photos").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    page.locator("button[type=submit].btn-primary").click()
    page.wait_for_url("**/receipt/")
    code = code_on(page)
    voice = Voice._base_manager.get()
    assert voice.accused_any
    answer_it(s, voice)
    page.goto("/follow/")
    page.locator("input[name=code]").fill(code)
    page.locator("form[data-scan] button").first.click()
    page.wait_for_url(f"**/follow/{code}/")
    page.locator("input[name=r-solved][value=yes]").check()
    page.locator("input[name=r-satisfied][value=yes]").check()
    page.locator("#rate button").click()
    page.wait_for_url(f"**/follow/{code}/")
    voice.refresh_from_db()
    assert voice.state == "closed"
    page.locator("button.lx-tool").first.click()
    assert page.locator("html.elder").count() == 1


def test_a_draft_stays_on_the_device_until_it_is_sent(lived: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=PHONE)
    page.locator("#id_text").fill(TEXT)
    page.locator("[data-draft-says]", has_text="草稿").wait_for()
    page.reload()
    assert page.locator("#id_text").input_value() == TEXT
    page.context.set_offline(True)
    page.locator("button[type=submit].btn-primary").click()
    page.locator(".lx-offline", has_text="没有网").wait_for()
    assert page.locator("#id_text").input_value() == TEXT
    assert Voice._base_manager.count() == 0
    page.context.set_offline(False)
    page.locator("button[type=submit].btn-primary").dblclick()
    page.wait_for_url("**/receipt/")
    assert Voice._base_manager.count() == 1
    page.goto("/say/")
    assert page.locator("#id_text").input_value() == ""


def test_the_discipline_row_leads_to_the_right_door_and_forgets_the_draft(lived: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=PHONE)
    page.locator("#id_text").fill("某干部收了礼金五万元。")
    page.locator("[data-draft-says]", has_text="草稿").wait_for()
    page.locator("label.lx-choice", has=page.locator("input[value=discipline]")).click()
    page.locator("button[type=submit].btn-primary").click()
    page.locator("#written").wait_for()
    page.said.clear()
    sound(page)
    assert page.evaluate("localStorage.getItem('lianxi.draft.say')") is None
    assert Voice._base_manager.count() == 0


def test_alike_appears_while_writing(lived: SimpleNamespace, visit: Visit) -> None:
    s = lived
    voice = answer_it(s, raised(s)[0])
    copy = services.redact(
        voice,
        title="3号院门口4盏路灯已换好",
        text="3号院门口的路灯夜里不亮。",
        answer="修好了。",
        actor=s.actor(s.handler),
        at=now(),
    )
    services.publish(copy, actor=s.actor(s.publisher), at=now())
    page = visit("/say/", width=PHONE)
    page.locator("#id_text").type("3号院门口的路灯不亮了")
    page.locator("#alike .lx-row-title").wait_for()
    sound(page)


def test_a_photo_can_be_taken_out_and_a_large_one_is_named(lived: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=PHONE)
    field = page.locator("#id_photos")
    for name in ("a.jpg", "b.jpg"):
        field.set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": jpeg()}])
    page.locator("#photos img").nth(1).wait_for()
    page.locator("#photos button").first.click()
    assert page.evaluate("[...document.querySelector('#id_photos').files].map((file) => file.name)") == ["b.jpg"]
    field.set_input_files([{"name": "c.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    assert page.evaluate("[...document.querySelector('#id_photos').files].map((file) => file.name)") == [
        "b.jpg",
        "c.jpg",
    ]
