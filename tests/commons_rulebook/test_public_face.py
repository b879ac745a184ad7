"""What every other app calls."""

import datetime as dt

import pytest
from django.utils import translation

from lianxi.commons.rulebook import Check, UnknownFigure, UnknownRule, rule

DAY = dt.date(2026, 11, 23)


def test_the_limit_of_a_petition() -> None:
    found = rule("X-11", on=DAY)
    assert (found.value, found.unit, found.parameter("extension_days").value) == (60, "days", 30)
    assert found.trust == "S"


def test_a_citation_names_the_regulation_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert rule("X-11", on=DAY).citation == "《信访工作条例》第34条"
        assert rule("X-11", on=dt.date(2020, 1, 6)).citation == "《信访条例》第33条"
        assert rule("S-01", on=DAY).citation == "本街道民情办理规则"
    with translation.override("en"):
        assert rule("X-11", on=DAY).citation == "Regulations on Petition Work, art. 34"


def test_an_unknown_rule_and_a_day_before_it_are_named() -> None:
    with pytest.raises(UnknownRule, match=r"X-99 on 2026-11-23"):
        rule("X-99", on=DAY)
    with pytest.raises(UnknownRule, match=r"X-11 on 2004-01-01 \(the book has it from 2005-05-01\)"):
        rule("X-11", on=dt.date(2004, 1, 1))


def test_a_duty_has_no_figure() -> None:
    with pytest.raises(UnknownFigure, match=r"X-14 has no figure \(main\)"):
        _ = rule("X-14", on=DAY).value
    with pytest.raises(UnknownFigure, match="extension_day;"):
        rule("X-11", on=DAY).parameter("extension_day")


def test_a_check_says_required_found_and_article() -> None:
    check = Check(rule("X-14", on=DAY), "主办单位不是被反映方", "是被反映方", False)
    with translation.override("zh-hans"):
        assert str(check) == "《信访工作条例》第30条：须主办单位不是被反映方，现是被反映方"
        assert check.title == "不透露给被反映方"
    assert check.url == "/rules/X-14/"
