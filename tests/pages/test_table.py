"""Every page × every named person × both languages, against a table that a person has read."""

import html
import os
import re
from functools import cache
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from lianxi.portal import translations

from . import addresses
from .conftest import browser_of

pytestmark = pytest.mark.django_db

TAGS = re.compile(r"<(script|style|textarea)\b.*?</\1>|<[^>]+>", re.DOTALL)
IN_THE_SHEET = {"正式党员", "大学本科", "正常"}
"""Examples of what stands in the cells of a sheet: they are Chinese in either language, as the sheet is."""
WRITE = bool(os.environ.get("LIANXI_WRITE_TABLE"))


@cache
def _only_chinese() -> frozenset[str]:
    """Texts of the interface that the English of the house says otherwise."""
    found = set()
    for po in translations.catalogs():
        if po.parent.parent.name == "en":
            found |= {m.id for m in translations.read(po) if m.id and isinstance(m.id, str) and m.id != m.string}
    return frozenset(text for text in found if re.search(r"[\u4e00-\u9fff]{2}", text))


def _untranslated(body: str) -> set[str]:
    texts = {" ".join(html.unescape(part).split()) for part in TAGS.sub("\0", body).split("\0")}
    return (texts & _only_chinese()) - IN_THE_SHEET


def _wrong(body: str, language: str) -> list[str]:
    """What no page of the house may do, in either language."""
    if not body.lstrip().startswith("<!doctype html>"):
        return []
    wrong = [] if f'<html lang="{language}"' in body else ["language"]
    wrong += [] if body.count("<h1") == 1 else [f"{body.count('<h1')} h1"]
    wrong += [] if len(re.findall(r"<main\b", body)) == 1 else ["main"]
    wrong += [f"not translated: {text}" for text in _untranslated(body)] if language == "en" else []
    return wrong


def _got(client: Client, route: str, world: SimpleNamespace) -> tuple[int, str]:
    with transaction.atomic():
        answer = client.get(addresses.filled(route, world))
        transaction.set_rollback(True)  # a page that notes that it was read is as new for the next
    whole = answer.status_code == 200 and not answer.streaming
    return answer.status_code, answer.content.decode(errors="replace") if whole else ""


EVERYBODY = WRITE or bool(os.environ.get("LIANXI_SLOW"))
FEW = ("anybody", "member", "organiser", "accused")


def _asked(name: str, row: addresses.Row) -> bool:
    """Whether this person opens the page: each where the page tells people apart; a few where all who are logged in get
    the same, but for `make slow`.
    """
    return EVERYBODY or name in FEW or len({status for who, status in row.items() if who != "anybody"}) != 1


def test_every_address_is_in_the_table() -> None:
    known, there = set(addresses.read()), set(addresses.routes())
    assert WRITE or known == there, (
        f"new: {sorted(there - known)}; gone: {sorted(known - there)}. LIANXI_WRITE_TABLE=1 pytest tests/pages writes the lines."
    )


def test_every_page_for_every_person_in_both_languages(world: SimpleNamespace) -> None:
    table, problems = addresses.read(world.people), []
    found: dict[str, addresses.Row] = {route: {} for route in addresses.routes()}
    in_english: dict[str, str] = {}
    for name, person in world.people.items():
        client = browser_of(person)
        for route, row in found.items():
            if not _asked(name, table.get(route, {})):
                continue
            row[name], body = _got(client, route, world)
            if row[name] == 200:
                in_english.setdefault(route, name)
                problems += [f"{name} {route}: {one}" for one in _wrong(body, "zh-hans")]
    # In English as the first who is let in: who is let in does not hang on the language.
    clients = {name: browser_of(world.people[name], "en") for name in set(in_english.values())}
    for route, name in in_english.items():
        status, body = _got(clients[name], route, world)
        problems += [] if status == 200 else [f"{name} {route}: in English {status}"]
        problems += [f"{name}, English {route}: {one}" for one in _wrong(body, "en")]
    if WRITE:
        addresses.TABLE.write_text(addresses.written(found), encoding="utf-8")
    for route, row in found.items():
        expected = table.get(route, {})
        problems += [
            f"{name} {route}: {status}, the table says {expected.get(name)}"
            for name, status in row.items()
            if not WRITE and expected.get(name) != status
        ]
    assert problems == []
    assert not any(status >= 500 for row in found.values() for status in row.values())


def test_records_at_other_steps_in_both_languages(world: SimpleNamespace) -> None:
    problems = []
    for language in ("zh-hans", "en"):
        clients = {name: browser_of(world.visitors[name], language) for name, _address in world.walked}
        for name, address in world.walked:
            answer = clients[name].get(address)
            problems += [] if answer.status_code == 200 else [f"{name}, {language} {address}: {answer.status_code}"]
            problems += [f"{name}, {language} {address}: {one}" for one in _wrong(answer.content.decode(), language)]
    assert problems == []
