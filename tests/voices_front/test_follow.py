"""Following with a code: what is shown, what is never shown, guesses, rating and supplement."""

import datetime as dt
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxi.participation.voices import services
from lianxi.participation.voices.models import Photo, Supplement, Voice
from lianxi.participation.voices.queries import front
from lianxi.participation.voices.workflow import WALK

from .conftest import Followed, every_table, jpeg

Raised = Callable[..., Followed]


def wrong(n: int) -> str:
    return f"YH-ZZZZ-{n:04d}"


def test_any_way_of_writing_the_code_leads_to_the_one_on_the_receipt(raised: Raised, phone: Client) -> None:
    _voice, code = raised()
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        code[3:],
        code.replace("0", "O").replace("1", "l"),
    ):
        answer = phone.post("/follow/", {"code": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"/follow/{code}/"), typed
    page = phone.get(f"/follow/{code}/")
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("typed", ["", "YH-", "不是收件码", "YH-ZZZZ-0000", "a" * 5000, "' OR 1=1 --", "\x00\u202e"])
def test_a_wrong_code_is_answered_in_words(street: SimpleNamespace, phone: Client, typed: str) -> None:
    page = phone.post("/follow/", {"code": typed})
    assert page.status_code in (404, 422)
    assert "lx-error" in page.content.decode()


def test_guessing_is_stopped_and_the_right_code_works_after_the_pause(
    raised: Raised, phone: Client, monkeypatch: Any
) -> None:
    _voice, code = raised()
    for n in range(5):
        assert phone.get(f"/follow/{wrong(n)}/").status_code == 404
    page = phone.get(f"/follow/{wrong(6)}/")
    assert page.status_code == 429
    assert "没有失效" in page.content.decode()
    assert phone.get(f"/follow/{code}/").status_code == 429
    assert Client().get(f"/follow/{code}/", REMOTE_ADDR="192.0.2.9").status_code == 200
    from django.utils import timezone

    later = timezone.now() + dt.timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert phone.get(f"/follow/{code}/").status_code == 200


def test_who_has_shown_the_code_is_not_stopped_by_a_slip(raised: Raised, phone: Client) -> None:
    _voice, code = raised()
    assert phone.get(f"/follow/{code}/").status_code == 200
    for n in range(7):
        phone.get(f"/follow/{wrong(n)}/")
    assert phone.get(f"/follow/{code}/").status_code == 200


def test_guessing_from_many_places_leaves_one_wrong_code_to_each(raised: Raised, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.wrong_code_all": ((10, 1_000_000),)}  # no full hour in between
    _voice, code = raised()
    for n in range(10):
        assert Client().get(f"/follow/{wrong(n)}/", REMOTE_ADDR=f"198.51.100.{n}").status_code == 404
    one = "198.51.100.200"
    assert Client().get(f"/follow/{code}/", REMOTE_ADDR=one).status_code == 200
    assert Client().get(f"/follow/{wrong(50)}/", REMOTE_ADDR=one).status_code == 404
    assert Client().get(f"/follow/{wrong(51)}/", REMOTE_ADDR=one).status_code == 429
    assert Client().get(f"/follow/{wrong(52)}/", REMOTE_ADDR="198.51.100.3").status_code == 429


def test_neighbours_in_one_ipv6_network_count_as_one(raised: Raised) -> None:
    for n in range(5):
        Client().get(f"/follow/{wrong(n)}/", REMOTE_ADDR=f"2001:db8:1:2::{n:x}")
    assert Client().get(f"/follow/{wrong(9)}/", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert Client().get(f"/follow/{wrong(9)}/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


def test_no_code_comes_into_the_log(raised: Raised, phone: Client, caplog: pytest.LogCaptureFixture) -> None:
    _voice, code = raised()
    caplog.set_level(logging.DEBUG)
    phone.get(f"/follow/{code}/")
    for n in range(6):
        phone.get(f"/follow/{wrong(n)}/")
    phone.post("/follow/", {"code": wrong(7)})
    said = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("django.") and "backends" not in record.name
    ]
    assert not [line for line in said if code in line or "ZZZZ" in line]


def test_the_answer_and_the_walk_in_plain_words(answered: Raised, phone: Client, street: SimpleNamespace) -> None:
    voice, code = answered()
    page = phone.get(f"/follow/{code}/").content.decode()
    for words in (
        "已答复",
        "等您评价",
        "已接好线路",
        "电话联系过您",
        "通话3分钟",
        "换了4盏灯头",
        "望槐社区居委会负责",
        "《信访工作条例》",
        "30日",
    ):
        assert words in page, words
    assert "陆砚秋" in page
    for name in ("周亦远", "沈既白", "许知行", "13900000417", "139"):
        assert name not in page, name
    assert page.count("checked") == 0


def test_every_verb_has_words_or_is_hidden(raised: Raised) -> None:
    voice, _code = raised()
    names = front._Names(voice, [])
    for verb in [*WALK.by_verb, "raise"]:
        if verb in front.HIDDEN:
            continue
        event = SimpleNamespace(verb=verb, facts={}, reason="", at=voice.received_at)
        assert front._words(event, names, [], [])[1], verb
    assert set(WALK.by_verb) >= front.HIDDEN


def test_what_is_settled_inside_is_not_told(
    street: SimpleNamespace, raised: Raised, phone: Client, now: dt.datetime
) -> None:
    s, act = street, street.actor
    voice, code = raised()
    services.accept(voice, actor=act(s.dispatcher), at=now)
    voice = services.dispatch(voice, to=s.works, actor=act(s.dispatcher), at=now)
    services.object_to_dispatch(voice, reason="内部理由甲，不归我们管", actor=act(s.works_handler), at=now)
    voice = services.dispatch(voice, to=s.wanghuai_committee, actor=act(s.dispatcher), at=now, reason="内部理由乙")
    voice = services.take_in_hand(voice, handler=s.handler, actor=act(s.handler), at=now)
    services.write_note(voice, text="内部备注丙", actor=act(s.handler), at=now)
    services.ask_extension(voice, days=3, reason="要等配件，外地发货", actor=act(s.handler), at=now)
    page = phone.get(f"/follow/{code}/").content.decode()
    for words in ("内部理由甲", "内部理由乙", "内部备注丙", "要等配件", "何叙言", "异议"):
        assert words not in page, words
    services.grant_extension(voice, actor=act(s.director), at=now, decision="内部批语丁")
    page = phone.get(f"/follow/{code}/").content.decode()
    assert "要等配件，外地发货" in page
    assert "内部批语丁" not in page


def test_rating_well_closes_and_says_so(answered: Raised, phone: Client) -> None:
    voice, code = answered()
    phone.get(f"/follow/{code}/")
    answer = phone.post(
        "/follow/rate/", {"code": code, "r-solved": "yes", "r-satisfied": "fairly", "r-comment": "谢谢师傅"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/follow/{code}/")
    voice.refresh_from_db()
    assert (voice.state, voice.solved_resident, voice.satisfied, voice.comment) == (
        "closed",
        "yes",
        "fairly",
        "谢谢师傅",
    )
    page = phone.get(f"/follow/{code}/").content.decode()
    assert "记下了：解决了。" in page
    assert "您的评价" in page
    again = phone.post("/follow/rate/", {"code": code, "r-solved": "no", "r-satisfied": "no"}, follow=True)
    assert "没有再改" in again.content.decode()
    voice.refresh_from_db()
    assert voice.solved_resident == "yes"


def test_rating_badly_names_the_day_of_the_second_handling(answered: Raised, phone: Client) -> None:
    voice, code = answered()
    page = phone.post(
        "/follow/rate/", {"code": code, "r-solved": "no", "r-satisfied": "yes"}, follow=True
    ).content.decode()
    voice.refresh_from_db()
    assert voice.state == "unsatisfied"
    assert "记下了：没有解决。" in page
    assert f"{front.day_words(voice.due_at)}前重新办理" in page  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed", [{}, {"r-solved": "yes"}, {"r-satisfied": "yes"}, {"r-solved": "maybe", "r-satisfied": "yes"}]
)
def test_both_are_asked_and_what_was_written_stays(answered: Raised, phone: Client, typed: dict[str, str]) -> None:
    _voice, code = answered()
    phone.get(f"/follow/{code}/")
    before = every_table()
    page = phone.post("/follow/rate/", {"code": code, "r-comment": "写了很多话"} | typed)
    assert page.status_code == 422
    assert "写了很多话" in page.content.decode()
    assert every_table() == before


def test_a_supplement_with_a_photo_arrives_once(raised: Raised, phone: Client) -> None:
    voice, code = raised()
    typed = {"code": code, "a-text": "昨晚又坏了一盏。"}
    for _ in range(2):
        answer = phone.post("/follow/add/", typed | {"a-photos": SimpleUploadedFile("a.jpg", jpeg())})
        assert answer.status_code == 302
    assert [one.text for one in Supplement._base_manager.all()] == ["昨晚又坏了一盏。"]
    assert Photo._base_manager.count() == 1
    assert "昨晚又坏了一盏。" in phone.get(f"/follow/{code}/").content.decode()


def test_a_refused_photo_keeps_the_words_and_can_be_sent_again(raised: Raised, phone: Client) -> None:
    _voice, code = raised()
    typed = {"code": code, "a-text": "昨晚又坏了一盏。"}
    before = every_table()
    page = phone.post("/follow/add/", typed | {"a-photos": SimpleUploadedFile("a.jpg", b"no picture")})
    assert page.status_code == 422
    assert "昨晚又坏了一盏。" in page.content.decode()
    assert every_table() == before
    assert phone.post("/follow/add/", typed).status_code == 302
    assert Supplement._base_manager.count() == 1


def test_the_answer_to_a_question_starts_the_clock_again(
    street: SimpleNamespace, raised: Raised, phone: Client, now: dt.datetime
) -> None:
    s, act = street, street.actor
    voice, code = raised()
    services.accept(voice, actor=act(s.dispatcher), at=now)
    services.dispatch(voice, to=s.wanghuai_committee, actor=act(s.dispatcher), at=now)
    services.take_in_hand(voice, handler=s.handler, actor=act(s.handler), at=now)
    services.ask_resident(voice, question="请问是哪几盏灯？", actor=act(s.handler), at=now)
    page = phone.get(f"/follow/{code}/").content.decode()
    assert "请问是哪几盏灯？" in page
    assert "等您补充" in page
    phone.post("/follow/add/", {"code": code, "a-text": "靠北门的四盏。"})
    voice.refresh_from_db()
    assert voice.state == "in_hand"


def test_a_declined_matter_shows_why_and_the_right_door(
    street: SimpleNamespace, raised: Raised, phone: Client, now: dt.datetime
) -> None:
    voice, code = raised()
    services.decline(
        voice,
        exit="other_procedure",
        reason="归法院管，请去区法院立案窗口。",
        actor=street.actor(street.dispatcher),
        at=now,
    )
    page = phone.get(f"/follow/{code}/").content.decode()
    assert "归法院管，请去区法院立案窗口。" in page
    assert "诉讼" in page
    assert "交补充" not in page


def test_the_form_of_one_matter_does_not_reach_another(
    raised: Raised, answered: Raised, phone: Client, street: SimpleNamespace
) -> None:
    mine, code = raised()
    other, _other_code = answered(text="别人的事，和我没有关系。")
    phone.get(f"/follow/{code}/")
    assert phone.post("/follow/rate/", {"own": other.pk, "r-solved": "yes", "r-satisfied": "yes"}).status_code == 404
    from lianxi.commons.accounts.models import Account

    staff = Client()
    staff.force_login(Account.objects.create_user("luyanqiu", "a-long-password", person=street.handler))
    assert staff.post("/follow/rate/", {"own": other.pk, "r-solved": "yes", "r-satisfied": "yes"}).status_code == 404
    assert staff.get(f"/my/voices/{other.pk}/").status_code == 404
    assert Voice._base_manager.get(pk=other.pk).state == "answered"


def test_the_accused_does_not_meet_it_even_with_the_code(street: SimpleNamespace, raised: Raised) -> None:
    from lianxi.commons.accounts.models import Account

    _voice, code = raised(accused_units=(street.estate,))
    head = Client()
    head.force_login(Account.objects.create_user("mengzhiqiu", "a-long-password", person=street.estate_head))
    page = head.get(f"/follow/{code}/")
    assert page.status_code == 404
    assert "路灯" not in page.content.decode()


def test_an_old_page_keeps_the_words(answered: Raised) -> None:
    _voice, code = answered()
    strict = Client(enforce_csrf_checks=True)
    strict.get(f"/follow/{code}/")
    before = every_table()
    page = strict.post(
        "/follow/rate/", {"code": code, "r-solved": "yes", "r-satisfied": "yes", "r-comment": "写过的话"}
    )
    assert page.status_code == 422
    assert "写过的话" in page.content.decode()
    page = strict.post("/follow/add/", {"code": code, "a-text": "写过的话二"})
    assert page.status_code == 422
    assert "写过的话二" in page.content.decode()
    assert every_table() == before
