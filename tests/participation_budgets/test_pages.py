"""The pages of a round: who sees what, what is refused, how many questions they ask the database."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianxi.commons.accounts.models import Account
from lianxi.participation.budgets import services
from lianxi.participation.budgets.models import Ballot, Proposal, Round, Sheet
from tests.street import NOON

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _nobody_guessed_before(db: None, settings: Any) -> None:
    cache.clear()
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def desk(street: SimpleNamespace) -> Any:
    """`desk("clerk")`: a browser with that person logged in."""

    def client(name: str) -> Client:
        person = street.people[name]
        account, _new = Account.objects.get_or_create(person=person, defaults={"username": f"p{person.pk}"})
        made = Client()
        made.force_login(account, backend=BACKEND)
        return made

    return client


def test_every_page_of_every_state_opens_in_both_languages(walk: Any, desk: Any) -> None:
    client, anybody = desk("director"), Client()
    for state in ("draft", "proposing", "project_review", "voting", "counting", "displayed", "published"):
        pk = walk(state).round.pk
        for language in ("zh-hans", "en"):
            for one in (client, anybody):
                one.cookies["language"] = language
            pages = [client.get(f"/rounds/{pk}/"), anybody.get(f"/projects/{pk}/")]
            assert [page.status_code for page in pages] == [200, 404 if state == "draft" else 200], state
            if language == "en":
                # what people typed stays as it is; everything that the page says itself is English
                for page in pages:
                    text = re.sub(
                        r"<[^>]+>|路灯|喷泉|坡道|要修|楼道小项目|服务群众经费|[望槐听松砚湖]{2}\w*|\w*沈既白|林岚|温如许",
                        "",
                        page.content.decode(),
                    )
                    left = [w for w in re.findall(r"[\u4e00-\u9fff]+", text) if w not in ("中文", "长辈版", "联席")]
                    assert not [w for w in left if w in ("提的项目", "结果", "买下", "预算", "投票", "计票")], left
    for address in ("/rounds/", "/rounds/new/", "/rounds/import/", "/rounds/?view=ended"):
        assert client.get(address).status_code == 200
    assert anybody.get("/projects/").status_code == 200


def test_nobody_decides_on_what_was_not_on_the_page(walk: Any, desk: Any) -> None:
    """Who reviews a proposal on an old page is told, and loses nothing of what was typed."""
    walked = walk("project_review")
    found = Proposal._base_manager.filter(round=walked.round.pk, state="proposed").first()
    assert found is not None
    client, page = desk("director"), f"/rounds/proposals/{found.pk}/decline/"
    old = re.search(r'name="seen" value="(\d+)"', client.get(page).content.decode())
    assert old
    Proposal._base_manager.filter(pk=found.pk).update(version=found.version + 1)
    late = client.post(page, {"reason": "费用算错了", "seen": old[1]})
    assert late.status_code == 409
    assert "费用算错了" in late.content.decode()
    found.refresh_from_db()
    assert found.state == "proposed"


def test_a_round_walked_through_the_pages(street: SimpleNamespace, desk: Any) -> None:
    director, secretary, handler, clerk, anybody = (
        desk("director"),
        desk("secretary"),
        desk("handler"),
        desk("clerk"),
        Client(),
    )
    unit = street.wanghuai_committee.pk
    made = director.post(
        "/rounds/new/", {"unit": unit, "title": "一轮", "budget": 100, "source": "经费", "studied_on": "2025-01-01"}
    )
    one = Round._base_manager.get()
    assert made.headers["Location"] == f"/rounds/{one.pk}/"

    def step(client: Client, verb: str, **values: Any) -> None:
        assert client.get(f"/rounds/{one.pk}/{verb}/").status_code == 200
        assert client.post(f"/rounds/{one.pk}/{verb}/", values).status_code == 302, verb

    step(director, "open")
    for title in ("路灯", "坡道"):
        said = anybody.post(
            f"/projects/{one.pk}/propose/", {"title": title, "text": "修", "asked": 40, "contact": "13900000000"}
        )
        assert said.status_code == 200
    assert anybody.post(f"/projects/{one.pk}/propose/", {"title": ""}).status_code == 422
    step(director, "close_proposals")
    assert anybody.post(f"/projects/{one.pk}/propose/", {"title": "x", "text": "y"}).status_code == 422
    for proposal in Proposal._base_manager.all():
        assert handler.post(f"/rounds/proposals/{proposal.pk}/admit/", {"cost": 40}).status_code == 302
    step(secretary, "open_vote")
    sheet = clerk.post(f"/rounds/{one.pk}/slips/", {"number": 3}).content.decode()
    codes = re.findall(r'lx-code-big">([0-9A-Z-]+)<', sheet)
    assert len(codes) == 3
    assert clerk.post(f"/rounds/{one.pk}/roll/", {"name": "甲", "door": "1", "kind": "code"}).status_code == 302
    assert clerk.post(f"/rounds/{one.pk}/roll/", {"name": "甲", "door": "1", "kind": "paper"}).status_code == 422
    assert clerk.post(f"/rounds/{one.pk}/roll/", {"name": "乙", "door": "1", "kind": "paper"}).status_code == 302
    assert anybody.get(f"/projects/vote/{codes[0]}/").status_code == 200
    assert anybody.post("/projects/vote/", {"code": codes[0]}).status_code == 200
    cast = anybody.post("/projects/ballot/", {"code": codes[0], "choices": ["1"]}, follow=True)
    receipt = re.search(r'lx-code-big">([0-9A-Z-]+)<', cast.content.decode())
    assert receipt is not None
    assert anybody.post("/projects/ballot/", {"code": codes[0], "choices": ["1"]}).status_code == 422
    assert Ballot._base_manager.count() == 1
    step(director, "close_vote")
    for client in (clerk, handler):
        assert client.get(f"/rounds/{one.pk}/sheets/").status_code == 200
        assert client.post(f"/rounds/{one.pk}/sheets/", {"number": 1, "choices": ["2"]}).status_code == 302
    assert Sheet._base_manager.get().agreed
    step(director, "count")
    refused = director.post(f"/rounds/{one.pk}/display/")
    assert refused.status_code == 422
    assert anybody.get(f"/projects/{one.pk}/certificate.json").status_code == 404
    step(secretary, "display")
    early = secretary.post(f"/rounds/{one.pk}/publish/")
    assert early.status_code == 422
    assert "公示满15日" in early.content.decode()
    page = anybody.get(f"/projects/{one.pk}/").content.decode()
    assert "路灯" in page
    own = anybody.post(f"/projects/{one.pk}/share/", {"code": receipt[1]})
    assert "您的票选了" in own.content.decode()
    assert anybody.post(f"/projects/{one.pk}/share/", {"code": "23456-789AB"}).status_code == 422
    like = anybody.post(f"/projects/{one.pk}/share/", {"choices": ["2"]})
    assert "这样一张票选了" in like.content.decode()
    certificate = json.loads(anybody.get(f"/projects/{one.pk}/certificate.json").content)
    assert certificate["format"] == "lianxi-equal-shares/1"
    assert anybody.get(f"/projects/{one.pk}/ballots.pb").content.startswith(b"META")
    assert b"def check(" in anybody.get("/projects/verifier.py").content


def test_strangers_meet_nothing_at_the_desk(street: SimpleNamespace, walk: Any, desk: Any) -> None:
    pk = walk("published").round.pk
    for name in ("outsider", "estate_head", "other_handler", "works_head", "resident"):
        client = desk(name)
        for part in ("", "roll/", "slips/", "sheets/", "count/", "file.pb", "certificate.json"):
            assert client.get(f"/rounds/{pk}/{part}").status_code == 404, (name, part)
        assert "楼道小项目" not in client.get("/rounds/").content.decode()
        assert client.get("/rounds/new/").status_code in (403, 200)
    assert Client().get(f"/rounds/{pk}/").status_code == 302
    assert desk("publisher").get(f"/rounds/{pk}/roll/").status_code == 403
    gone = walk("draft").round
    services.withdraw(gone, reason="不办了", actor=street.actor(street.secretary), at=NOON)
    assert Client().get(f"/projects/{gone.pk}/").status_code == 404


def test_no_page_joins_a_person_and_a_ballot(walk: Any, desk: Any) -> None:
    made = walk("counting")
    for path in ("", "roll/"):
        text = desk("director").get(f"/rounds/{made.round.pk}/{path}").content.decode()
        for code in (*made.codes, *made.receipts):
            assert code not in text
            assert code.replace("-", "") not in text
        assert "居民0" not in text  # names on the roll are masked


def test_guessing_codes_is_slowed_down(walk: Any) -> None:
    walk("voting")
    client = Client()
    answers = [client.post("/projects/vote/", {"code": "23456-789A" + c}).content.decode() for c in "ABCDEFG"]
    assert "没有这个投票码" in answers[0]
    assert "输错的次数太多了" in answers[-1]


@pytest.mark.parametrize(("name", "address", "most"), [("director", "/rounds/{pk}/", 36), ("director", "/rounds/", 16), ("", "/projects/{pk}/", 14), ("", "/projects/", 8)])  # fmt: skip
def test_pages_ask_few_questions(walk: Any, desk: Any, name: str, address: str, most: int) -> None:
    small = walk("published").round
    large = walk("published", projects=tuple((f"项目{n}", 9 + n) for n in range(12)), ballots=tuple([n % 12 + 1, 3] for n in range(20))).round  # fmt: skip
    client = desk(name) if name else Client()
    counts = []
    for one in (small, large):
        client.get(address.format(pk=one.pk))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address.format(pk=one.pk)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= most, counts


def test_the_words_of_an_english_reader(walk: Any) -> None:
    from lianxi.participation.budgets import queries

    with translation.override("en"):
        shown = queries.public_result(walk("published").round)
        assert shown is not None
        assert "bought" in shown.lines[0].says
