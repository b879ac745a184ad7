"""The browser reads JSON as strictly as the engine, and gives the same reasons."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxi.engines.ballots.strict import Malformed, parsed, written
from lianxi.engines.ballots.words import CHINESE

from .node import Node, Refused

NUMBERED = re.compile(r'"[0-9]+":')
"""A field whose name is a number, which JavaScript puts before all others. No record that is read has one."""


def both(node: Node, text: bytes) -> tuple[str, str]:
    """What the engine and the browser make of a text: the text again, or the reason."""
    try:
        engine = written(parsed(text))
    except Malformed as problem:
        engine = f"! {problem.why}"
    try:
        browser = node.ask("parsed", text.hex())
    except Refused as problem:
        browser = f"! {problem.why}"
    return engine, browser


@pytest.mark.parametrize(
    "text",
    [b'{"a":1,"a":2}', b"[1.5]", b"[1e3]", b"[01]", b'["\\ud800"]', b'["\\ud83d\\ude00\xc3\xa9"]', b"[NaN]", b"nul", b'"a\nb"', b"[1,]", b"[-0]",
     b"1234567890123456", b'{"__proto__":1}', b'"x" y', b'"\\', b"\xff", b"\xef\xbb\xbf1", b" {} ", b"", b'"\\u00e9\\n\\u001f"', b"[-Infinity]", b'{"a":1,}', b"{a:1}",
     b"0e", b"[0e]", b"1.", b"[1.e1]", b"-", b"[-]", b"-NaN", b"NaN", b"[1e]", b"[1e+]", b"[1e+2]", b"00", b"[-01]", b"[0.5]", b"1-2", b"[1+1]", b"-0", b"[-0.0]"],
)  # fmt: skip
def test_odd_texts(text: bytes, node: Node) -> None:
    engine, browser = both(node, text)
    assert engine == browser


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text("abcde\"\\"), s)), st.integers(0, 10**6), st.sampled_from('",:{}[]\\0 e.é'))  # fmt: skip
@settings(max_examples=150)
def test_values_and_spoiled_values(node: Node, value: object, at: int, sign: str) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for one in (text, text[: at % (len(text) + 1)] + sign + text[at % (len(text) + 1) :]):
        engine, browser = both(node, one.encode("utf-8", "surrogatepass"))
        if engine != browser and NUMBERED.search(one):
            engine, browser = (json.dumps(json.loads(said), sort_keys=True) for said in (engine, browser))
        assert engine == browser


def test_every_reason_has_the_same_chinese(node: Node) -> None:
    assert node.ask("words") == CHINESE
