"""Translations without gettext's programs: `python -m lianxi.portal.translations compile | check | extract`.

`compile` writes the `.mo` beside every `.po`; `check` lists what an app's English lacks, marks fuzzy, repeats wrongly
or no longer needs; `extract` prints every msgid, or with `--update` adds the missing ones, empty, to the app's own file.
The texts of a file belong to the app that it lies in; those of a file in no app belong to the portal.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lianxi.portal.starting.words import Trouble, complain

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "N_": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")
_IN_PROPERTY = re.compile(r"""\s:[\w-]+=(["'])_\((?!\1)["']([^"']+)["']\)\1""")
"""A text in a property of a component: `:title="_('…')"`, which no template tag encloses."""
Key = tuple[str | None, str]


@dataclass
class Message:
    """A text to translate: where it stands, and its plural if it has one."""

    plural: str | None = None
    places: list[tuple[str, int]] = field(default_factory=list)


def catalogs(root: Path = PACKAGE) -> list[Path]:
    """Every `.po` of the package."""
    return sorted(root.glob("**/locale/*/LC_MESSAGES/*.po"))


def stale(root: Path = PACKAGE, *, by_time: bool = True) -> list[Path]:
    """The `.po` files whose `.mo` is missing or, by the time of change (which an installer does not keep), older."""

    def old(po: Path) -> bool:
        mo = po.with_suffix(".mo")
        return not mo.exists() or (by_time and mo.stat().st_mtime < po.stat().st_mtime)

    return [po for po in catalogs(root) if old(po)]


def compile_all(root: Path = PACKAGE, *, force: bool = False) -> int:
    """Compile what is stale (or all); returns how many. A `.mo` is written whole or not at all."""
    due = catalogs(root) if force else stale(root)
    if not due:
        return 0
    from babel.messages.mofile import write_mo

    for po in due:
        fresh = po.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read(po), use_fuzzy=False)
        fresh.replace(po.with_suffix(".mo"))
    return len(due)


def read(po: Path) -> Catalog:
    """A catalog. Raises Trouble with the line if it cannot be read."""
    from babel.messages.pofile import PoFileError, read_po

    with po.open("rb") as file:
        try:
            return read_po(file, locale=po.parent.parent.name, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise Trouble(f"{po}无法读取：{error}", f"{po} cannot be read: {error}") from error


def owner(path: Path, root: Path = PACKAGE) -> Path:
    """The folder whose `locale` translates a source file: its app, or the portal for what lies in no app."""
    for folder in path.parents:
        if folder == root:
            break
        if (folder / "apps.py").exists() or (folder / "locale").is_dir():
            return folder
    return root / "portal"


def extract(root: Path = PACKAGE) -> dict[Path, dict[Key, Message]]:
    """Every text marked for translation in Python and templates, by owner."""
    found: dict[Path, dict[Key, Message]] = {}
    for path in sorted(root.glob("**/*")):
        if path.suffix in (".py", ".html", ".txt") and "built" not in path.parts and "migrations" not in path.parts:
            if path.suffix == ".txt" and "templates" not in path.parts:
                continue
            for line, key, plural in _messages(path):
                message = found.setdefault(owner(path, root), {}).setdefault(key, Message())
                message.plural = message.plural or plural
                message.places.append((str(path.relative_to(root)), line))
    return found


def _messages(path: Path) -> Iterator[tuple[int, Key, str | None]]:
    from babel.messages.extract import extract as babel_extract

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        for found in _IN_PROPERTY.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, (None, found[2]), None
        text = templatize(text, origin=str(path))
    for line, texts, _, context in babel_extract(
        "python",
        io.BytesIO(text.encode()),
        keywords=KEYWORDS,
        options={"encoding": "utf-8"},
    ):
        parts = texts if isinstance(texts, tuple) else (texts,)
        if parts[0]:
            yield line, (context, parts[0]), parts[1] if len(parts) > 1 else None


def check(root: Path = PACKAGE) -> list[str]:
    """What is wrong with the English, one line each; empty when it is complete."""
    problems = strange_names(root) + said_twice(root)
    wanted = extract(root)
    files = {po.parents[2].parent for po in catalogs(root)}
    everywhere = {key for messages in wanted.values() for key in messages}
    for folder in sorted(files | set(wanted)):
        po = folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
        name = po.relative_to(root)
        needed = wanted.get(folder, {})
        entries = {(m.context, _first(m.id)): m for m in read(po) if m.id} if po.exists() else {}
        for key, message in sorted(needed.items(), key=lambda item: item[1].places[0]):
            place = f"{message.places[0][0]}:{message.places[0][1]}"
            entry = entries.get(key)
            if entry is None:
                problems.append(f"{name}: missing “{key[1]}” ({place})")
            elif entry.fuzzy:
                problems.append(f"{name}: fuzzy “{key[1]}” ({place})")
            elif not all(_texts(entry.string)):
                problems.append(f"{name}: not translated “{key[1]}” ({place})")
            elif lost := _lost(entry):
                problems.append(f"{name}: “{key[1]}” and its English differ in {', '.join(sorted(lost))} ({place})")
        problems += [f"{name}: left over “{key[1]}”" for key in entries if key not in needed and key not in everywhere]
        problems += [
            f"{name}: belongs to another app “{key[1]}”" for key in entries if key not in needed and key in everywhere
        ]
    return problems


def said_twice(root: Path = PACKAGE) -> list[str]:
    """Texts with another English in another app: Django joins all catalogs, so that one of the two would never be read.
    Say it the same, or give one of them a context."""
    said: dict[Key, dict[str, str]] = {}
    for po in catalogs(root):
        for entry in read(po):
            if entry.id and all(_texts(entry.string)):
                texts = said.setdefault((entry.context, _first(entry.id)), {})
                texts.setdefault(_first(entry.string), str(po.relative_to(root)))
    return [
        f"{'; '.join(f'{where}: “{text}”' for text, where in texts.items())}: two translations of “{key[1]}”"
        for key, texts in said.items()
        if len(texts) > 1
    ]


def strange_names(root: Path = PACKAGE) -> list[str]:
    """Imports of Django's functions under a name that is not read here: their texts would be missed in silence."""
    found = []
    for path in sorted(root.glob("**/*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                found += [
                    f"{path.relative_to(root)}:{node.lineno}: {one.name} under the unknown name “{one.asname}”"
                    for one in node.names
                    if one.asname and one.name in KEYWORDS and KEYWORDS.get(one.asname, "") != KEYWORDS[one.name]
                ]
    return found


def update(root: Path = PACKAGE) -> int:
    """Add the missing texts to the English files, translated where another app has said them; returns how many."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    added = 0
    known = {(m.context, _first(m.id)): m.string for po in catalogs(root) for m in read(po) if m.id}
    for folder, messages in extract(root).items():
        po = folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
        catalog = read(po) if po.exists() else Catalog(locale="en", fuzzy=False, charset="utf-8")
        before = added
        for (context, text), message in messages.items():
            if catalog.get(text, context) is None:
                said = known.get((context, text), "")
                fits = isinstance(said, tuple | list) == bool(message.plural)
                identity = (text, message.plural) if message.plural else text
                catalog.add(identity, string=said if fits else None, context=context)
                added += 1
        if added > before:
            po.parent.mkdir(parents=True, exist_ok=True)
            with po.open("wb") as file:
                write_po(file, catalog, omit_header=False, width=120)
    return added


def _first(identity: object) -> str:
    return str(identity[0] if isinstance(identity, list | tuple) else identity)


def _texts(string: object) -> list[str]:
    return [str(each) for each in string] if isinstance(string, list | tuple) else [str(string)]


def _lost(entry: object) -> set[str]:
    """Placeholders that stand in one language only."""
    here = set().union(*(_names(text) for text in _texts(getattr(entry, "id", ""))))
    there = set().union(*(_names(text) for text in _texts(getattr(entry, "string", ""))))
    return here ^ there


def _names(text: str) -> set[str]:
    return {found[1] or found[2] for found in _PLACEHOLDER.finditer(text)}


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 1 if `check` finds anything."""
    parser = argparse.ArgumentParser(prog="python -m lianxi.portal.translations", description=__doc__)
    parser.add_argument("act", choices=("compile", "check", "extract"))
    parser.add_argument("--quiet", action="store_true", help="with compile: only what changed, and silently")
    parser.add_argument("--update", action="store_true", help="with extract: add missing texts to the .po files")
    asked = parser.parse_args(arguments)
    try:
        if asked.act == "compile":
            count = compile_all(force=not asked.quiet)
            if not asked.quiet:
                print(f"{count} files")
        elif asked.act == "check":
            problems = check()
            print("\n".join(problems) or "complete")
            return int(bool(problems))
        elif asked.update:
            print(f"{update()} added")
        else:
            for folder, messages in extract().items():
                for (context, text), message in messages.items():
                    print(f"{folder.relative_to(PACKAGE)}\t{context or ''}\t{text!r}\t{message.places[0]}")
    except Trouble as trouble:
        return complain(trouble)
    return 0


if __name__ == "__main__":
    sys.exit(main())
