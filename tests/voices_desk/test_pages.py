"""Every page of the desk × the named people × both languages; what is kept away; what is refused."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from lianxi.commons.views.models import SavedView
from lianxi.participation.voices.models import Party, PublicCopy, Voice, VoiceEvent
from lianxi.participation.voices.web.acts import OF_VERB
from lianxi.participation.voices.web.wording import SENTENCES
from lianxi.participation.voices.workflow import WALK

from .test_walk import do

As = Callable[..., Client]
Walked = Callable[..., Voice]
CANARY = "鹭鸶桥头的暗语"

PEOPLE = (
    "dispatcher", "supervisor", "secretary", "handler", "director", "other_handler", "works_handler", "publisher", "clerk",
    "estate_head", "estate_worker", "resident", "outsider",
)  # fmt: skip
STAFF = {"dispatcher", "supervisor", "secretary", "handler", "director", "publisher"}
FIGURES = {"dispatcher", "supervisor", "secretary", "director", "estate_head"}
REGISTERS = {"dispatcher", "supervisor", "clerk"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_for_every_person(street: SimpleNamespace, as_: As, walked: Walked, language: str) -> None:
    voice = walked("in_hand")
    table: dict[str, Callable[[str], int]] = {
        "/today/": lambda who: 200,
        "/today/print/": lambda who: 200,
        "/search/?q=路灯": lambda who: 200,
        "/voices/": lambda who: 200,
        "/voices/?view=late&order=-due&size=10": lambda who: 200,
        "/voices/print/": lambda who: 200,
        "/voices/export.csv": lambda who: 200,
        "/voices/export.xlsx": lambda who: 200,
        "/voices/register/": lambda who: 200 if who in REGISTERS else 403,
        "/voices/figures/": lambda who: 200 if who in FIGURES else 403,
        "/public/figures/": lambda who: 200,
        f"/voices/{voice.pk}/": lambda who: 200 if who in STAFF else 404,
        f"/voices/{voice.pk}/print/": lambda who: 200 if who in STAFF else 404,
        f"/voices/{voice.pk}/versions/": lambda who: 200 if who in STAFF else 404,
        f"/voices/{voice.pk}/do/draft/": lambda who: 404 if who not in STAFF else 200 if who in ("handler", "director", "secretary") else 403,
        f"/voices/{voice.pk}/do/nothing/": lambda who: 404,
    }  # fmt: skip
    wrong = []
    for name in PEOPLE:
        client = as_(getattr(street, name), language)
        for path, expected in table.items():
            page = client.get(path)
            if page.status_code != expected(name):
                wrong.append((name, path, page.status_code, expected(name)))
            if (
                page.status_code == 200
                and "text/html" in page["Content-Type"]
                and f'lang="{language}"' not in page.content.decode()
            ):
                wrong.append((name, path, "language"))
    assert not wrong


def test_the_accused_meets_nothing_on_any_page(
    street: SimpleNamespace, as_: As, walked: Walked, now: dt.datetime
) -> None:
    s = street
    voice = walked("answered", title=CANARY, text=CANARY + "，请查一查。", accused_units=[s.estate])
    pages = [
        "/today/", "/voices/", "/voices/?view=all", f"/voices/?view=all&q={CANARY}", f"/voices/?view=all&q={CANARY[:1]}",
        f"/search/?q={CANARY}", "/voices/export.csv", "/voices/print/", f"/voices/print/?row={voice.pk}", "/voices/figures/",
        "/public/figures/", f"/voices/together/urge/?row={voice.pk}", f"/voices/{voice.pk}/", f"/voices/{voice.pk}/copy/",
        f"/voices/{voice.pk}/versions/", f"/voices/{voice.pk}/print/",
    ]  # fmt: skip
    for who in (s.estate_head, s.estate_worker):
        client = as_(who)
        for path in pages:
            answer = client.get(path, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = (
                body.decode("utf-8", "replace")
                .replace(f"“{CANARY}”", "")
                .replace(f'value="{CANARY}"', "")
                .replace(f"{CANARY} ·", "")
            )
            assert CANARY not in told, path
        for name in ("accept", "urge", "draft", "nothing"):
            assert client.get(f"/voices/{voice.pk}/do/{name}/").status_code == 404
            assert client.post(f"/voices/{voice.pk}/do/{name}/", {"seen": 1}).status_code == 404
        assert client.post(f"/voices/{voice.pk}/reveal/phone/", {"reason": "看看"}).status_code == 404
    assert as_(s.dispatcher).get(f"/voices/{voice.pk}/").status_code == 200


def test_steps_that_are_not_open_stand_on_no_page(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    voice = walked("in_hand")
    page = as_(street.handler).get(f"/voices/{voice.pk}/").content.decode()
    for name in ("accept", "dispatch", "answer", "call_back", "recall", "urge", "second_handling", "reopen"):
        assert f"/do/{name}/" not in page
    assert page.count("btn-primary") == 1
    assert f"/voices/{voice.pk}/do/contact/" in page.split("btn-primary")[1][:200]


def test_the_red_button_unblocks(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    voice = walked("unfinished")
    page = as_(street.handler).get(f"/voices/{voice.pk}/").content.decode()
    assert f'/voices/{voice.pk}/do/draft/"' in page.split("btn-primary")[1][:200]
    assert "补写答复依据" in page
    assert "/do/submit/" not in page


def test_changed_meanwhile_says_who_and_keeps_what_was_typed(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    voice = walked("contacted")
    seen = voice.version
    do(as_(street.director), voice, "progress", words="换了一盏灯头")
    events = VoiceEvent._base_manager.filter(voice=voice).count()
    late = as_(street.handler).post(f"/voices/{voice.pk}/do/progress/", {"seen": seen, "words": "我写的这一段"})
    body = late.content.decode()
    assert late.status_code == 409
    assert "沈既白" in body
    assert "换了一盏灯头" in body
    assert "我写的这一段" in body
    assert VoiceEvent._base_manager.filter(voice=voice).count() == events
    assert f'name="seen" value="{seen + 1}"' in body


def test_a_refused_step_changes_nothing_and_says_what_is_missing(
    street: SimpleNamespace, as_: As, walked: Walked
) -> None:
    voice = walked("unfinished")
    before = Voice._base_manager.filter(pk=voice.pk).values().get()
    answer = do(as_(street.handler), voice, "submit")
    assert answer.status_code == 422
    assert "缺依据" in answer.content.decode()
    assert Voice._base_manager.filter(pk=voice.pk).values().get() == before
    assert do(as_(street.supervisor), voice, "submit").status_code == 403
    assert Voice._base_manager.filter(pk=voice.pk).values().get() == before


def test_dispatch_shows_the_accused_unit_with_the_reason_and_refuses_it(
    street: SimpleNamespace, as_: As, walked: Walked
) -> None:
    s = street
    voice = walked("accepted", accused_units=[s.works])
    client = as_(s.dispatcher)
    page = client.get(f"/voices/{voice.pk}/do/dispatch/").content.decode()
    row = next(part for part in page.split("<label") if "街道市政维修组" in part)
    assert "disabled" in row
    assert "信访工作条例第三十条" in row
    assert do(client, voice, "dispatch", to=s.works.pk, reason="").status_code == 422
    voice.refresh_from_db()
    assert (voice.state, voice.owner) == ("accepted", s.top)


def test_several_at_once_each_by_itself(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    first, second = walked("accepted", title="第一件"), walked("in_hand", title="第二件")
    client = as_(street.dispatcher)
    answer = client.post(
        "/voices/together/dispatch/", {"row": [first.pk, second.pk], "to": street.works.pk, "reason": ""}
    )
    body = answer.content.decode()
    assert "办成1件，共2件" in body
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("dispatched", "in_hand")


def _tabs(client: Client) -> str:
    """The tabs of the list."""
    return client.get("/voices/").content.decode().split('<nav class="lx-tabs"')[1].split("</nav>")[0]


def test_saved_views_are_ones_own_and_deletion_is_taken_back(street: SimpleNamespace, as_: As) -> None:
    client, other = as_(street.dispatcher), as_(street.handler)
    client.post("/views/voices/save/", {"label": "噪声", "query": "topic=noise", "next": "/voices/"})
    view = SavedView.objects.get()
    assert "噪声" in _tabs(client)
    client.post(f"/views/{view.pk}/rename/", {"label": "夜里的噪声", "next": "/voices/"})
    assert other.post(f"/views/{view.pk}/delete/").status_code == 404
    view.refresh_from_db()
    assert (view.label, view.deleted_at) == ("夜里的噪声", None)
    client.post(f"/views/{view.pk}/delete/", {"next": "/voices/"})
    assert "夜里的噪声" not in _tabs(client)
    client.post(f"/views/{view.pk}/restore/")
    assert "夜里的噪声" in client.get("/voices/").content.decode()


def test_pages_of_the_list_meet_every_row_once_both_ways(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    titles = {f"第{n}件事" for n in range(23)}
    for title in titles:
        walked("received", title=title)
    client = as_(street.dispatcher)
    for order in ("due", "-due", "received", "-received"):
        forward, path = [], f"/voices/?size=10&order={order}"
        while path and len(forward) < 9:
            page = client.get(path)
            forward.append([row.voice.title for row in page.context["rows"]])
            last, path = path, "/voices/" + page.context["next"] if page.context["next"] else ""
        assert [len(part) for part in forward] == [10, 10, 3]
        assert {title for part in forward for title in part} == titles
        back = client.get("/voices/" + client.get(last).context["previous"])
        assert [row.voice.title for row in back.context["rows"]] == forward[1]
        first = client.get("/voices/" + back.context["previous"])
        assert [row.voice.title for row in first.context["rows"]] == forward[0]


def test_nothing_found_says_what_to_take_away(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    walked("in_hand")
    page = as_(street.dispatcher).get("/voices/?state=second_handling").content.decode()
    assert "去掉“二次办理”有1件。" in page


def test_a_copy_needs_two_people_and_hides_numbers(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    s = street
    voice = walked("answered", text="请打13900000417找我，3号楼502室。路灯不亮。")
    page = as_(s.handler).get(f"/voices/{voice.pk}/copy/").content.decode()
    assert "■■" in page
    typed = {"title": "路灯不亮", "text": "路灯不亮", "answer": "修好了"}
    bad = as_(s.handler).post(f"/voices/{voice.pk}/copy/", typed | {"text": "请打13900000417"})
    assert bad.status_code == 422
    assert not PublicCopy._base_manager.exists()
    as_(s.publisher).post(f"/voices/{voice.pk}/copy/", typed)
    copy = PublicCopy._base_manager.get()
    assert as_(s.publisher).post(f"/voices/copies/{copy.pk}/", {"do": "publish"}).status_code == 403
    copy.refresh_from_db()
    assert copy.published_at is None
    copy.delete()
    as_(s.handler).post(f"/voices/{voice.pk}/copy/", typed)
    copy = PublicCopy._base_manager.get()
    assert as_(s.publisher).post(f"/voices/copies/{copy.pk}/", {"do": "publish"}).status_code == 302
    assert as_(s.publisher).post(f"/voices/copies/{copy.pk}/", {"do": "withdraw", "reason": ""}).status_code == 422
    as_(s.publisher).post(f"/voices/copies/{copy.pk}/", {"do": "withdraw", "reason": "写错了日期"})
    copy.refresh_from_db()
    assert copy.withdrawn_why == "写错了日期"


def test_register_for_a_visitor_gives_a_receipt_once(street: SimpleNamespace, as_: As) -> None:
    s, client = street, as_(street.clerk)
    typed = {
        "channel": "window",
        "text": "楼道里停满电瓶车，怕着火。",
        "place": s.wanghuai.pk,
        "kind": "help",
        "topic": "safety",
        "naming": "anonymous",
    }
    assert client.post("/voices/register/", typed | {"kind": "discipline"}).status_code == 422
    assert client.post("/voices/register/", typed | {"text": "短"}).status_code == 422
    assert not Voice._base_manager.exists()
    assert client.post("/voices/register/", typed).status_code == 302
    voice = Voice._base_manager.get()
    assert (voice.channel, voice.naming, voice.author) == ("window", "anonymous", None)


def test_today_says_the_one_act_due(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    s = street
    for state, who, act in (
        ("received", s.dispatcher, "accept"),
        ("accepted", s.dispatcher, "dispatch"),
        ("dispatched", s.handler, "take"),
        ("in_hand", s.handler, "contact"),
        ("contacted", s.handler, "draft"),
        ("drafted", s.handler, "submit"),
        ("in_review", s.director, "answer"),
        ("answered", s.supervisor, "call_back"),
        ("call_back", s.supervisor, "call_back_result"),
        ("unsatisfied", s.director, "second_handling"),
    ):  # fmt: skip
        voice = walked(state)
        assert f"/voices/{voice.pk}/do/{act}/" in as_(who).get("/today/").content.decode(), (state, act)
        assert f"/voices/{voice.pk}/" not in as_(s.outsider).get("/today/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_look_at_the_telephone_is_written_down(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    from lianxi.commons.protection.queries import looks_at

    voice, s = walked("in_hand"), street
    page = as_(s.handler).get(f"/voices/{voice.pk}/").content.decode()
    assert "13900000417" not in page
    assert "139****0417" in page
    assert as_(s.secretary).post(f"/voices/{voice.pk}/reveal/phone/", {"reason": "想看"}).status_code == 403
    assert as_(s.handler).post(f"/voices/{voice.pk}/reveal/phone/", {"reason": ""}).status_code == 422
    assert not looks_at(voice).exists()
    shown = as_(s.handler).post(f"/voices/{voice.pk}/reveal/phone/", {"reason": "约上门"})
    assert "13900000417" in shown.content.decode()
    assert [(one.by_name, one.reason) for one in looks_at(voice)] == [("陆砚秋", "约上门")]


def test_every_verb_has_its_sentence_and_staff_verbs_their_form() -> None:
    verbs = {row.verb for row in WALK.rows}
    assert verbs | {"raise"} == set(SENTENCES)
    assert verbs - set(OF_VERB) == {"rate_well", "rate_badly"}


def test_named_later_they_are_kept_away_and_it_is_taken_back(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    s, voice = street, walked("in_hand")
    assert do(as_(s.dispatcher), voice, "name_accused", unit="", person="沈既白").status_code == 302
    voice.refresh_from_db()
    assert (voice.state, voice.accused_any) == ("accepted", True)
    assert Party._base_manager.get(voice=voice).person == s.director
    assert as_(s.director).get(f"/voices/{voice.pk}/").status_code == 404
    assert as_(s.handler).get(f"/voices/{voice.pk}/").status_code == 404


def test_the_checks_shown_are_those_of_the_step_offered(street: SimpleNamespace, as_: As, walked: Walked) -> None:
    """A head may decide on extensions too; where nobody asked for one, nothing is said to be missing."""
    voice = walked("drafted")
    page = as_(street.director).get(f"/voices/{voice.pk}/").content.decode()
    assert "送审要过" in page
    assert "都满足了" in page
    assert "有一份延期申请等审批" not in page


def test_units_that_usually_handle_matters_stand_first(street: SimpleNamespace, walked: Walked) -> None:
    from lianxi.commons.units.models import Unit
    from lianxi.participation.voices.queries.desk import USUAL, may_take

    voice = walked("accepted", place=street.top)
    kinds = dict(Unit.objects.values_list("pk", "kind"))
    usual = [kinds[one.pk] in USUAL for one in may_take(voice, on=dt.date.today()) if not one.barred]
    assert len(set(usual)) == 2
    assert usual == sorted(usual, reverse=True)
