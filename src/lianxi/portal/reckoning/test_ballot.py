"""`lianxi verify test-ballot FILE --election FILE.json`: does a test ballot hide what it says? Exit status 0 only if it does."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from lianxi.engines.ballots.election import Election, read_election
from lianxi.engines.ballots.opening import Tested, read_test
from lianxi.engines.ballots.strict import Malformed
from lianxi.portal.starting.words import Trouble, from_os_error


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes().removesuffix(b"\n")
    except OSError as error:
        raise from_os_error(error, path) from error


def _election(path: Path) -> Election:
    try:
        return read_election(_text(path))
    except Malformed as problem:
        raise Trouble(f"{path.name}：{problem.said('zh')}", f"{path.name}: {problem.said('en')}") from None


def _judged(election: Election, text: bytes) -> Tested | Malformed:
    try:
        return read_test(election, text)
    except Malformed as problem:
        return problem


def run(asked: argparse.Namespace) -> int:
    """Prints the page, green or red."""
    if asked.source is None or asked.election is None:
        raise Trouble(
            "请写：lianxi verify test-ballot 试投文件 --election 选举文件",
            "Write: lianxi verify test-ballot FILE --election FILE.json",
        )
    path = Path(asked.source)
    found = _judged(_election(Path(asked.election)), _text(path))
    good = isinstance(found, Tested)
    if asked.json:
        told: dict[str, object] = {"file": path.name, "format": "lianxi-test-ballot/1", "passed": good}
        if isinstance(found, Tested):
            told |= {"code": found.code, "choices": found.choices, "said": found.said}
        else:
            told |= {"wrong": {"zh": found.said("zh"), "en": found.said("en")}}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0 if good else 1
    if isinstance(found, Malformed):
        print(f"✗ {found.said('zh')}\n  {found.said('en')}")
        print("✗ 试投不符：设备加密的不是所选内容\n  this test ballot does not hide what it says")
        return 1
    print(f"{path.name} · {found.code}")
    for what, said in found.said:
        names = "、".join(name or "空白票 blank" for name in said) or "（未选 nothing）"
        print(f"  {what}: {names}")
    print("✓ 试投相符：加密的正是以上选择。请核对两台设备上的核对码\n  the ballot hides exactly these choices; compare the code on both devices")  # fmt: skip
    return 0
