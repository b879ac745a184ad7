"""The pages of the book. Open to everybody; changes need a post."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted

from . import policies, queries, services
from .book import Figure, Rule, UnknownRule
from .terms import MECHANISMS

if TYPE_CHECKING:
    from lianxi.commons.permissions import Request
else:
    Request = HttpRequest

SOURCE_WORDS = {
    "read": gettext_lazy("已核原文"),
    "unconfirmed": gettext_lazy("待核"),
    "elsewhere": gettext_lazy("外地规定"),
    "own": gettext_lazy("本地"),
}


def _today(request: Request) -> dt.date:
    return timezone.localtime(request.at).date()


def _day(request: Request, name: str, default: dt.date) -> dt.date:
    """A day of the address; one that cannot be read is the default."""
    try:
        return dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default


def _asked(request: Request) -> queries.Asked:
    get, page = request.GET, request.GET.get("page", "")
    return queries.Asked(
        on=_day(request, "on", _today(request)),
        mechanism=get.get("mechanism", "") if get.get("mechanism") in MECHANISMS else "",
        source=get.get("source", "") if get.get("source") in queries.SOURCES else "",
        regulation=get.get("regulation", "")[:60],
        q=get.get("q", "")[:100],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1,
    )


def _query(asked: queries.Asked, today: dt.date, **changes: Any) -> str:
    """The address of this list with some of it changed."""
    facts: dict[str, Any] = {
        "mechanism": asked.mechanism, "source": asked.source, "regulation": asked.regulation, "q": asked.q,
        "on": "" if asked.on == today else asked.on.isoformat(),
    }  # fmt: skip
    facts |= changes
    return f"{reverse('rulebook')}?{urlencode({key: value for key, value in facts.items() if value})}"


def _tabs(asked: queries.Asked, counts: dict[str, int], today: dt.date, current: str) -> list[dict[str, Any]]:
    everything = {
        "label": _("全部"), "url": _query(asked, today, mechanism=""), "count": sum(counts.values()), "current": not current,
    }  # fmt: skip
    return [
        everything,
        *(
            {
                "label": str(MECHANISMS[name]),
                "url": _query(asked, today, mechanism=name),
                "count": count,
                "current": name == current,
            }
            for name, count in counts.items()
        ),
    ]


def _filters(asked: queries.Asked, found: queries.Listed, today: dt.date) -> list[dict[str, Any]]:
    laws = {law.slug: law.dated for law in found.regulations}
    return [
        {
            "label": SOURCE_WORDS.get(asked.source, _("来源")),
            "set": bool(asked.source),
            "options": [
                {
                    "label": word,
                    "url": _query(asked, today, source="" if key == asked.source else key),
                    "current": key == asked.source,
                }
                for key, word in SOURCE_WORDS.items()
            ],
        },
        {
            "label": laws.get(asked.regulation, _("规定")),
            "set": bool(asked.regulation),
            "options": [
                {
                    "label": name,
                    "url": _query(asked, today, regulation="" if slug == asked.regulation else slug),
                    "current": slug == asked.regulation,
                }
                for slug, name in laws.items()
            ],
        },
    ]


@require_safe
def book_page(request: Request) -> HttpResponse:
    """The list: searched and filtered, as of a day."""
    asked, today = _asked(request), _today(request)
    found = queries.listed(asked)
    context = {
        "asked": asked,
        "found": found,
        "past": asked.on != today,
        "chapters": _tabs(asked, found.counts, today, asked.mechanism),
        "filters": _filters(asked, found, today),
        "keep": [
            (key, value)
            for key, value in (
                ("mechanism", asked.mechanism),
                ("source", asked.source),
                ("regulation", asked.regulation),
                ("on", asked.on.isoformat() if asked.on != today else ""),
            )
            if value
        ],
        "clear": _query(asked, today, source="", regulation="", q="", on="")
        if asked.source or asked.regulation or asked.q
        else "",
        "previous": _query(asked, today, page=asked.page - 1) if asked.page > 1 else "",
        "next": _query(asked, today, page=asked.page + 1) if found.more else "",
        "text": _range(found),
        "on_text": asked.on.isoformat() if asked.on != today else "",
        "year_ago": _year_before(asked.on),
    }
    return render(request, "rulebook/list.html", context)


def _range(found: queries.Listed) -> str:
    if not found.rows:
        return ""
    last = found.first + len(found.rows) - 1
    if found.total == len(found.rows):
        return ngettext("共%(n)d条", "共%(n)d条", found.total) % {"n": found.total}
    return _("第%(first)d—%(last)d条，共%(n)d条") % {"first": found.first, "last": last, "n": found.total}


def _year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


@require_safe
def rule_page(request: Request, rule_id: str) -> HttpResponse:
    """One rule, as of a day."""
    today = _today(request)
    on = _day(request, "on", today)
    try:
        found = queries.entry(rule_id, on=on, actor=request.actor)
    except UnknownRule:
        return _not_on_that_day(request, rule_id, on)
    asked = queries.Asked(on=on, mechanism=found.rule.mechanism)
    context = {
        "entry": found,
        "rule": found.rule,
        "on": on,
        "on_text": on.isoformat() if on != today else "",
        "today": today,
        "past": on != today,
        "chapters": _tabs(asked, found.counts, today, found.rule.mechanism),
        "few": len(found.rule.figures) <= 4
        and not any(isinstance(one.value, tuple) for one in found.rule.figures.values()),
        "bounds": _bounds(found),
        "mechanism": MECHANISMS[found.rule.mechanism],
    }
    return render(request, "rulebook/rule.html", context)


def _bounds(found: queries.Entry) -> list[tuple[Figure, str]]:
    """Each figure with what a local one may be; none if nothing may be changed and nothing was."""
    figures = found.rule.figures.values()
    if not found.locals and all(one.fixed for one in figures):
        return []
    return [(one, str(services.allowed(one))) for one in figures]


def _not_on_that_day(request: Request, rule_id: str, on: dt.date) -> HttpResponse:
    editions = queries.editions(rule_id)
    if not editions:
        raise NotFound
    return render(request, "rulebook/not_then.html", {"rule": editions[0], "first": editions[-1], "on": on}, status=404)


@require_safe
def compare_page(request: Request) -> HttpResponse:
    """What changed in the book between two days."""
    today = _today(request)
    after = _day(request, "after", today)
    before = _day(request, "before", _year_before(after))
    context = {"before": before, "after": after, "differences": queries.differences(before, after)}
    return render(request, "rulebook/compare.html", context)


@require_safe
def print_page(request: Request) -> HttpResponse:
    """A chapter on paper."""
    asked = _asked(request)
    rows = queries.chapter(asked)
    context = {
        "rows": rows,
        "on": asked.on,
        "chapter": MECHANISMS.get(asked.mechanism, ""),
        "back": _query(asked, _today(request)),
    }
    return render(request, "rulebook/print.html", context)


MAIN = "-"
"""In the form: the figure without a name."""


class ChangeForm(forms.Form):
    """A local figure, as it is typed."""

    parameter = forms.ChoiceField(label=gettext_lazy("哪个数值"))
    value = forms.CharField(label=gettext_lazy("改为"), max_length=24)
    unit = forms.TypedChoiceField(
        label=gettext_lazy("哪个单位用"), coerce=int, help_text=gettext_lazy("下级单位没有另定的，也用它。")
    )
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("最早明天。正在办的事情时限不变。"),
    )
    source = forms.CharField(
        label=gettext_lazy("依据什么文件"), max_length=200, help_text=gettext_lazy("文件名和文号，或者哪次会议定的。")
    )
    reason = forms.CharField(label=gettext_lazy("为什么改"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, entry: queries.Entry, data: Any = None) -> None:
        super().__init__(data, initial={"since": entry.on + dt.timedelta(days=1)})
        open_ones = [one for one in entry.rule.figures.values() if not one.fixed]
        self.fields["parameter"].choices = [  # type: ignore[attr-defined]
            (one.name or MAIN, f"{one.label}：{one.text}（{services.allowed(one)}）") for one in open_ones
        ]
        if len(open_ones) == 1:
            self.fields["parameter"].widget = forms.HiddenInput()
            self.initial["parameter"] = open_ones[0].name or MAIN
        self.fields["unit"].choices = [(unit.pk, str(unit)) for unit in entry.may_change]  # type: ignore[attr-defined]


def _entry_to_change(request: Request, rule_id: str) -> queries.Entry:
    try:
        found = queries.entry(rule_id, on=_today(request), actor=request.actor)
    except UnknownRule:
        raise NotFound from None
    if not found.may_change:
        raise NotPermitted(open_to=[clause.says for clause in policies.CHANGE.clauses])
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, rule_id: str) -> HttpResponse:
    """Set a local figure. What was typed stays on the page when it is refused."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    found = _entry_to_change(request, rule_id)
    form = ChangeForm(found, request.POST or None)
    refused: Blocked | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = next(one for one in found.may_change if one.pk == given["unit"])
        try:
            made = services.set_local_figure(
                rule_id, parameter="" if given["parameter"] == MAIN else given["parameter"], value=services.figure_of(given["value"]), unit=unit,
                since=given["since"], source=given["source"], reason=given["reason"], actor=request.actor, at=request.at,
            )  # fmt: skip
        except Blocked as blocked:
            refused = blocked
        except BadInput as bad:
            for name, texts in bad.errors.items():
                form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        else:
            messages.success(
                request,
                _("记下了：从%(day)s起，%(unit)s用%(figure)s。")
                % {"day": made.since, "unit": unit, "figure": made.text},
            )
            return redirect("rule", rule_id=rule_id)
    status = 422 if form.errors or refused else 200
    return render(
        request,
        "rulebook/change.html",
        {"entry": found, "rule": found.rule, "form": form, "refused": refused},
        status=status,
    )


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw a local figure."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("rulebook"))
    local = queries.local_rule(pk)
    last_day = _posted_day(request, "last_day", _today(request))
    services.withdraw_local_figure(
        local, last_day=last_day, reason=request.POST.get("reason", ""), actor=request.actor, at=request.at
    )
    messages.success(request, _("撤回了。"))
    return redirect("rule", rule_id=local.rule_id)


def _posted_day(request: Request, name: str, default: dt.date) -> dt.date:
    given = request.POST.get(name, "")
    try:
        return dt.date.fromisoformat(given) if given else default
    except ValueError:
        raise BadInput({name: _("这一天看不懂，写成2026-11-30这样。")}) from None


@require_POST
def confirm(request: Request, rule_id: str) -> HttpResponse:
    """Record that an officer compared an edition with its text."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("rule", args=[rule_id]))
    found = queries.entry(rule_id, on=_posted_day(request, "on", _today(request)), actor=request.actor)
    if not found.may_confirm:
        raise NotPermitted(open_to=[clause.says for clause in policies.CONFIRM.clauses])
    rule: Rule = found.rule
    services.confirm(
        rule_id, since=rule.since, unit=found.may_confirm[0], holds=request.POST.get("holds") == "1",
        note=request.POST.get("note", ""), actor=request.actor, at=request.at,
    )  # fmt: skip
    messages.success(request, _("核对结果记下了。"))
    return redirect("rule", rule_id=rule_id)
