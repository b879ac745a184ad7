"""Icons, dates, figures: small tags that pages and components use. `{% load look %}`."""

import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from lianxi.portal import charts, look

register = template.Library()

THIN = "\u2009"
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
SHORT_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


_CHINESE_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?: \d{1,2}:\d{2})?")


class UnknownIcon(KeyError):
    """The icon is not in the sprite: add its name to assets/icons.json."""


@lru_cache(maxsize=1)
def _sprite() -> tuple[str, frozenset[str]]:
    built = settings.PACKAGE / "portal" / "built"
    try:
        manifest = json.loads((built / "manifest.json").read_text())
        names = frozenset(json.loads((built / "icons.json").read_text()))
    except FileNotFoundError:
        return "sprite.svg", frozenset()
    return manifest["assets/sprite.svg"]["file"], names


@register.simple_tag
def sprite_url() -> str:
    """The address of the icon sprite."""
    return static(_sprite()[0])


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An outline icon from the sprite; with `label` it speaks for itself, else it is hidden from readers.

    Raises UnknownIcon for a name that the sprite does not hold.
    """
    file, names = _sprite()
    if names and name not in names:
        raise UnknownIcon(name)
    css = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', css, label, static(file), name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static(file), name)


# Dates ----------------------------------------------------------------------------------------------------------


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day_text(value: dt.date, *, year: bool = False) -> str:
    """`11月20日`, `2026年11月20日`; in English `20 Nov`, `20 Nov 2026`."""
    if _english():
        text = f"{value.day} {ENGLISH_MONTHS[value.month - 1]}"
        return f"{text} {value.year}" if year else text
    text = f"{value.month}月{value.day}日"
    return f"{value.year}年{text}" if year else text


def time_text(value: dt.datetime) -> str:
    """`9:05`, the same in both languages."""
    return f"{value.hour}:{value.minute:02d}"


def _dated(text: str) -> SafeString:
    return format_html('<span class="d">{}</span>', text)


def _other_year(value: dt.date, today: dt.date | None) -> bool:
    return value.year != (today or timezone.localdate()).year


@register.filter
def day(value: dt.date | dt.datetime | None) -> str | SafeString:
    """A day: the year is named only if it is not this year. `11月20日` · `20 Nov`."""
    if value is None:
        return ""
    value = _local(value)
    return _dated(day_text(value, year=_other_year(value, None)))


@register.filter
def full_day(value: dt.date | dt.datetime | None) -> str | SafeString:
    """A day with its year. `2026年11月20日` · `20 Nov 2026`."""
    return "" if value is None else _dated(day_text(_local(value), year=True))


@register.filter
def long_day(value: dt.date | dt.datetime | None) -> str | SafeString:
    """A day with its year and weekday. `2026年11月23日 星期一` · `Mon 23 Nov 2026`."""
    if value is None:
        return ""
    value = _local(value)
    weekday = WEEKDAYS[value.weekday()]
    text = f"{weekday} {day_text(value, year=True)}" if _english() else f"{day_text(value, year=True)} {weekday}"
    return _dated(text)


@register.filter
def week_day(value: dt.date | dt.datetime | None) -> str | SafeString:
    """A day of the next days with its weekday. `11月25日 周三` · `Wed 25 Nov`."""
    if value is None:
        return ""
    value = _local(value)
    weekday = SHORT_WEEKDAYS[value.weekday()]
    return _dated(f"{weekday} {day_text(value)}" if _english() else f"{day_text(value)} {weekday}")


@register.filter
def moment(value: dt.datetime | None) -> str | SafeString:
    """A day and the time. `11月16日 10:20` · `16 Nov 10:20`."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _dated(f"{day_text(local, year=_other_year(local, None))} {time_text(local)}")


@register.filter
def clock(value: dt.datetime | None) -> str | SafeString:
    """The time alone. `18:00`."""
    if value is None:
        return ""
    return _dated(time_text(timezone.localtime(value) if timezone.is_aware(value) else value))


@register.filter
def dates(text: Any) -> SafeString:
    """A sentence whose Chinese dates neither break nor take gaps: each gets its `<span class="d">`. The rest is escaped."""
    said = conditional_escape("" if text is None else text)
    return mark_safe(_CHINESE_DATE.sub(r'<span class="d">\g<0></span>', said))  # noqa: S308


# Figures --------------------------------------------------------------------------------------------------------


@register.filter
def figure(value: float | int | None) -> str | SafeString:
    """A figure; from 10 000 on with thin spaces between thousands. None gives the word 未填."""
    if value is None:
        return gettext("未填")
    text = f"{value:,}".replace(",", THIN) if abs(value) >= 10_000 else str(value)
    return format_html('<span class="nw">{}</span>', text)


@register.filter
def grouped(value: float | int) -> SafeString:
    """A figure of a column in which others reach 10 000: always with thin spaces. `1 240`."""
    return format_html('<span class="nw">{}</span>', f"{value:,}".replace(",", THIN))


@register.filter
def times(value: float, by: float) -> float:
    """Product, for the geometry of a drawing."""
    return value * by


@register.simple_tag
def marked(text: SafeString | str) -> SafeString | str:
    """Text in which a search has marked what it found (already escaped by the search); plain text is escaped."""
    return text


# Looks ----------------------------------------------------------------------------------------------------------


@register.simple_tag
def state_look(code: object) -> look.Look:
    """`{% state_look voice.state as it %}` → it.icon, it.tone, it.word."""
    return look.state_look(code)


@register.simple_tag
def trust_look(mark: object) -> look.Look:
    """`{% trust_look rule.trust as it %}`."""
    return look.trust_look(mark)


@register.simple_tag
def due_look(kind: object) -> look.Look | None:
    """The chip of a deadline, or None where plain text is enough (later, none)."""
    return look.DUE.get(str(kind))


def part(thing: Any, name: str, default: Any = None) -> Any:
    """An attribute, or the item of a mapping."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


@register.simple_tag
def open_first(checks: Iterable[Any] | None) -> dict[str, Any]:
    """Checks in the order of a page: open, then due, then met. → {"rows": […], "open": n, "all": n}."""
    rows = [_check_row(check) for check in checks or ()]
    rows.sort(key=lambda row: ("open", "due", "met").index(row["mood"]))
    return {"rows": rows, "all": len(rows), "open": sum(row["mood"] == "open" for row in rows)}


def _check_row(check: Any) -> dict[str, Any]:
    passed, due, rule = part(check, "passed", False), part(check, "due", False), part(check, "rule")
    mood = "due" if due else "met" if passed else "open"
    words = {"due": gettext("今天到期"), "met": gettext("满足"), "open": gettext("还差")}
    return {
        "mood": mood,
        "icon": {"due": "clock", "met": "circle-check", "open": "circle-x"}[mood],
        "verdict": part(check, "verdict") or words[mood],
        "label": part(check, "label") or part(check, "name") or part(rule, "title") or part(rule, "name") or "",
        "required": part(check, "required"),
        "found": part(check, "found"),
        "citation": citation(rule) or part(check, "citation") or "",
        "url": _url(rule),
        "trust": look.trust_look(mark) if (mark := mark_of(rule)) not in (None, "", "S") else None,
    }


def mark_of(rule: Any) -> Any:
    """The trust mark a page shows: another city's law that was read is still another city's."""
    return part(rule, "shown") or part(rule, "trust")


def citation(rule: Any) -> str:
    """`《信访工作条例》第三十二条`, whichever of its ways the rule offers to say it."""
    if rule is None or isinstance(rule, str):
        return rule or ""
    said = part(rule, "citation")
    if callable(said):
        said = said()
    if said:
        return str(said)
    return f"{part(rule, 'regulation', '') or ''}{part(rule, 'article_text', '') or ''}"


def _url(rule: Any) -> str:
    url = part(rule, "url")
    if url is None:
        url = part(rule, "get_absolute_url")
    return str(url() if callable(url) else url or "")


@register.simple_tag
def cite(rule: Any) -> dict[str, Any]:
    """`{% cite rule as law %}` → law.text, law.url, law.trust (a Look, or None for a text that was read)."""
    mark = mark_of(rule)
    return {
        "text": citation(rule),
        "url": _url(rule),
        "trust": look.trust_look(mark) if mark not in (None, "", "S") else None,
    }


# Addresses ------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """This page's address with some of its query changed; an empty value takes the key out. Filters live there.

    `{% address state="late" after="" %}`
    """
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    text = query.urlencode()
    return f"?{text}" if text else request.path


@register.filter
def is_set(value: Any) -> bool:
    """Whether a filter has a value: neither None nor the empty text."""
    return value not in (None, "")


# Pictures -------------------------------------------------------------------------------------------------------


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code as inline SVG (no style, no picture file), read aloud as `label`."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0, svgclass=None, lineclass=None, dark="#000"
    )
    svg = out.getvalue().decode()
    name = format_html(' role="img" aria-label="{}"', label or gettext("二维码"))
    return mark_safe(svg.replace("<svg", f"<svg{name}", 1))  # noqa: S308  (segno escapes; the text is only dark squares)


@register.simple_tag
def join_words(words: Iterable[object]) -> str:
    """Words one after another: `、` in Chinese, `, ` in English."""
    return pgettext("between words of a list", "、").join(str(word) for word in words)


# Forms ----------------------------------------------------------------------------------------------------------

CONTROLS = {
    "select": "form-select",
    "selectmultiple": "form-select",
    "nullbooleanselect": "form-select",
    "checkbox": "form-check-input",
}


@register.simple_tag
def control(field: Any, css: str = "", **attrs: Any) -> SafeString:
    """The control of a bound field in our style; `data_draft` becomes `data-draft`; empty attributes are left out."""
    given = {key.replace("_", "-"): value for key, value in attrs.items() if value not in (None, "", False)}
    classes = (field.field.widget.attrs.get("class", ""), CONTROLS.get(field.widget_type, "form-control"), css)
    if field.widget_type == "textarea" and field.field.widget.attrs.get("rows") == "10":
        given.setdefault("rows", "4")  # Django's own default of ten rows is a whole phone
    given["class"] = " ".join(name for name in classes if name)
    return mark_safe(str(field.as_widget(attrs=given)))  # noqa: S308  (a widget escapes what it draws)


@register.filter
def draws_choices(field: Any) -> bool:
    """Whether a bound field is drawn as bordered rows: radio buttons or several check boxes."""
    return field.widget_type in {"radioselect", "checkboxselectmultiple"}


@register.filter
def fours(text: object) -> str:
    """A fingerprint in groups of four, so that an eye can compare it: `5b2e 90c4 1f7a d386`."""
    whole = str(text)
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


@register.simple_tag
def draw(kind: str, labels: Any, series: Any) -> dict[str, Any]:
    """The drawing of a chart: `kind` is bars or lines; `series` a list of (name, values) or of charts.Series."""
    names = [str(label) for label in labels or ()]
    rows = [one if isinstance(one, charts.Series) else charts.Series(str(one[0]), one[1]) for one in series or ()]
    drawn: dict[str, Any] = {"table": charts.table(names, rows), "series": rows, "many": len(rows) > 1}
    if kind == "lines":
        grid, lines = charts.lines(names, rows)
        foot = charts.TOP + charts.HIGH
        return drawn | {
            "grid": grid,
            "lines": lines,
            "ticks": charts.ticks(names),
            "foot": foot,
            "height": foot + charts.FOOT,
        }
    height, groups = charts.bars(names, rows)
    return drawn | {"groups": groups, "height": height}


@register.filter
def plain(value: float) -> str:
    """A coordinate: always with a point, without a useless end."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


@register.filter
def spaced(name: object) -> str:
    """A name of two characters as printed papers set it: 刘　砚."""
    text = str(name)
    return f"{text[0]}　{text[1]}" if len(text) == 2 and text.isalpha() and not text.isascii() else text
