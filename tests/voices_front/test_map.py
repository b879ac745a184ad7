"""The map of the intake: our own drawing, a point only where one was set, and everything without it."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lianxi.commons.refusals import BadInput
from lianxi.commons.units.models import Outline
from lianxi.commons.units.outlines import draw, read_geojson
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Spot, Voice
from tests.browser import PHONE, Visit, small_targets, violations

RING = [[123.0, 30.0], [123.01, 30.0], [123.01, 30.01], [123.0, 30.01], [123.0, 30.0]]
EAST = [[x + 0.01, y] for x, y in RING]
TEXT = "北门口的路灯不亮，晚上看不见台阶。"


def _say(**more: str) -> Any:
    resident = Client(headers={"accept-language": "zh-CN"})
    token = re.search(r'name="token" value="([^"]+)"', resident.get("/say/").content.decode())
    assert token
    return resident.post("/say/", {"text": TEXT, "token": token[1], **more})


def test_the_communities_are_given_as_geojson_in_the_readers_language(street: SimpleNamespace) -> None:
    assert Client().get("/say/map.json").json() == {"type": "FeatureCollection", "features": []}
    draw(street.wanghuai, [RING])
    draw(street.estate, [EAST])  # no community: not on this map
    (one,) = Client(headers={"accept-language": "zh-CN"}).get("/say/map.json").json()["features"]
    assert one["properties"] == {"unit": street.wanghuai.pk, "name": "望槐社区", "label": "望槐"}
    assert one["geometry"]["coordinates"] == [RING]


@pytest.mark.parametrize(
    "rings",
    [None, [], [RING[:3]], [RING[:-1]], [[*RING[:-1], ["a", 1]]], [[[200, 0]] * 4], [[[0, 91]] * 4], [[[0, 0]] * 2001], [[[float("nan"), 0]] * 4]],
)  # fmt: skip
def test_what_is_no_outline_is_refused(street: SimpleNamespace, rings: Any) -> None:
    with pytest.raises(BadInput):
        draw(street.wanghuai, rings)
    assert Outline.objects.count() == 0


def test_a_file_is_read_by_codes_and_all_or_nothing(street: SimpleNamespace, tmp_path: Any, capsys: Any) -> None:
    type(street.wanghuai).objects.filter(pk=street.wanghuai.pk).update(code="999101001001")

    def feature(code: str, rings: Any) -> dict[str, Any]:
        return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": rings}}

    bad = {"type": "FeatureCollection", "features": [feature("999101001001", [RING]), feature("999101001001", [[]])]}
    with pytest.raises(BadInput):
        read_geojson(bad)
    assert Outline.objects.count() == 0
    good = {"type": "FeatureCollection", "features": [feature("999101001001", [RING]), feature("nobody", [RING])]}
    path = tmp_path / "street.geojson"
    path.write_text(json.dumps(good))
    call_command("outlines", str(path))
    assert Outline.objects.get().unit_id == street.wanghuai.pk
    assert "nobody" in capsys.readouterr().out
    path.write_text("{")
    with pytest.raises(CommandError):
        call_command("outlines", str(path))


@pytest.mark.parametrize("spot", ["", "123.1", "a,b", "nan,1", "1e9999,2", "181,0", "0,91", "1,2,3", "<b>,1"])
def test_a_point_that_is_none_is_left_out_and_the_voice_stands(street: SimpleNamespace, spot: str) -> None:
    assert _say(spot=spot).status_code == 302
    assert Voice._base_manager.count() == 1
    assert Spot._base_manager.count() == 0


def test_a_point_is_kept_shown_at_the_desk_never_public_and_erased_at_the_discipline_door(
    street: SimpleNamespace, now: Any
) -> None:
    s = street
    assert _say(spot="123.0051234,30.0049999", place=str(s.wanghuai.pk)).status_code == 302
    spot = Spot._base_manager.get()
    assert (str(spot.longitude), str(spot.latitude)) == ("123.00512", "30.00500")
    from lianxi.participation.voices.queries import record_of

    assert record_of(spot.voice_id, actor=s.actor(s.dispatcher), at=now).spots == [spot]
    voice = Voice._base_manager.get()
    services.discipline_door(voice, actor=s.actor(s.dispatcher), at=now)
    assert Spot._base_manager.count() == 0


def test_a_form_that_comes_back_keeps_the_point(street: SimpleNamespace) -> None:
    page = Client(headers={"accept-language": "zh-CN"}).post("/say/", {"text": "短", "spot": "123.00512,30.00500"})
    assert page.status_code == 422
    assert 'name="spot" id="id_spot" value="123.00512,30.00500"' in page.content.decode()


@pytest.mark.browser
def test_the_own_location_chooses_the_community_and_nothing_leaves_the_house(
    street: SimpleNamespace, visit: Visit
) -> None:
    draw(street.wanghuai, [RING])
    draw(street.tingsong, [EAST])
    here = {"longitude": 123.015, "latitude": 30.005}
    page = visit("/say/", width=PHONE, geolocation=here, permissions=["geolocation"])
    page.locator(".lx-map-area").nth(1).wait_for()
    assert violations(page) == []
    assert [one for one in small_targets(page) if "id_website" not in one] == []
    page.get_by_role("button", name="用我的位置").click()
    page.get_by_text("点在听松社区").wait_for()
    assert page.locator("#id_place").input_value() == str(street.tingsong.pk)
    assert page.locator("#id_spot").input_value() == "123.01500,30.00500"
    page.locator(".lx-map").click(position={"x": 120, "y": 120})
    page.get_by_text("点在望槐社区").wait_for()
    assert page.locator("#id_place").input_value() == str(street.wanghuai.pk)
    page.get_by_role("button", name="去掉图上的点").click()
    assert page.locator("#id_spot").input_value() == ""
    assert violations(page) == []
    assert page.said == []


@pytest.mark.browser
def test_outside_the_street_and_without_leave_the_page_says_so(street: SimpleNamespace, visit: Visit) -> None:
    draw(street.wanghuai, [RING])
    away = visit("/say/", width=PHONE, geolocation={"longitude": 10, "latitude": 10}, permissions=["geolocation"])
    away.get_by_role("button", name="用我的位置").click()
    away.get_by_text("您不在本街道").wait_for()
    denied = visit("/say/", width=PHONE)
    denied.get_by_role("button", name="用我的位置").click()
    denied.get_by_text("没有拿到位置").wait_for()
    assert denied.locator("#id_spot").input_value() == ""


SPEAKS = """() => { window.SpeechRecognition = class { start() { window.heard = this } stop() { this.onend() } } }"""


@pytest.mark.browser
def test_what_is_spoken_is_typed_and_the_page_says_who_may_hear_it(street: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=PHONE)
    page.add_init_script(f"({SPEAKS})()")
    page.reload()
    assert page.get_by_text("浏览器的厂家可能听得到").is_visible()
    page.get_by_role("button", name="用说的").click()
    page.evaluate("heard.onresult({ resultIndex: 0, results: [{ isFinal: false, 0: { transcript: '路灯' } }] })")
    assert page.locator("[data-heard]").inner_text() == "路灯"
    assert page.locator("#id_text").input_value() == ""
    page.evaluate("heard.onresult({ resultIndex: 0, results: [{ isFinal: true, 0: { transcript: '路灯不亮。' } }] })")
    assert page.locator("#id_text").input_value() == "路灯不亮。"
    page.evaluate("heard.onerror({ error: 'not-allowed' })")
    assert "不让用话筒" in page.locator("[data-heard]").inner_text()
    page.get_by_role("button", name="说完了").click()
    assert page.get_by_role("button", name="用说的").get_attribute("aria-pressed") == "false"
    assert violations(page) == []


@pytest.mark.browser
def test_where_nothing_can_be_spoken_or_drawn_nothing_is_offered(street: SimpleNamespace, visit: Visit) -> None:
    page = visit("/say/", width=PHONE)
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not page.get_by_role("button", name="用说的", include_hidden=True).is_visible()
    assert not page.locator(".lx-map").is_visible()
    bare = visit("/say/", width=PHONE, script=False)
    assert not bare.locator(".lx-map").is_visible()
    assert bare.locator("#id_place").is_visible()
