"""What everybody sees of a secret vote: before it, in the hall, the check codes, the result and how to check it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lianxi.commons.ballotbox.queries.public import cleaned
from tests.commons_ballotbox.conftest import Vote
from tests.engines_ballots.tool import needs_tool

pytestmark = pytest.mark.django_db


def _browser(language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies["language"] = language
    return client


def test_a_draft_is_nobodys_business(led: Callable[..., Vote]) -> None:
    vote = led("draft")
    for page in ("", "ballots/", "ballots/print/", "hall/", "hall/count/"):
        assert _browser().get(f"/vote/{vote.poll.uuid}/{page}").status_code == 404


def test_before_the_vote_it_says_what_and_by_whom(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    said = _browser().get(f"/vote/{vote.poll.uuid}/").content.decode()
    for one in vote.trustees:
        assert one.name in said
    assert "还没有开始投票" in said
    assert "档案" not in said
    assert _browser().get(f"/vote/{vote.poll.uuid}/ballots/").status_code == 404


@pytest.mark.parametrize("state", ["poll_closed", "counted"])
def test_no_result_before_it_is_published(led: Callable[..., Vote], state: str) -> None:
    vote = led(state)
    said = _browser().get(f"/vote/{vote.poll.uuid}/").content.decode()
    assert "占应到" not in said
    assert "archive.bel" not in said


def test_a_check_code_is_found_however_it_is_typed(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    receipt = vote.cast(0)
    first = vote.cast(1)
    again = vote.cast(1, [[0, 1], [0, 1]])
    where = f"/vote/{vote.poll.uuid}/ballots/"
    said = _browser().get(where).content.decode()
    assert receipt.code in said
    assert again.code in said
    assert first.code not in said  # only the last ballot of a card counts
    for typed in (receipt.code, receipt.code.replace("-", "").lower(), f" {receipt.code} "):
        assert "在票箱里，算数" in _browser().get(where, {"q": typed}).content.decode()
    assert "没有找到这个核对码" in _browser().get(where, {"q": first.code}).content.decode()
    for slip in ("<script>", first.code[:-1]):
        told = _browser().get(where, {"q": slip}).content.decode()
        assert "这不是核对码" in told
        assert "马上告诉监票人" not in told  # a slip of the finger is no alarm
    codes = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}(?=</li>)", said)
    assert codes == sorted(codes)
    assert receipt.code in _browser("en").get(f"{where}print/").content.decode()


def test_signs_that_look_alike_are_read_as_one() -> None:
    assert cleaned("oil0-1abc") == "0110-1ABC"
    assert cleaned("k3m9 7qpx") == "K3M9-7QPX"
    assert cleaned("ｋ３ｍ９－７ｑｐｘ") == cleaned("K3M9—7QPX") == "K3M9-7QPX"  # noqa: RUF001 - as an input method gives it
    assert cleaned("k3m9") == cleaned("k3m9-7qpu") == ""


def test_the_hall_shows_how_many_and_nothing_else(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    vote.cast(0)
    page = _browser().get(f"/vote/{vote.poll.uuid}/hall/count/").content.decode()
    assert ">1<" in page
    assert 'hx-trigger="every 5s"' in page
    whole = _browser().get(f"/vote/{vote.poll.uuid}/hall/").content.decode()
    assert "居民0" not in whole
    vote = led("poll_closed")
    assert "hx-trigger" not in _browser().get(f"/vote/{vote.poll.uuid}/hall/count/").content.decode()


def test_a_page_of_a_vote_makes_no_session(led: Callable[..., Vote]) -> None:
    vote = led("published")
    client = _browser()
    for page in ("", "ballots/", "hall/"):
        answer = client.get(f"/vote/{vote.poll.uuid}/{page}")
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies


@needs_tool
def test_the_commands_of_the_page_verify_the_archive(led: Callable[..., Vote], tmp_path: Path) -> None:
    vote = led("published", kind="candidates", most=2, voters=3)
    page = _browser("en").get(f"/vote/{vote.poll.uuid}/").content.decode()
    assert "How" in page or "verifier" in page
    ours, hinted, theirs = re.findall(r"<pre[^>]*><code>(.*?)</code>", page)
    answer = _browser().get(f"/vote/{vote.poll.uuid}/archive.bel")
    (tmp_path / f"{vote.poll.uuid}.bel").write_bytes(b"".join(answer))
    checked = subprocess.run(
        ["sh", "-c", theirs.replace("&amp;", "&")], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    from lianxi.portal.reckoning.election import checked as verified

    words = ours.split()
    count, mark = words[words.index("--credentials-count") + 1], words[words.index("--credentials-fingerprint") + 1]
    report = verified(tmp_path / f"{vote.poll.uuid}.bel", count=int(count), fingerprint=mark, workers=1)
    assert report.wrong == []
    assert hinted == f"{ours} --hints {vote.poll.uuid}.hints"
