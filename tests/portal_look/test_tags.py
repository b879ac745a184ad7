"""Dates, figures, icons and drawings of the template tags."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lianxi.portal import charts
from lianxi.portal.templatetags import look as tags

MONDAY = dt.datetime(2026, 11, 23, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def draw(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("full_day", "2026年11月23日", "23 Nov 2026"),
        ("long_day", "2026年11月23日 星期一", "Mon 23 Nov 2026"),
        ("week_day", "11月23日 周一", "Mon 23 Nov"),
        ("clock", "15:20", "15:20"),
    ],
)
def test_dates_in_both_languages(name: str, chinese: str, english: str) -> None:
    source = "{{ at|" + name + " }}"
    assert draw(source, at=MONDAY) == f'<span class="d">{chinese}</span>'
    with translation.override("en"):
        assert draw(source, at=MONDAY) == f'<span class="d">{english}</span>'


def test_a_year_is_named_only_when_it_is_not_this_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags.timezone, "localdate", lambda: dt.date(2026, 12, 1))
    assert draw("{{ at|day }}", at=MONDAY) == '<span class="d">11月23日</span>'
    assert draw("{{ at|moment }}", at=MONDAY) == '<span class="d">11月23日 15:20</span>'
    assert draw("{{ at|day }}", at=MONDAY.replace(year=2025)) == '<span class="d">2025年11月23日</span>'


def test_a_moment_is_told_in_local_time() -> None:
    utc = dt.datetime(2026, 11, 16, 2, 20, tzinfo=dt.UTC)
    assert "10:20" in draw("{{ at|clock }}", at=utc)


def test_a_missing_date_is_nothing_and_a_missing_figure_a_word() -> None:
    assert draw("{{ at|moment }}{{ at|day }}{{ at|week_day }}", at=None) == ""
    assert draw("{{ n|figure }}", n=None) == "未填"


@pytest.mark.parametrize(("value", "shown"), [(1240, "1240"), (9999, "9999"), (10_000, "10\u2009000"), (0, "0")])
def test_thousands_by_a_thin_space_from_ten_thousand_on(value: int, shown: str) -> None:
    assert draw("{{ n|figure }}", n=value) == f'<span class="nw">{shown}</span>'


def test_dates_in_a_sentence_are_kept_together_and_the_rest_escaped() -> None:
    assert (
        draw("{{ text|dates }}", text="<b>11月20日 17:05修好") == '&lt;b&gt;<span class="d">11月20日 17:05</span>修好'
    )


def test_marked_escapes_what_the_search_did_not() -> None:
    assert draw("{% marked text %}", text="<i>") == "&lt;i&gt;"


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(tags.UnknownIcon):
        draw('{% icon "no-such-icon" %}')
    assert 'aria-hidden="true"' in draw('{% icon "progress" %}')
    assert 'aria-label="扫码"' in draw('{% icon "scan" "扫码" %}')


def test_an_address_keeps_what_it_does_not_change() -> None:
    request = RequestFactory().get("/voices/", {"state": "late", "after": "7", "q": "路灯"})
    source = '{% address state="open" after="" as to %}{{ to|safe }}'
    shown = Template("{% load look %}" + source).render(Context({"request": request}))
    assert shown == "?state=open&q=%E8%B7%AF%E7%81%AF"
    assert (
        Template('{% load look %}{% address state="" after="" q="" %}').render(Context({"request": request}))
        == "/voices/"
    )


def test_a_qr_code_has_no_style_and_a_name() -> None:
    svg = draw('{% qr "https://example.org/f/YH-7K3M-92QD" "收件码" %}')
    assert svg.startswith('<svg role="img" aria-label="收件码"')
    assert "style" not in svg


def test_checks_stand_open_first_then_due_then_met() -> None:
    checks = [
        {"label": "甲", "passed": True},
        {"label": "乙", "passed": True, "due": True},
        {"label": "丙", "passed": False},
    ]
    listed = tags.open_first(checks)
    assert [row["label"] for row in listed["rows"]] == ["丙", "乙", "甲"]
    assert (listed["open"], listed["all"]) == (1, 3)


def test_a_name_of_two_characters_is_spaced_on_paper() -> None:
    assert [tags.spaced(name) for name in ("刘砚", "丁望舒", "Li", "")] == ["刘　砚", "丁望舒", "Li", ""]


@given(st.floats(min_value=0, max_value=10**7))
def test_the_axis_holds_every_figure_with_at_most_five_steps(most: float) -> None:
    top, step = charts.scale(most)
    assert top >= most
    assert top % step == 0
    assert 1 <= top // step <= 5


@given(st.lists(st.floats(min_value=0, max_value=250), min_size=1, max_size=5))
def test_words_at_the_ends_of_lines_never_cover_one_another(ends: list[float]) -> None:
    moved = sorted(charts._apart(ends))
    assert all(later - earlier >= 16 - 1e-9 for earlier, later in pairwise(moved))
    assert all(after >= before for before, after in zip(sorted(ends), moved, strict=True))


def test_at_most_five_series() -> None:
    six = [charts.Series(str(n), [1]) for n in range(6)]
    with pytest.raises(charts.TooManySeries):
        charts.bars(["甲"], six)
    with pytest.raises(charts.TooManySeries):
        charts.lines(["甲"], six)


def test_a_drawing_and_its_table_show_the_same_figures() -> None:
    series = [charts.Series("收到", [31, None]), charts.Series("办结", [28, 9])]
    height, groups = charts.bars(["甲", "乙"], series)
    assert height > 0
    assert [[bar.value for bar in group.bars] for group in groups] == [
        values for _label, values in charts.table(["甲", "乙"], series)
    ]
    assert groups[0].bars[0].wide == 100
    assert groups[1].bars[0].wide == 0
