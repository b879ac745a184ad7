"""What every template of the house must keep to: nothing inline, nothing foreign, full-width punctuation, known icons and classes."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lianxi"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
CATALOGUES = sorted(SOURCE.rglob("locale/en/LC_MESSAGES/*.po"))
BUILT = SOURCE / "portal" / "built"

COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,:;?!()]|[,:;?!()]{HAN}")
BETWEEN = re.compile(rf"{HAN}[,:;?!()]{HAN}")
SPACE_BY_HAND = re.compile(rf"{HAN} [0-9A-Za-z]|[0-9A-Za-z] {HAN}")


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def breaches(text: str) -> list[str]:
    """What the content security policy would stop, or a request to another host, in the source of a template."""
    found = re.findall(r"<(?:script|style)\b(?![^>]*\btype=\"application/json\")[^>]*>", text)
    found += re.findall(r"\sstyle\s*=\s*[\"'][^\"']*[\"']", text)
    found += re.findall(r"\son[a-z]+\s*=\s*[\"'][^\"']*[\"']", text)
    found += re.findall(r"(?:src|href|action|poster|xlink:href)\s*=\s*[\"'](?:https?:)?//[^\"']*[\"']", text)
    found += re.findall(r"hx-on[:-][^\s>]*|hx-vals\s*=\s*[\"']js:|javascript:", text)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_nothing_inline_and_no_other_host(path: Path) -> None:
    assert breaches(source(path)) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">x</p>',
        "<script>go()</script>",
        "<style>p { }</style>",
        '<a href="#" onclick="go()">x</a>',
        '<img src="https://cdn.example.com/x.png">',
        '<img src="//cdn.example.com/x.png">',
        '<div hx-on:click="go()"></div>',
        '<a href="javascript:go()">x</a>',
    ],
)
def test_a_planted_breach_is_found(planted: str) -> None:
    assert breaches(planted)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_punctuation_between_chinese_characters_is_full_width(path: Path) -> None:
    text = re.sub(r"yesno:_\(\"[^\"]*\"\)", "", source(path))  # a filter that wants its words with a comma
    assert BETWEEN.findall(text) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_chinese_texts_have_full_width_punctuation_and_no_spaces_by_hand(path: Path) -> None:
    from babel.messages.pofile import read_po

    for message in read_po(path.open("rb")):
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            assert not HALF_WIDTH.findall(re.sub(r"%\(\w+\)\w|\{\w*\}|<[^>]*>", "", text)), text
            assert not SPACE_BY_HAND.findall(re.sub(r"%\(\w+\)\w|<[^>]*>", "0", text)), text


@pytest.mark.parametrize(
    ("text", "wrong"), [("收到,谢谢", True), ("收到：好", False), ("共(3)件", True), ("3:00到", False)]
)
def test_the_measure_of_punctuation(text: str, wrong: bool) -> None:
    assert bool(HALF_WIDTH.search(text)) is wrong


def sprite() -> set[str]:
    return set(json.loads((ROOT / "assets" / "icons.json").read_text()))


def icons_of(text: str) -> set[str]:
    """Names of icons that stand in a template as such."""
    named = re.findall(r"\{% icon \"([\w-]+)\"", text)
    named += re.findall(r"<c-icon\b[^>]*\bname=\"([\w-]+)\"", text)
    named += re.findall(r"<c-(?:chip|button|menu|dialog)\b[^>]*\bicon=\"([\w-]+)\"", text)
    named += re.findall(r"\bend_icon=\"([\w-]+)\"", text)
    return set(named)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_icon_is_in_the_sprite(path: Path) -> None:
    assert icons_of(source(path)) <= sprite()


def test_icons_of_the_tables_are_in_the_sprite() -> None:
    from lianxi.portal import look, nav

    tables = (look.STATES, look.TRUST, look.DUE)
    used = (
        {one.icon for table in tables for one in table.values()}
        | {entry.icon for entry in nav.ENTRIES}
        | {look.PLAIN.icon}
    )
    assert used <= sprite()


def test_the_built_sprite_holds_every_listed_icon() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    svg = (BUILT / manifest["assets/sprite.svg"]["file"]).read_text()
    assert {*re.findall(r"<symbol id=\"([\w-]+)\"", svg)} == sprite()
    assert "style" not in svg


def known_classes() -> set[str]:
    """Every class that the built theme knows, and those that only scripts use."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    css = "".join((BUILT / name).read_text() for name in manifest["assets/main.ts"]["css"])
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", css)) | {"lx-record", "lx-sample", "lx-aloud"}


def classes_of(text: str) -> set[str]:
    found = set()
    for value in re.findall(r"\bclass=\"((?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*)\"", text, re.DOTALL):
        found |= {
            name
            for name in TAG.sub(" ", re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*", " ", value)).split()
            if not name.endswith("-")
        }
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_class_is_known_to_the_theme(path: Path) -> None:
    assert classes_of(source(path)) - known_classes() == set()


def test_components_say_their_properties() -> None:
    for path in sorted((SOURCE / "portal" / "templates" / "cotton").glob("*.html")):
        name = f"<c-{path.stem.replace('_', '-')}"
        text = path.read_text()
        assert text.startswith("{% comment %}"), path
        assert name in text.partition("{% endcomment %}")[0], path


def test_built_styles_ask_no_other_host() -> None:
    for path in BUILT.glob("*.css"):
        assert not re.findall(r"url\((?:\"|')?(?:https?:)?//", path.read_text())
