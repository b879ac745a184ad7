"""The parts in a real browser: readable by axe before and after interaction, whole at every width, and alive."""

import re
from typing import Any

import pytest

from tests.browser import DESK, PHONE, Visit, small_targets, too_wide, violations

pytestmark = pytest.mark.browser

FACES = ("/parts/", "/parts/front/", "/account/login/")


@pytest.mark.parametrize(("language", "elder"), [("zh-hans", False), ("zh-hans", True), ("en", False), ("en", True)])
@pytest.mark.parametrize(("address", "widths"), [("/parts/", (PHONE, DESK)), ("/parts/front/", (PHONE,))])
def test_axe_finds_nothing_with_everything_unfolded(
    visit: Visit, address: str, widths: tuple[int, ...], language: str, elder: bool
) -> None:
    page = visit(address, language=language, elder=elder)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
    assert page.said == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("elder", [False, True])
def test_nothing_stands_out_at_any_width(visit: Visit, language: str, elder: bool) -> None:
    for address in FACES:
        page = visit(address, language=language, elder=elder)
        for width in (320, PHONE, 820, 1100, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            assert too_wide(page) == []


def test_axe_finds_nothing_on_the_login(visit: Visit) -> None:
    page = visit("/account/login/", width=PHONE)
    assert violations(page) == []
    page.get_by_role("button", name="登录").click()
    page.locator(".lx-errors").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("address", ["/parts/front/", "/account/login/"])
def test_targets_of_the_residents_face_are_large(visit: Visit, address: str, elder: bool) -> None:
    assert small_targets(visit(address, width=PHONE, elder=elder)) == []


def test_large_type_is_large(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE, elder=True)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .filter((one) => one.checkVisibility()).map((one) => [parseFloat(getComputedStyle(one).fontSize), one.outerHTML.slice(0, 80)])"""
    )
    assert [one for one in sizes if one[0] < 20] == []


@pytest.mark.parametrize("address", ["/parts/", "/parts/front/"])
def test_no_text_is_smaller_than_thirteen_pixels(visit: Visit, address: str) -> None:
    for width in (PHONE, DESK):
        page = visit(address, width=width)
        sizes = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
                .filter((one) => one.checkVisibility() && !one.closest('.lx-row-title .lx-chip'))
                .map((one) => [parseFloat(getComputedStyle(one).fontSize), one.outerHTML.slice(0, 80)])"""
        )
        assert [one for one in sizes if one[0] < 13] == []


def test_without_a_script_large_type_and_language_still_change(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE, script=False)
    page.get_by_role("button", name="长辈版").click()
    assert page.locator("html.elder").count() == 1
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html.elder").count() == 1
    assert page.url.endswith("/parts/front/")


def test_without_a_script_a_dialog_stands_open_as_a_form(visit: Visit) -> None:
    page = visit("/parts/", script=False)
    assert page.locator("#part-dialog").is_visible()
    assert page.locator("#part-dialog form button").first.is_visible()
    assert not page.get_by_role("button", name="留着").is_visible()


def test_the_focus_is_always_seen(visit: Visit) -> None:
    page = visit("/account/login/", width=PHONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "lx-skip"
    for _step in range(8):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => { const one = document.activeElement; const seen = [one, one.closest('.lx-choice')].filter(Boolean).map((part) => getComputedStyle(part));
                return Math.max(...seen.map((style) => style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth))) }"""
        )
        assert ring >= 3, page.evaluate("document.activeElement.outerHTML")


def test_a_dialog_has_its_focus_on_the_safe_choice_and_gives_it_back(visit: Visit) -> None:
    page = visit("/parts/")
    page.get_by_role("button", name="删除草稿").first.click()
    assert page.evaluate("document.activeElement.textContent") == "留着"
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#part-dialog").is_visible()
    assert "删除草稿" in page.evaluate("document.activeElement.textContent")


def test_a_menu_closes_with_escape_and_with_a_click_elsewhere(visit: Visit) -> None:
    page = visit("/parts/")
    menu = page.locator("details.lx-menu").first
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").first.click()):
        menu.locator("summary").click()
        assert menu.locator(".lx-menu-list").is_visible()
        leave()
        assert not menu.locator(".lx-menu-list").is_visible()


def _held(page: Any) -> list[str]:
    """Let no form out: what would be sent is counted instead."""
    sent: list[str] = []
    page.route(
        "**/*",
        lambda route: (
            (sent.append(route.request.url), route.fulfill(status=204))
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    return sent


def test_a_pressed_button_says_so_keeps_its_width_and_sends_once(visit: Visit) -> None:
    page = visit("/parts/front/", width=DESK)
    sent = _held(page)
    page.get_by_label("什么事").first.fill("路灯不亮")
    button = page.get_by_role("button", name="交给街道")
    before = button.bounding_box()["width"]
    button.click(no_wait_after=True)
    busy = page.locator(".lx-sticky .btn.lx-busy")
    busy.wait_for()
    assert "正在提交" in busy.inner_text()
    assert abs(busy.bounding_box()["width"] - before) < 1
    busy.click(force=True, no_wait_after=True)
    page.evaluate("document.querySelector('.lx-sticky').closest('form').requestSubmit()")
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_without_a_network_nothing_is_sent_and_the_text_stays(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    sent = _held(page)
    field = page.get_by_label("什么事").first
    field.fill("路灯不亮")
    page.context.set_offline(True)
    page.get_by_role("button", name="交给街道").click()
    assert page.get_by_role("alert").filter(has_text="现在没有网").is_visible()
    assert field.input_value() == "路灯不亮"
    assert sent == []
    assert violations(page) == []
    page.context.set_offline(False)
    page.locator(".lx-offline").wait_for(state="detached")


def test_a_draft_is_kept_said_and_cleared(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    page.get_by_label("什么事").first.fill("路灯不亮")
    page.get_by_label("投诉").first.check()
    page.get_by_text("草稿存在这部手机上").wait_for()
    page.reload()
    assert page.get_by_label("什么事").first.input_value() == "路灯不亮"
    assert page.get_by_label("投诉").first.is_checked()
    assert page.get_by_text("草稿存在这部手机上").is_visible()
    page.get_by_role("button", name="清空").click()
    assert page.get_by_label("什么事").first.input_value() == ""
    assert not page.get_by_label("投诉").first.is_checked()
    page.reload()
    assert page.get_by_label("什么事").first.input_value() == ""
    assert "路灯" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_draft_is_forgotten_once_it_was_sent(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    page.get_by_label("什么事").first.fill("路灯不亮")
    page.get_by_text("草稿存在这部手机上").wait_for()
    page.route(
        "**/parts/front/",
        lambda route: route.fulfill(
            response=(got := route.fetch()),
            body=got.text().replace("<head>", '<head><meta name="sent" content="parts">'),
        ),
    )
    page.reload()
    assert page.get_by_label("什么事").first.input_value() == ""
    assert page.evaluate("localStorage.length") == 0


def test_the_count_of_characters_is_told_near_the_end_only(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    field, place = page.get_by_label("什么事").first, page.locator("[data-counter]").first
    field.fill("灯" * 100)
    assert place.inner_text() == ""
    field.fill("灯" * 1990)
    assert place.inner_text() == "还可以写10字"


def test_a_refused_form_takes_the_focus_and_leads_to_the_field(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    assert page.evaluate("document.activeElement.className") == "lx-errors"
    page.locator(".lx-errors a").first.click()
    assert page.evaluate("document.activeElement.name") == "text"


def test_chosen_rows_are_counted_in_a_bar(visit: Visit) -> None:
    page = visit("/parts/")
    bar = page.locator("[data-selected]")
    assert not bar.is_visible()
    page.get_by_label("选这件").nth(1).check()
    page.get_by_label("选这件").nth(2).check()
    assert "已选2件" in bar.inner_text()
    assert violations(page) == []
    page.get_by_label("全选").check()
    assert "已选5件" in bar.inner_text()
    page.get_by_role("button", name="取消选择").click()
    assert not bar.is_visible()


def test_what_was_done_goes_away_but_waits_for_the_pointer(visit: Visit) -> None:
    page = visit("/parts/")
    page.clock.install()
    page.evaluate(
        """() => { const place = document.querySelector('.lx-toasts'); place.innerHTML = '<div class="lx-done" role="status" data-toast="8"><span>已派</span></div>';
            document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: place } })) }"""
    )
    toast = page.locator(".lx-toasts .lx-done")
    toast.hover()
    page.clock.run_for(20_000)
    assert toast.is_visible()
    page.mouse.move(5, 5)
    page.clock.run_for(9_000)
    assert toast.count() == 0


def test_the_receipt_code_is_copied(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制").click()
    page.get_by_role("button", name="复制好了").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "YH-7K3M-92QD"


def test_colours_are_not_needed(visit: Visit) -> None:
    page = visit("/parts/")
    for chip in page.locator(".lx-chip").all():
        assert chip.inner_text().strip()
    assert page.locator(".lx-chip-ink .icon").count() > 0


def test_paper_gets_no_shell_and_no_tint(visit: Visit) -> None:
    page = visit("/parts/")
    page.emulate_media(media="print")
    assert [
        name
        for name in (".rail", ".tabbar", ".desk-head", ".btn", ".lx-filters")
        if page.locator(name).first.is_visible()
    ] == []
    assert page.evaluate("getComputedStyle(document.querySelector('.lx-chip-ink')).color") == "rgb(0, 0, 0)"
    assert re.search("serif", page.evaluate("getComputedStyle(document.body).fontFamily"), re.IGNORECASE)


def test_a_still_ring_for_those_who_want_no_motion(visit: Visit) -> None:
    page = visit("/parts/", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.lx-ring')).animationName") == "none"


def test_the_steps_are_folded_on_a_phone_only(visit: Visit) -> None:
    for width, opened in ((PHONE, 0), (DESK, 1)):
        assert visit("/parts/", width=width).locator("details[data-fold-on-phone][open]").count() == opened


def test_a_ticked_box_shows_its_tick(visit: Visit) -> None:
    page = visit("/parts/front/", width=PHONE)
    covers = page.evaluate(
        """() => { const box = Object.assign(document.createElement('input'), { type: 'checkbox', className: 'form-check-input', checked: true })
            document.querySelector('main').append(box); const over = getComputedStyle(box, '::before'), own = getComputedStyle(box)
            return [over.content !== 'none' && over.opacity !== '0' && over.maskImage === 'none', own.backgroundImage.includes('check'), own.backgroundColor === own.borderTopColor] }"""
    )
    assert covers == [False, True, True]
