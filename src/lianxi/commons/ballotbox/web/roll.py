"""The roll of a poll: drawn from a register, pasted, or read from a sheet; looked through before it is kept; printed for signing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lianxi.commons.papers.sheets import Column, Unreadable, open_table, text
from lianxi.commons.papers.sheets import name as person_name
from lianxi.commons.refusals import BadInput, ChangedMeanwhile, NotOpenFromHere, NotPermitted, Refusal
from lianxi.commons.views.acts import seen, standing

from .. import forms, pasted, policies, queries, rolls, services
from ..terms import State
from .desk import crumbs, put, standing_of

COLUMNS = (
    Column("name", gettext_lazy("姓名"), person_name(60), ("党员姓名", "选民姓名", "名字"), required=True, width=12, sample="周望舒"),
    Column("note", gettext_lazy("备注"), text(60), ("所在党支部", "支部", "单位", "小组", "说明"), width=20),
)  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: Any, pk: int) -> HttpResponse:
    """See the roll, and in a draft write it anew."""
    poll = queries.seen(pk, actor=request.actor)
    if not policies.ROLL.may(request.actor, poll):
        raise NotPermitted(open_to=[part.says for part in policies.ROLL.clauses if part.open])
    writes = poll.state == State.DRAFT and policies.RUN.may(request.actor, poll)
    after = request.GET.get("after", "")
    context: dict[str, Any] = {
        "poll": poll, "writes": writes, "crumbs": crumbs((poll.title, reverse("poll", args=[pk]))),
        "rows": queries.roll_page(poll, after=int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0),
        "sources": rolls.sources_for(poll.unit) if writes else [], "back": reverse("poll", args=[pk]),
    } | standing(request, poll)  # fmt: skip
    if not writes:
        if request.method == "POST" and not policies.RUN.may(request.actor, poll):
            raise NotPermitted(open_to=[part.says for part in policies.RUN.clauses if part.open])
        if request.method == "POST":
            sealed = NotOpenFromHere(_("名册已经封存，没有改。要改，先退回筹备。"), state=poll.state)
            return _refused(request, context, poll, forms.RollForm(request.POST), sealed)
        return render(request, "ballotbox/desk/roll.html", context)
    source = rolls.source_named(request.GET.get("draw", "")) if request.method == "GET" else None
    if source is not None:
        return _drawn(request, poll, source, context)
    if request.method == "POST":
        return _typed(request, poll, context)
    return render(request, "ballotbox/desk/roll.html", context | {"form": forms.RollForm()})


def _drawn(request: Any, poll: Any, source: rolls.RollSource, context: dict[str, Any]) -> HttpResponse:
    """From a register, to be looked through."""
    drawn = source.draw(poll.unit, actor=request.actor, on=timezone.localtime(request.at).date())
    form = forms.RollForm(initial={"names": pasted.written(list(drawn.entries)), "source": source.key})
    return _looked(request, context, form, list(drawn.entries), drawn=drawn)


def _typed(request: Any, poll: Any, context: dict[str, Any]) -> HttpResponse:
    """Pasted or from a sheet: looked through first, kept when the second button is pressed."""
    form = forms.RollForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "ballotbox/desk/roll.html", context | {"form": form}, status=422)
    names: list[rolls.Name] = form.cleaned_data["names"]
    said: list[str] = []
    origin = form.cleaned_data["source"] or "typed"
    if form.cleaned_data["file"]:
        try:
            more, said = _read(form.cleaned_data["file"])
        except Unreadable as problem:
            form.add_error("file", str(problem))
            return render(request, "ballotbox/desk/roll.html", context | {"form": form}, status=422)
        names, origin = names + more, "sheet"
    if not names:
        form.add_error("names", _("请写名单，或者选一个表格。"))
        return render(request, "ballotbox/desk/roll.html", context | {"form": form}, status=422)
    again = forms.RollForm(initial={"names": pasted.written(names), "source": origin})
    twice = pasted.twins(names)
    if "keep" not in request.POST or form.cleaned_data["file"] or any(one.same for one in twice):
        return _looked(request, context, again, names, said=said)
    try:
        services.set_roll(
            poll, entries=[(one.name, one.note) for one in names], source=_origin(request, poll, origin, names),
            actor=request.actor, at=request.at, seen=seen(request),
        )  # fmt: skip
    except BadInput as wrong:
        put(form, wrong)
        return render(request, "ballotbox/desk/roll.html", context | {"form": form}, status=422)
    except (ChangedMeanwhile, NotOpenFromHere) as error:
        return _refused(request, context, poll, again, standing_of(poll, error), names)
    done = ngettext("选民名册记下了，%(n)d人", "选民名册记下了，%(n)d人", len(names)) % {"n": len(names)}
    messages.success(request, done)
    return HttpResponseRedirect(reverse("poll", args=[poll.pk]))


def _refused(
    request: Any, context: dict[str, Any], poll: Any, form: forms.RollForm, refused: Refusal, names: Any = ()
) -> HttpResponse:
    """What was typed, and why it was not kept."""
    more = {"form": form, "names": names, **standing(request, poll, refused)}
    answer = render(request, "ballotbox/desk/roll.html", context | more, status=refused.status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _origin(request: Any, poll: Any, key: str, names: list[rolls.Name]) -> str:
    """Where the list comes from, as its history says it: drawn lists that were changed by hand are not called drawn."""
    source = rolls.source_named(key)
    if source is None or not source.applies(poll.unit):
        return "sheet" if key == "sheet" else "typed"
    drawn = source.draw(poll.unit, actor=request.actor, on=timezone.localtime(request.at).date())
    return key if list(drawn.entries) == names else "edited"


def _read(file: Any) -> tuple[list[rolls.Name], list[str]]:
    """Names of a sheet, and what is said about it. Raises Unreadable; a row without a usable name is told and left out."""
    names, said = [], []
    with open_table(file, COLUMNS) as table:
        for row in table.rows():
            said += [_("第%(row)d行：%(what)s") % {"row": row.number, "what": note} for note in row.notes]
            if row.values.get("name"):
                names.append(rolls.Name(str(row.values["name"]), pasted.plain(row.values.get("note") or "")))
            if len(names) > pasted.NAMES_AT_MOST:
                break
        said = [str(note) for note in table.notes] + said
    return names, said[:40]


def _looked(
    request: Any,
    context: dict[str, Any],
    form: forms.RollForm,
    names: list[rolls.Name],
    *,
    drawn: rolls.Drawn | None = None,
    said: list[str] | None = None,
) -> HttpResponse:
    """The list as it would be kept, with what is strange about it."""
    twice = pasted.twins(names)
    more = {
        "form": form, "names": names, "unclear": [one for one in twice if one.same], "clear": [one for one in twice if not one.same],
        "drawn": drawn, "said": said or [],
    }  # fmt: skip
    answer = render(request, "ballotbox/desk/roll.html", context | more)
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def sheet(request: Any, pk: int) -> HttpResponse:
    """签到表: the roll with room for a signature, on paper. That the names were looked at is on record."""
    poll = queries.seen(pk, actor=request.actor)
    rows = services.attendance_sheet(poll, actor=request.actor, at=request.at)
    answer = render(request, "ballotbox/desk/attendance_print.html", {"poll": poll, "rows": rows, "count": len(rows)})
    answer["Cache-Control"] = "private, no-store"
    return answer
