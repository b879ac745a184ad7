"""Closed lists of the rulebook: units of figures, trust marks, mechanisms. Both languages, no settings needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `str()` gives that of the reader."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Unit:
    """How figures of one unit are written: `one` and `many` are the English forms, `{n}` the number."""

    zh: str
    one: str
    many: str

    def write(self, value: Any) -> Text:
        """The figure with its unit, as a reader expects it: 60日, 60 days, 4/5, 20%."""
        zh, en = written(value), written(value)
        return Text(self.zh.replace("{n}", zh), (self.one if value == 1 else self.many).replace("{n}", en))


def written(value: Any) -> str:
    """A figure in digits: fractions as 4/5, a list with commas, thousands set apart from 10 000 on."""
    if isinstance(value, tuple):
        return "、".join(written(one) for one in value)
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    number = int(value)
    return f"{number:,}".replace(",", "\u2009") if abs(number) >= 10_000 else str(number)


UNITS: Mapping[str, Unit] = {
    "seconds": Unit("{n}秒", "{n} second", "{n} seconds"),
    "hours": Unit("{n}小时", "{n} hour", "{n} hours"),
    "days": Unit("{n}日", "{n} day", "{n} days"),
    "working_days": Unit("{n}个工作日", "{n} working day", "{n} working days"),
    "months": Unit("{n}个月", "{n} month", "{n} months"),
    "years": Unit("{n}年", "{n} year", "{n} years"),
    "terms": Unit("{n}届", "{n} term", "{n} terms"),
    "year_of_life": Unit("{n}周岁", "{n} year of age", "{n} years of age"),
    "times": Unit("{n}次", "{n} time", "{n} times"),
    "times_a_year": Unit("每年{n}次", "{n} time a year", "{n} times a year"),
    "times_a_term": Unit("每届{n}次", "{n} time a term", "{n} times a term"),
    "share": Unit("{n}", "{n}", "{n}"),
    "multiple": Unit("{n}倍", "{n} times as much", "{n} times as much"),
    "people": Unit("{n}人", "{n} person", "{n} people"),
    "members": Unit("{n}名党员", "{n} member", "{n} members"),
    "delegates": Unit("{n}名代表", "{n} delegate", "{n} delegates"),
    "households": Unit("{n}户", "{n} household", "{n} households"),
    "organizations": Unit("{n}个组织", "{n} organization", "{n} organizations"),
    "units": Unit("{n}个单位", "{n} unit", "{n} units"),
    "candidates": Unit("{n}名候选人", "{n} candidate", "{n} candidates"),
    "items": Unit("{n}项", "{n}", "{n}"),
    "steps": Unit("{n}步", "{n} step", "{n} steps"),
    "grades": Unit("{n}级", "{n} grade", "{n} grades"),
    "points": Unit("{n}分", "{n} point", "{n} points"),
    "yuan": Unit("{n}元", "{n} yuan", "{n} yuan"),
    "yuan_a_month": Unit("每月{n}元", "{n} yuan a month", "{n} yuan a month"),
    "yuan_a_year": Unit("每年{n}元", "{n} yuan a year", "{n} yuan a year"),
    "residents_per_seat": Unit("每{n}人一名", "one for {n} person", "one for every {n} people"),
    "digits": Unit("{n}位", "{n} digit", "{n} digits"),
    "weights": Unit("{n}", "{n}", "{n}"),
    "millimetres": Unit("{n}毫米", "{n} mm", "{n} mm"),
    "lines": Unit("{n}行", "{n} line", "{n} lines"),
    "characters": Unit("{n}字", "{n} character", "{n} characters"),
    "kinds": Unit("{n}种", "{n}", "{n}"),
}
"""Every unit a figure of the book may have. A new one is a line here."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A trust mark: how far the words of an entry are known. `settled`: the text itself was read."""

    name: Text
    says: Text
    settled: bool = False


TRUST: Mapping[str, Mark] = {
    "S": Mark(
        Text("已核原文", "Text read"),
        Text(
            "法规原文在公开的法规库里读过，条号有据。",
            "The text was read in a public collection of laws; the article is known.",
        ),
        settled=True,
    ),
    "P": Mark(
        Text("网页摘录", "Read in excerpt"),
        Text(
            "读过公开网页的摘录，多是转载；依法使用前请对照原文。",
            "Read in an excerpt on a public page, mostly a copy. Compare with the text before relying on it.",
        ),
    ),
    "C": Mark(
        Text("标准转述", "Restated standard"),
        Text("公开的代码或数据库转述了这项标准。", "A public code or data repository restates the standard."),
    ),
    "Q": Mark(
        Text("题库转述", "Restated in exam questions"),
        Text(
            "公开题库里的题目转述了这条规定，题库会错。",
            "An examination question restates the rule. Such collections err.",
        ),
    ),
    "L": Mark(
        Text("外地规定", "Local elsewhere"),
        Text(
            "别的城市或区县的规定和做法，可以参照，不是全国规定。",
            "A rule or practice of another city or county: an example to follow, not national law.",
        ),
    ),
    "M-h": Mark(
        Text("记忆，较有把握", "From memory, fairly sure"),
        Text(
            "凭记忆录入，较有把握，没有对照原文。",
            "Entered from memory with some confidence; not compared with the text.",
        ),
    ),
    "M-m": Mark(
        Text("记忆，把握一般", "From memory, less sure"),
        Text("凭记忆录入，把握一般，请先对照原文。", "Entered from memory; compare with the text first."),
    ),
    "M-l": Mark(
        Text("记忆，把握不大", "From memory, unsure"),
        Text("凭记忆录入，把握不大，只作占位。", "Entered from memory with little confidence; a placeholder."),
    ),
    "D": Mark(
        Text("推算或设计", "Derived or designed"),
        Text("由推算得出，或是本平台的设计，不是规定。", "Worked out, or a design of this platform. Not a rule."),
    ),
}
"""Trust marks from the highest to the lowest."""

MECHANISMS: Mapping[str, Text] = {
    "organization": Text("组织", "Organization"),
    "delegates": Text("代表与选举", "Delegates and elections"),
    "participation": Text("民情", "Voices"),
    "decisions": Text("决策", "Decisions"),
    "cadres": Text("干部", "Cadres"),
    "data": Text("数据与格式", "Data and formats"),
}

SCOPES: Mapping[str, Text] = {
    "national": Text("全国", "National"),
    "elsewhere": Text("外地", "Another place"),
    "street": Text("本地", "This street"),
}
"""Where a regulation holds: everywhere, in another city (an example here), or by this street's own choice."""
