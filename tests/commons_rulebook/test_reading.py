"""A broken file is refused in one sentence that names file, rule and key."""

import pytest

from lianxi.commons.rulebook.reading import BrokenBook, read_book

HEAD = """
regulation = "条例"
regulation_en = "Regulations"
effective = 2020-01-01
mechanism = "participation"
source = "公开文本"
"""
ENTRY = """
[[rule]]
id = "X-01"
title = "期限"
title_en = "Limit"
zh = "六十日内办结。"
en = "Finish within sixty days."
value = 60
unit = "days"
at_most = 60
trust = "S"
"""


def read(text: str, name: str = "some.toml") -> None:
    read_book([(name, text)])


def test_a_whole_file_is_read() -> None:
    found = read_book([("some.toml", HEAD + ENTRY)])
    assert [one.id for one in found.rules] == ["X-01"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "X-01"', 'id = "X1"', "X1: id: "),
        ('zh = "六十日内办结。"', "", "X-01: zh: is missing or empty"),
        ('en = "Finish within sixty days."', 'en = " "', "X-01: en: is missing or empty"),
        ('title_en = "Limit"', "", "X-01: title_en: "),
        ('unit = "days"', 'unit = "moons"', "X-01: unit: 'moons' is not a unit"),
        ('unit = "days"', "", "X-01: unit: "),
        ("at_most = 60", "at_most = 59", "X-01: at_most: 59 is below the value 60"),
        ("at_most = 60", "at_least = 61", "X-01: at_least: 61 is above the value 60"),
        ("at_most = 60", "atmost = 60", "X-01: atmost: is not a key"),
        ("value = 60", "", "X-01: at_most: belongs to a value"),
        ("value = 60", "value = 59.5", "X-01: value: 59.5 is neither"),
        ("value = 60", 'value = "1/0"', "X-01: value: '1/0' is neither"),
        ("value = 60", "value = true", "X-01: value: True is neither"),
        ("value = 60", "value = [60, 61]", "X-01: value: a list has no bounds"),
        ('trust = "S"', 'trust = "Z"', "X-01: trust: 'Z' is none of S, P"),
        ('trust = "S"', 'trust = "S"\nmechanism = "other"', "X-01: mechanism: 'other' is none of"),
        ('trust = "S"', 'trust = "S"\nuntil = 2019-01-01', "X-01: until: 2019-01-01 lies before since"),
        ('trust = "S"', 'trust = "S"\nsince = "2020"', "X-01: since: is missing or not a day"),
        ('trust = "S"', 'trust = "S"\nnote = "只有中文"', "X-01: note_en: "),
        ('trust = "S"', 'trust = "S"\n[rule.parameters]\nBad-Name = { value = 1, unit = "days" }', "parameters.Bad-Name: is not a name"),
        ('trust = "S"', 'trust = "S"\n[rule.parameters]\nmore = 5', "parameters.more: is not a table"),
        ('trust = "S"', 'trust = "S"\n[rule.parameters]\nmore = { value = 5, unit = "days" }', "parameters.more.zh: is missing"),
        ("effective = 2020-01-01", "", "effective: is missing or not a day"),
        ('regulation_en = "Regulations"', "", "regulation_en: is missing"),
        ('source = "公开文本"', "", "X-01: source: is missing"),
        ('source = "公开文本"', 'scope = "moon"', "scope: 'moon' is none of"),
        ("[[rule]]", "[[rule", "not TOML"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named(old: str, new: str, says: str) -> None:
    assert old in HEAD + ENTRY
    with pytest.raises(BrokenBook) as broken:
        read((HEAD + ENTRY).replace(old, new))
    sentence = str(broken.value)
    assert sentence.startswith("rules/some.toml: ")
    assert says in sentence
    assert "\n" not in sentence


def test_two_editions_of_one_day_and_overlaps_are_named() -> None:
    later = ENTRY.replace('trust = "S"', 'trust = "S"\nsince = 2022-01-01')
    found = read_book([("some.toml", HEAD + ENTRY + later)])
    assert len(found.history("X-01")) == 2
    with pytest.raises(BrokenBook, match=r"X-01: since: two entries begin on 2020-01-01"):
        read(HEAD + ENTRY + ENTRY)
    ends = ENTRY.replace('trust = "S"', 'trust = "S"\nuntil = 2022-01-01')
    with pytest.raises(BrokenBook, match=r"X-01: until: overlaps the entry from 2022-01-01"):
        read(HEAD + ends + later)


def test_an_empty_folder_and_a_file_without_rules_are_named() -> None:
    with pytest.raises(BrokenBook, match=r"no file \*\.toml"):
        read_book([])
    with pytest.raises(BrokenBook, match="needs at least one"):
        read(HEAD)
