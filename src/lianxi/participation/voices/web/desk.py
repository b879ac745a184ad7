"""The list of voices: tabs, filters, sorting, pages; its export, its print and what is done with several at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from lianxi.commons.accounts.again import proves_first
from lianxi.commons.papers.services import take_out
from lianxi.commons.papers.web import answer_of
from lianxi.commons.permissions import NOBODY
from lianxi.commons.refusals import NotFound, Refusal
from lianxi.commons.views.queries import with_saved

from .. import policies, queries, services
from ..forms import desk as forms
from ..queries import Asked
from ..services.exporting import VoiceList
from ..terms import Kind, State, Topic
from . import showing

ROOM = "voices"


@never_cache
@vary_on_headers("HX-Request")
@login_required
@require_safe
def index(request: Any) -> HttpResponse:
    """The list; for htmx only its fragment."""
    asked = Asked.of(request.GET)
    shown = listing(asked, request)
    return render(request, "voices/desk/list.html#list" if request.htmx else "voices/desk/list.html", shown)


def listing(asked: Asked, request: Any) -> dict[str, Any]:
    """Everything the list shows."""
    actor, at = request.actor, request.at
    page = queries.listed(asked, actor=actor, at=at)
    tabs = queries.tabs(actor=actor, at=at)
    request.open_voices = tabs[0].count
    plain = asked.query() == Asked(view=asked.view).query()
    count = next((tab.count for tab in tabs if tab.view == asked.view), None)
    if not plain:
        whole = not asked.after and not asked.before and not page.next
        count = len(page.rows) if whole else queries.counted(asked, actor=actor, at=at)
    filters = _filters(asked, request)
    shown: dict[str, Any] = {
        "asked": asked,
        "rows": [Row(voice, at) for voice in page.rows],
        "views": [
            {"label": tab.label, "url": "?" + Asked(view=tab.view, size=asked.size).query(), "count": tab.count,
             "current": tab.view == asked.view and plain}
            for tab in tabs
        ],
        "filters": filters,
        "keep": [(name, value) for name, value in _state(asked).items() if name != "q"],
        "clear": "?" + Asked(view=asked.view).query() if not plain else "",
        "count": count,
        "said": _position(asked, page, count),
        "sizes": [{"n": n, "url": "?" + asked.query(size=n), "current": n == asked.size} for n in queries.SIZES],
        "next": "?" + asked.query(after=page.next, start=asked.start + len(page.rows)) if page.next else "",
        "previous": "?" + asked.query(before=page.previous, start=max(asked.start - asked.size, 0)) if page.previous else "",
        "empty": _empty(asked, request) if not page.rows else None,
        "may_register": policies.REGISTER.q(actor) is not NOBODY,
        "may_figures": policies.FIGURES.q(actor) is not NOBODY,
        "may_sheet": policies.SHEET.q(actor) is not NOBODY,
    }  # fmt: skip
    return shown | with_saved(
        shown["views"], room=ROOM, query=asked.query(), here=request.get_full_path(), plain="/voices/", actor=actor
    )


class Row:
    """One row of the list."""

    def __init__(self, voice: Any, at: dt.datetime) -> None:
        self.voice = voice
        self.due = showing.due(voice, at)
        self.number = f"{voice.number:05d}"
        self.handler = voice.handler.name if voice.handler else ""
        self.unassigned = voice.state in (State.RECEIVED, State.ACCEPTED, State.REOPENED)


def _state(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(asked.query()).items()}


def _position(asked: Asked, page: queries.Page, count: int | None) -> str:
    if not page.rows:
        return ""
    first, last = asked.start + 1, asked.start + len(page.rows)
    if count is None:
        return _("第%(first)d—%(last)d件") % {"first": first, "last": last}
    return _("第%(first)d—%(last)d件，共%(count)d件") % {"first": first, "last": last, "count": count}


def _filters(asked: Asked, request: Any) -> list[dict[str, Any]]:
    """Menus whose choices are addresses."""
    places, owners = queries.places_and_owners(request.actor)

    def menu(
        name: str, word: str, everything: str, choices: Sequence[tuple[Any, Any]], none: Any = ""
    ) -> dict[str, Any]:
        now = getattr(asked, name)
        chosen = next((str(label) for value, label in choices if value == now), "")
        options = [{"label": everything, "url": "?" + asked.query(**{name: none}), "current": now == none}]
        options += [
            {"label": label, "url": "?" + asked.query(**{name: value}), "current": value == now}
            for value, label in choices
        ]
        return {"name": name, "label": chosen or word, "set": bool(chosen), "options": options}

    kinds = [*Topic.choices]
    return [
        menu("place", _("社区"), _("全部社区"), [(one.pk, one.as_place) for one in places], 0),
        menu("topic", _("类别"), _("全部类别"), kinds),
        menu("kind", _("类型"), _("全部类型"), [*Kind.choices]),
        menu("state", _("状态"), _("全部状态"), [*State.choices]),
        menu("owner", _("承办"), _("全部单位"), [(one.pk, str(one)) for one in owners], 0),
        {
            "name": "order",
            "label": ORDERS[asked.order],
            "set": asked.order != "due",
            "options": [
                {"label": label, "url": "?" + asked.query(order=key), "current": key == asked.order}
                for key, label in ORDERS.items()
            ],
        },
    ]


ORDERS = {
    "due": gettext_lazy("期限：先到的在前"),
    "-due": gettext_lazy("期限：后到的在前"),
    "-received": gettext_lazy("收到：新的在前"),
    "received": gettext_lazy("收到：早的在前"),
}


def _empty(asked: Asked, request: Any) -> dict[str, Any]:
    """Nothing found: which condition to take away, and how many there would be."""
    names = {
        "q": asked.q,
        "state": State(asked.state).label if asked.state else "",
        "topic": Topic(asked.topic).label if asked.topic else "",
        "kind": Kind(asked.kind).label if asked.kind else "",
        "owner": str(queries.unit_named(asked.owner)) if asked.owner else "",
        "place": str(queries.unit_named(asked.place)) if asked.place else "",
    }
    for name, word in names.items():
        if not word:
            continue
        wider = {name: 0 if name in ("place", "owner") else ""}
        address = asked.query(**wider)
        n = queries.counted(
            Asked.of({k: v[0] for k, v in parse_qs(address).items()}), actor=request.actor, at=request.at
        )
        if n:
            return {
                "title": _("这组条件下没有找到"),
                "text": _("去掉“%(word)s”有%(n)d件。") % {"word": word, "n": n},
                "url": "?" + address,
                "button": _("去掉“%(word)s”") % {"word": word},
            }
    if any(names.values()):
        return {
            "title": _("这组条件下没有找到"),
            "text": _("换个条件，或看全部。"),
            "url": "?view=all",
            "button": _("看全部"),
        }
    titles = {
        "late": _("没有逾期的民情"),
        "soon": _("没有快到期的民情"),
        "waiting": _("没有等居民补充的民情"),
        "second": _("没有二次办理的民情"),
        "mine": _("没有由您承办的民情"),
    }
    soonest = queries.listed(Asked(size=10), actor=request.actor, at=request.at).rows[:1]
    text = ""
    if soonest and soonest[0].due_at:
        text = _("最近到期的是%(number)05d号，%(due)s。") % {
            "number": soonest[0].number,
            "due": showing.due(soonest[0], request.at)["text"],
        }
    return {
        "title": titles.get(asked.view, _("现在没有民情")),
        "text": text,
        "url": "?" if asked.view != "open" else "",
        "button": _("看全部在办"),
    }


# Export ---------------------------------------------------------------------------------------------------------


@login_required
@require_safe
@proves_first
def taken_out(request: Any, format: str) -> Any:
    """Export what the filter shows, as the person who asked; contacts are not among the columns."""
    taken = take_out(
        VoiceList(), asked=Asked.of(request.GET).query(), format=format, language=request.LANGUAGE_CODE,
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return answer_of(request, taken)


# Several at once ------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def printed(request: Any) -> HttpResponse:
    """The chosen voices, or one page of the list, on paper."""
    keys = _keys(request.GET)
    rows = (
        queries.picked(keys, actor=request.actor)
        if keys
        else queries.listed(Asked.of(request.GET), actor=request.actor, at=request.at).rows
    )
    return render(request, "voices/desk/list_print.html", {"rows": [Row(voice, request.at) for voice in rows]})


def _keys(data: Any) -> list[int]:
    return [int(key) for key in data.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: Any, name: str) -> HttpResponse:
    """派给 or 催办 for the chosen voices: a page that names them, then each through its own service, told one by one."""
    if name not in ("dispatch", "urge"):
        raise NotFound
    data = request.POST if request.method == "POST" else request.GET
    voices = queries.picked(_keys(data), actor=request.actor)
    if not voices:
        messages.error(request, _("没有选民情。"))
        return redirect("voices")
    form = _together_form(name, voices, request)
    if request.method == "POST" and form.is_valid():
        results = [_one(name, voice, form.cleaned_data, request) for voice in voices]
        return render(
            request,
            "voices/desk/together_done.html",
            {"name": name, "results": results, "done": sum(not r["refusal"] for r in results)},
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "voices/desk/together.html", {"name": name, "voices": voices, "form": form}, status=status)


def _together_form(name: str, voices: list[Any], request: Any) -> Any:
    data = request.POST if request.method == "POST" else None
    on = timezone.localtime(request.at).date()
    if name == "urge":
        return forms.UrgeTogether(data)
    form = forms.DispatchTogether(data)
    form.fields["to"].offer(  # type: ignore[attr-defined]
        list(queries.may_take(voices[0], on=on))
    )
    return form


def _one(name: str, voice: Any, data: dict[str, Any], request: Any) -> dict[str, Any]:
    who = {"actor": request.actor, "at": request.at, "seen": _seen(request, voice)}
    try:
        if name == "urge":
            services.urge(voice, reason=data["reason"], **who)
        else:
            services.dispatch(voice, to=queries.unit_named(data["to"]), reason=data["reason"], **who)
    except Refusal as refusal:
        return {"voice": voice, "refusal": refusal}
    return {"voice": voice, "refusal": None}


def _seen(request: Any, voice: Any) -> int | None:
    text = request.POST.get(f"seen_{voice.pk}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
