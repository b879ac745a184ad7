"""The booth's page: what it runs and demands, what it says, what it asks of the server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256, sha384
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from lianxi.commons.ballotbox import built
from lianxi.commons.ballotbox.web.booth_words import words
from lianxi.portal.starting.assets import _node
from tests.browser import PHONE, Visit, small_targets, too_wide, violations

from .conftest import Vote

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "lianxi" / "portal" / "built"
Led = Callable[..., Vote]
OURS = ("booth", "card", "sheet", "testing")
SOURCES = "\n".join((ROOT / "booth" / f"{name}.ts").read_text(encoding="utf-8") for name in OURS)


def shown(vote: Vote, language: str = "zh-hans", **more: Any) -> Any:
    client = Client(HTTP_ACCEPT_LANGUAGE=language, **more)
    return client.get(f"/vote/{vote.poll.uuid}/")


@pytest.mark.django_db
def test_one_script_with_its_fingerprint_and_nothing_else(led: Led) -> None:
    answer = shown(led())
    html = answer.content.decode()
    scripts = re.findall(r"<script[^>]*>", html)
    assert len(scripts) == 2
    name, integrity = re.fullmatch(r'<script type="module" src="/static/([^"]+)" integrity="([^"]+)">', scripts[0]).groups()  # type: ignore[union-attr]  # fmt: skip
    content = (FOLDER / name).read_bytes()
    assert integrity == f"sha384-{b64encode(sha384(content).digest()).decode()}"
    assert 'type="application/json"' in scripts[1]
    assert re.findall(r"<link rel=\"stylesheet\"[^>]*>", html) == re.findall(r"<link rel=\"stylesheet\"[^>]*integrity=[^>]*>", html)  # fmt: skip
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["worker-src"] == "blob:"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Integrity-Policy"] == "blocked-destinations=(script)"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_other_pages_start_no_worker(client: Client, led: Led) -> None:
    assert "worker-src" not in client.get("/").headers["Content-Security-Policy"]


def test_the_script_needs_no_other_file() -> None:
    text = (FOLDER / (built.script() or pytest.fail("not built")).name).read_text(encoding="utf-8")
    assert re.findall(r"(?:^|[;}])import\b|\bimport\(|importScripts", text) == []
    manifest = json.loads((FOLDER / "booth.json").read_text(encoding="utf-8"))
    assert list(manifest) == ["booth/booth.ts"]
    assert set(manifest["booth/booth.ts"]) == {"file", "name", "src", "isEntry"}
    assert set(re.findall(r"https?://[^\s\"'`]+", text)) == {"http://www.w3.org/2000/svg"}


def test_every_sentence_of_the_script_is_there_and_none_is_left_over() -> None:
    said = set(re.findall(r"say\((?:[^()]*\? )?'(\w+)'", SOURCES)) | set(re.findall(r"say\([^()]*? : '(\w+)'", SOURCES))
    said |= {"favour", "oppose", "abstain", "too_few"}
    assert said == set(words())
    with translation.override("en"):
        english = words()
    chinese = words()
    for key, sentence in chinese.items():
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", english[key])), key


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_word_of_cryptography(led: Led, language: str) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    vote = led(kind="candidates", roster=("戊",))
    for page in ("", "test/"):
        html = client.get(f"/vote/{vote.poll.uuid}/{page}").content.decode()
        text = re.sub(r"<(?!script)[^>]*>|<script[^>]*src[^>]*>", " ", html).lower()
        text = json.dumps(json.loads(f'"{text}"'), ensure_ascii=False) if "\\u" in text and '"' not in text else text
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
        for word in ("加密", "解密", "密钥", "密码", "密文", "哈希", "签名", "证明", "凭证", "随机", "encrypt", "decrypt", "cipher", "crypto", "proof", "hash", "signature", "credential", "random", "private key", "public key"):  # fmt: skip
            assert word not in text, word


@pytest.mark.django_db
def test_the_page_asks_little_and_keeps_nothing(led: Led, django_assert_max_num_queries: Any) -> None:
    vote = led()
    shown(vote)
    with django_assert_max_num_queries(12) as asked:
        shown(vote)
    written = [one["sql"] for one in asked.captured_queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", one["sql"])]
    assert written == []


@pytest.mark.django_db
def test_before_and_after_there_is_no_booth(led: Led) -> None:
    for state in ("preparing", "poll_closed"):
        vote = led(state)
        assert "data-booth=" not in shown(vote).content.decode()
    client = Client()
    vote = led("preparing")
    assert client.get(f"/vote/{vote.poll.uuid}/test/").status_code == 404
    assert client.get("/vote/1111/test/").status_code == 404


@pytest.mark.django_db
def test_the_fingerprints_are_published(client: Client, led: Led) -> None:
    html = client.get("/vote/booth/").content.decode()
    for file in (built.script(), built.styles()):
        assert file is not None
        assert file.sha256 == sha256((FOLDER / file.name).read_bytes()).hexdigest()
        assert file.sha256 in html
        assert file.integrity in html


@pytest.mark.slow
def test_the_same_source_gives_the_same_file_elsewhere(tmp_path: Path) -> None:
    """In another folder, at another time, in another time zone and language of the machine."""
    for name in ("booth", "package.json", "package-lock.json", "tsconfig.json"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    environment = os.environ | {"TZ": "Asia/Shanghai", "LANG": "C"}
    subprocess.run([_node()[0][0], str(vite), "build", "--config", "booth/vite.config.ts"], cwd=tmp_path, env=environment, check=True, capture_output=True)  # fmt: skip
    made = tmp_path / "src" / "lianxi" / "portal" / "built"
    file = built.script()
    assert file is not None
    assert sha256((made / file.name).read_bytes()).hexdigest() == file.sha256


def tidied(texts: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run([_node()[0][0], str(Path(__file__).with_name("typed.ts"))], input=json.dumps(texts), capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_typing_is_forgiven() -> None:
    card = "kV3-9xQ-mN2-8Zo-p1"
    from lianxi.engines.ballots.credentials import BASE58, cleaned
    from lianxi.engines.ballots.strict import Malformed

    whole = next(card.replace("-", "") + sign for sign in BASE58 if _good(cleaned, Malformed, card + sign))
    dashed = "-".join(whole[at : at + 3] for at in range(0, 15, 3))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in whole)
    same = [
        whole, dashed, dashed.replace("-", " "), dashed.replace("-", "－"), dashed.replace("-", "—"), f"  {dashed}\n", wide,
        f"https://street.example/vote/abc/#{whole}", whole.replace("o", "0"), whole.replace("o", "O"), whole.replace("1", "l"),
        whole.replace("1", "I"),
    ]  # fmt: skip
    for text, said in zip(same, tidied(same), strict=True):
        assert whole in said["cards"], text
        assert (said["count"], said["wrong"]) == (15, [])
    wrong = tidied(["", "kV3-9x!", "kV3 中", whole + "a", whole[:-1]])
    assert [one["cards"] for one in wrong] == [[]] * 5
    assert [one["count"] for one in wrong] == [0, 6, 4, 16, 14]
    assert wrong[1]["wrong"] == [{"place": 6, "sign": "!"}]
    assert wrong[2]["wrong"] == [{"place": 4, "sign": "中"}]
    assert wrong[1]["shown"] == "kV3-9x!"


def _good(cleaned: Any, malformed: Any, card: str) -> bool:
    try:
        cleaned(card)
    except malformed:
        return False
    return True


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_changed_script_is_not_run(visit: Visit, led: Led) -> None:
    vote = led()
    page = visit("/vote/booth/")

    def change(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + ";")

    page.route("**/booth-*.js", change)
    page.goto(f"/vote/{vote.poll.uuid}/")
    assert page.get_by_text("请换一台设备").is_visible()
    assert page.locator("[data-sheet] fieldset").count() == 0
    assert any("integrity" in one for one in page.said)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_fingerprints(visit: Visit, street: SimpleNamespace, language: str) -> None:
    page = visit("/vote/booth/", width=PHONE, language=language)
    if shots := os.environ.get("LIANXI_SHOTS"):
        page.screenshot(path=f"{shots}/fingerprints-{language}.png", full_page=True)
    assert (violations(page), too_wide(page), small_targets(page)) == ([], [], [])
    assert page.said == []
