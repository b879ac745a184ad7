"""The voter's walk in a real browser before the real box: card, marks, review, sending, the code; and what goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lianxi.commons.ballotbox import services
from tests.browser import DESK, PHONE, Visit, small_targets, too_wide, violations

from .booths import Voter, codes, stored, texts
from .conftest import CANDIDATES, ROSTER, Vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Led = Callable[..., Vote]
ANSWER = "**/ballots"


def candidates(led: Led, **more: Any) -> Vote:
    return led(kind="candidates", most=2, roster=ROSTER, **more)


@pytest.mark.parametrize(("width", "language", "elder"), [(PHONE, "zh-hans", False), (PHONE, "en", False), (DESK, "zh-hans", False), (DESK, "en", False), (PHONE, "zh-hans", True), (PHONE, "en", True)])  # fmt: skip
def test_a_vote_for_candidates(visit: Visit, led: Led, width: int, language: str, elder: bool) -> None:
    vote = candidates(led)
    voter = Voter(visit, vote, width=width, language=language, elder=elder)
    seen = [("begin", violations(voter.page))]
    voter.mark("favour", "oppose", "", "abstain")
    voter.page.locator("#other-1").select_option("己")
    assert "2" in voter.page.locator("[data-count]").inner_text()
    voter.shoot("marked")
    seen.append(("marked", violations(voter.page)))
    assert (small_targets(voter.page), too_wide(voter.page)) == ([], [])
    assert not elder or voter.small_type() == []
    lines = voter.look()
    assert not elder or voter.small_type() == []
    assert [line.split()[0] for line in lines] == list(CANDIDATES)
    assert "己" in lines[1]
    voter.shoot("review")
    seen.append(("review", violations(voter.page)))
    code = voter.cast()
    voter.shoot("done")
    seen.append(("done", violations(voter.page)))
    assert (small_targets(voter.page), too_wide(voter.page)) == ([], [])
    assert codes(vote.poll) == [code]
    assert [one for one in seen if one[1]] == []
    assert voter.page.said == []
    assert stored(voter.page) == []
    assert voter.page.evaluate("document.activeElement.innerText") == voter.words["in"]


def test_counted_as_marked(visit: Visit, led: Led) -> None:
    """What the voter marked is what the box adds up."""
    vote = candidates(led, voters=3)
    voter = Voter(visit, vote)
    voter.mark("favour", "oppose", "abstain", "oppose")
    voter.page.locator("#other-3").select_option("戊")
    voter.look()
    voter.cast()
    for other in (1, 2):
        vote.cast(other, (["弃权"] * 4, []))
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    for one in vote.trustees[:2]:
        vote.hand_in(one, "share", vote.share(one))
    services.count(vote.poll.pk, **vote.job("count"))
    from lianxi.commons.ballotbox.models import Blob, Entry

    payload = Entry._base_manager.get(poll=vote.poll.pk, kind="Result").payload
    result = json.loads(bytes(Blob._base_manager.get(poll=vote.poll.pk, hash=payload).text))["result"]
    assert result[:5] == [[1, 0, 0, 0, 1, 0], [1, 0], [0, 1], [0, 0], [0, 1]]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_motions(visit: Visit, led: Led, language: str) -> None:
    vote = led(kind="motions", revote=False)
    voter = Voter(visit, vote, language=language)
    voter.mark("favour", "")
    voter.shoot("marked")
    assert (violations(voter.page), too_wide(voter.page)) == ([], [])
    lines = voter.look()
    assert len(lines) == 2
    voter.shoot("review")
    code = voter.cast()
    assert codes(vote.poll) == [code]
    # Only one ballot: a second one is refused in the voter's language, and nothing is added.
    second = Voter(visit, vote, language=language)
    second.mark("oppose", "oppose")
    second.look()
    second.press("cast")
    second.page.locator("[data-part-stopped]").wait_for()
    second.shoot("stopped")
    said = second.page.locator("[data-stopped]").inner_text()
    assert ("已经投过票" if language == "zh-hans" else "has voted") in said
    assert violations(second.page) == []
    assert codes(vote.poll) == [code]
    assert stored(second.page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_choice_up_to_so_many(visit: Visit, led: Led, language: str) -> None:
    vote = led(kind="choice", most=2, items=["修亭子", "加路灯", "换长椅", "画车位"])
    voter = Voter(visit, vote, language=language)
    voter.press("look")
    assert voter.page.locator("[data-need]").is_visible()
    voter.choose(0, 2, 3)
    assert voter.page.locator("[data-item='0'] [value='3']").is_checked() is False
    assert "2" in voter.page.locator("[data-need]").inner_text()
    voter.shoot("limit")
    assert (violations(voter.page), small_targets(voter.page), too_wide(voter.page)) == ([], [], [])
    voter.page.locator("label:has([value=blank])").click()
    assert voter.page.locator("[data-item='0'] :checked").count() == 1
    voter.choose(1)
    assert voter.page.locator("[value=blank]").is_checked() is False
    lines = voter.look()
    assert "加路灯" in lines[0]
    voter.shoot("review")
    assert codes(vote.poll) == []
    assert voter.cast() in codes(vote.poll)


def test_the_limit_of_those_in_favour(visit: Visit, led: Led) -> None:
    voter = Voter(visit, candidates(led))
    voter.mark("favour", "favour", "oppose", "favour")
    assert voter.page.locator("[data-item='3'] :checked").count() == 0
    assert "最多赞成2位" in voter.page.locator("[data-need]").inner_text()
    voter.shoot("limit", whole=False)
    voter.page.locator("#other-2").select_option("戊")
    assert voter.page.locator("#other-2").input_value() == ""
    voter.mark("abstain")
    assert voter.page.locator("[data-need]").is_hidden()
    voter.page.locator("#other-2").select_option("戊")
    assert "2 / 最多 2" in voter.page.locator("[data-count]").inner_text()
    # Somebody is written in only in the place of one who is opposed.
    voter.mark("", "", "abstain")
    assert voter.page.locator("select").count() == 0
    assert "1 / 最多 2" in voter.page.locator("[data-count]").inner_text()
    voter.mark("", "oppose", "oppose")
    voter.page.locator("#other-1").select_option("戊")
    assert voter.page.locator("#other-2 option[value=戊]").is_disabled()


def test_the_card_is_typed(visit: Visit, led: Led) -> None:
    vote = led()
    voter = Voter(visit, vote, card=None)
    page, field, wrong = voter.page, voter.page.locator("#code"), voter.page.locator("#code-wrong")
    voter.shoot("no-card")
    large = Voter(visit, vote, card=None, elder=True)
    assert large.small_type() == []
    assert (too_wide(large.page), small_targets(large.page)) == ([], [])
    large.shoot("no-card")
    assert (violations(page), small_targets(page), too_wide(page)) == ([], [], [])
    voter.press("look")
    assert wrong.is_visible()
    assert page.evaluate("document.activeElement.id") == "code"
    card = vote.cards[1]
    field.press_sequentially("ab!")
    page.get_by_text("“!”").wait_for()
    voter.shoot("wrong-sign", whole=False)
    assert violations(page) == []
    field.fill("")
    field.press_sequentially(card.replace("-", "")[:7])
    page.get_by_text("7 / 15").wait_for()
    assert field.input_value() == f"{card[:3]}-{card[4:7]}-{card[8]}"
    assert wrong.is_hidden()
    last = "1" if card[-1] != "1" else "2"
    field.fill(card[:-1] + last)
    page.get_by_text("有字符打错了").wait_for()
    from lianxi.engines.ballots.credentials import credential

    field.fill(credential(lambda below: below - 1))
    page.get_by_text("名单里没有这张卡").wait_for()
    # Full-width, with dashes of another kind, and a whole link that was pasted.
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "－" for sign in card)
    field.fill(wide)
    page.locator("[data-card-known]").wait_for()
    page.locator("[data-card-other]").click()
    field.fill(f"https://example.org/vote/x/#{card.replace('-', '')}")
    page.locator("[data-card-known]").wait_for()
    voter.mark("favour", "oppose")
    voter.look()
    assert voter.cast() in codes(vote.poll)


@pytest.mark.parametrize("elder", [False, True])
def test_the_card_is_photographed(visit: Visit, led: Led, elder: bool) -> None:
    """Where the browser reads such codes. What it reads is made up here: the browser of the tests cannot."""
    from io import BytesIO

    from PIL import Image

    vote = led()
    voter = Voter(visit, vote, card=None, elder=elder)
    page, read = voter.page, ["", f"https://street.example/vote/x/#{vote.cards[2].replace('-', '')}"]
    page.add_init_script(f"let read = {json.dumps(read)}; window.BarcodeDetector = class {{ async detect() {{ const rawValue = read.shift(); return rawValue ? [{{ rawValue }}] : [] }} }}")  # fmt: skip
    page.reload()
    page.locator("[data-scan]").wait_for()
    voter.shoot("scan", whole=False)
    assert (violations(page), too_wide(page), small_targets(page)) == ([], [], [])
    field = page.locator("#code")
    field.fill(vote.cards[2])
    assert field.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.locator("[data-card-other]").click()
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    file = {"name": "card.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    page.set_input_files("[data-scan-file]", [file])
    page.get_by_text("照片里没有找到码").wait_for()
    page.set_input_files("[data-scan-file]", [file])
    page.locator("[data-card-known]").wait_for()
    voter.mark("favour", "oppose")
    voter.look()
    assert voter.cast() in codes(vote.poll)


def test_the_signs_of_a_link_stay_in_no_address(visit: Visit, led: Led) -> None:
    vote = led()
    voter = Voter(visit, vote)
    asked: list[str] = []
    voter.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    assert "#" not in voter.page.url
    voter.mark("favour", "favour")
    voter.look()
    voter.cast()
    card = vote.cards[0].replace("-", "")
    assert [one for one in asked if card in one or vote.cards[0] in one] == []
    assert card not in voter.page.content()


def test_an_answer_that_was_lost(visit: Visit, led: Led) -> None:
    """The box has the ballot and the answer does not arrive: the same text goes again, and counts once."""
    vote = led()
    voter = Voter(visit, vote)
    voter.mark("favour", "oppose")
    voter.look()

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    voter.page.route(ANSWER, lose)
    voter.press("cast")
    voter.page.locator("[data-part-waiting]").wait_for(timeout=20_000)
    voter.shoot("waiting")
    assert violations(voter.page) == []
    assert len(codes(vote.poll)) == 1
    # Even if the page is loaded again meanwhile.
    voter.page.unroute(ANSWER)
    voter.page.on("dialog", lambda dialog: dialog.accept())
    voter.page.reload()
    voter.page.locator("[data-part-waiting]").wait_for()
    voter.press("again")
    code = voter.is_in()
    assert codes(vote.poll) == [code]
    assert stored(voter.page) == []


def test_no_network(visit: Visit, led: Led) -> None:
    """Sent again by itself when the network is back."""
    vote = led()
    voter = Voter(visit, vote)
    voter.mark("favour", "oppose")
    voter.look()
    voter.page.context.set_offline(True)
    voter.press("cast")
    voter.page.locator("[data-part-waiting]").wait_for(timeout=20_000)
    assert codes(vote.poll) == []
    assert len(stored(voter.page)) == 1
    voter.page.context.set_offline(False)
    code = voter.is_in()
    assert codes(vote.poll) == [code]


def test_closed_meanwhile(visit: Visit, led: Led) -> None:
    vote = led()
    voter = Voter(visit, vote)
    voter.mark("favour", "oppose")
    voter.look()
    services.close_poll(vote.poll, **vote.organiser)
    voter.press("cast")
    voter.page.locator("[data-part-stopped]").wait_for()
    voter.shoot("closed")
    assert "没有计入" in voter.page.locator("[data-stopped]").inner_text()
    assert codes(vote.poll) == []


def test_an_answer_that_was_lost_before_the_end(visit: Visit, led: Led) -> None:
    """What the box had in time is in, however late the voter hears it; what it never got is not, and the page does not say it is."""
    vote = led()
    voters = [Voter(visit, vote, card=card) for card in (0, 1)]
    for voter, arrives in zip(voters, (True, False), strict=True):
        voter.mark("favour", "oppose")
        voter.look()
        voter.page.route(
            ANSWER, (lambda route: (route.fetch(), route.abort())) if arrives else lambda route: route.abort()
        )
        voter.press("cast")
        voter.page.locator("[data-part-waiting]").wait_for(timeout=20_000)
    [code] = codes(vote.poll)
    services.close_poll(vote.poll, **vote.organiser)
    for voter in voters:
        voter.page.unroute(ANSWER)
        voter.press("again")
    assert voters[0].is_in() == code
    voters[1].page.locator("[data-part-stopped]").wait_for()
    assert "可能已经收下" in voters[1].page.locator("[data-stopped]").inner_text()
    assert codes(vote.poll) == [code]


def test_voting_again(visit: Visit, led: Led) -> None:
    vote = led()
    found = []
    for mark in ("favour", "oppose"):
        voter = Voter(visit, vote)
        voter.mark(mark, mark)
        voter.look()
        found.append(voter.cast())
    assert codes(vote.poll) == found
    assert vote.fresh().ballots == 1


def test_by_keyboard_alone(visit: Visit, led: Led) -> None:
    vote = candidates(led)
    voter = Voter(visit, vote, card=None, width=DESK)
    page, keys = voter.page, voter.page.keyboard
    page.locator("#code").focus()
    keys.type(vote.cards[2])
    page.locator("[data-card-known]").wait_for()

    def on_to(selector: str) -> None:
        for _try in range(40):
            keys.press("Tab")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(selector)

    on_to("[name=mark-0]")
    keys.press("Space")
    on_to("[name=mark-1]")
    keys.press("ArrowDown")
    on_to("#other-1")
    keys.type("己")
    on_to("[data-do=look]")
    keys.press("Enter")
    page.locator("[data-part-review]").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "看一遍"
    on_to("[data-do=cast]")
    keys.press("Enter")
    code = voter.is_in()
    assert codes(vote.poll) == [code]
    on_to("[data-do=copy]")


def test_the_progress_is_real_and_the_page_stays_free(visit: Visit, led: Led) -> None:
    """While a long ballot is sealed the bar moves, and frames are drawn between."""
    vote = led(kind="candidates", most=20, items=[f"候选人{at}" for at in range(60)], voters=3)
    voter = Voter(visit, vote)
    voter.mark(*["favour"] * 20)
    voter.look()
    voter.page.evaluate("""() => { window.seen = []; window.gaps = []; let last = performance.now()
        new MutationObserver(() => { const text = document.querySelector('[data-busy-far]').textContent; if (text) window.seen.push(text) })
            .observe(document.querySelector('[data-busy-far]'), { childList: true, characterData: true, subtree: true })
        const frame = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame) }; requestAnimationFrame(frame) }""")  # fmt: skip
    code = voter.cast()
    assert codes(vote.poll) == [code]
    seen = voter.page.evaluate("window.seen")
    done = [int(one.split(" / ")[0]) for one in seen]
    assert len(set(done)) >= 3
    assert done == sorted(done)
    assert seen[-1] == "182 / 182"
    assert max(voter.page.evaluate("window.gaps")) < 1000


def test_back_from_the_review_keeps_the_marks(visit: Visit, led: Led) -> None:
    voter = Voter(visit, led())
    voter.mark("favour", "oppose")
    voter.look()
    voter.page.go_back()
    voter.page.locator("[data-part-voting]").wait_for()
    assert voter.page.locator("[data-sheet] :checked").count() == 2
    assert len(voter.look()) == 2


@pytest.mark.parametrize("form", ["elder", "language"])
def test_another_language_or_size_keeps_card_and_marks(visit: Visit, led: Led, form: str) -> None:
    voter = Voter(visit, led())
    voter.mark("favour", "oppose")
    voter.page.locator(f"header form[action*='{form}'] button").click()
    voter.page.locator("[data-card-known]").wait_for()
    assert voter.page.locator("[data-sheet] :checked").count() == 2
    assert stored(voter.page) == []


def test_without_script_a_sentence_says_what_to_do(visit: Visit, led: Led) -> None:
    page = Voter(visit, led(), script=False).page
    assert page.get_by_text("请换一台设备").is_visible()
    assert page.locator("button:visible", has_text="看一遍").count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_test_ballot_is_opened_and_never_cast(visit: Visit, led: Led, language: str, tmp_path: Any) -> None:
    vote = candidates(led)
    voter = Voter(visit, vote, language=language)
    page = voter.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    voter.mark("favour", "oppose", "abstain", "favour")
    lines = voter.look()
    page.locator("summary").click()
    page.locator("[data-do=try]").click()
    page.locator("[data-part-sealed]").wait_for()
    code = page.locator("[data-test-code]").inner_text()
    voter.shoot("sealed")
    assert (violations(page), too_wide(page)) == ([], [])
    voter.press("open")
    page.locator("[data-part-opened]").wait_for()
    assert page.locator("[data-opened-code]").inner_text() == code
    opened = voter.lines("[data-opened-vote]")
    assert [line.split()[:2] for line in opened] == [line.split()[:2] for line in lines]
    voter.shoot("opened")
    assert (violations(page), too_wide(page)) == ([], [])
    with page.expect_download() as saved:
        page.locator("[data-do=save-test]").click()
    file = tmp_path / "test.json"
    saved.value.save_as(file)
    assert '"signature"' not in file.read_text(encoding="utf-8")
    page.locator("[data-do=anew]").click()
    assert sent == []
    assert codes(vote.poll) == []
    cast = voter.cast()
    assert codes(vote.poll) == [cast]
    answers = json.loads(texts(vote.poll)[0])["answers"]
    assert answers != json.loads(file.read_text(encoding="utf-8"))["ballot"]["answers"]

    other = visit(f"/vote/{vote.poll.uuid}/test/", width=PHONE, language=language)
    other.set_input_files("#test-file", str(file))
    other.locator("[data-test-right]").wait_for()
    assert other.locator("[data-opened-code]").inner_text() == code
    assert (violations(other), too_wide(other), small_targets(other)) == ([], [], [])
    if voter.name.endswith("zh"):
        voter.page = other
        voter.shoot("test-page")
    lie = json.loads(file.read_text(encoding="utf-8"))
    lie["opening"]["choices"][1] = [0, 1]
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(lie, separators=(",", ":")), encoding="utf-8")
    other.set_input_files("#test-file", str(forged))
    other.locator("[data-test-wrong]").wait_for()
    assert other.locator("[data-test-right]").is_hidden()
    assert violations(other) == []
    assert other.said == []


def test_a_sealed_ballot_may_be_cast_after_all(visit: Visit, led: Led) -> None:
    vote = led()
    voter = Voter(visit, vote)
    voter.mark("favour", "oppose")
    voter.look()
    voter.page.locator("summary").click()
    voter.page.locator("[data-do=try]").click()
    voter.page.locator("[data-part-sealed]").wait_for()
    assert codes(vote.poll) == []
    voter.page.locator("[data-do=cast-sealed]").click()
    code = voter.is_in()
    assert codes(vote.poll) == [code]
