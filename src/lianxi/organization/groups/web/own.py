"""The member's own pages: choose groups on the phone, see the own place and why, object."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.refusals import BadInput, NotOpenFromHere

from .. import forms, queries, services


@never_cache
@login_required
@require_safe
def my_groups(request: Any) -> HttpResponse:
    """The rounds that I take part in."""
    found = queries.my_rounds(actor=request.actor)
    if len(found) == 1:
        return HttpResponseRedirect(reverse("my_group_round", args=[found[0].round_id]))
    return render(request, "groups/mine.html", {"rounds": found})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_round(request: Any, pk: int) -> HttpResponse:
    """Choose, or see what came of it. Every button works without script; with it the list is changed in place."""
    it = queries.mine(pk, actor=request.actor, at=request.at)
    wishes, moved, error = list(it.person.wishes), 0, ""
    if request.method == "POST":
        wishes = _numbers(request.POST.getlist("wish"))
        act, _sep, about = request.POST.get("act", "").partition(":")
        if act == "hand-in":
            try:
                services.choose(it.person, wishes=wishes, actor=request.actor, at=request.at)
            except (BadInput, NotOpenFromHere) as refused:
                error = str(refused)
            else:
                messages.success(request, _("已交。到停止选组以前，都可以再改。"))
                return HttpResponseRedirect(reverse("my_group_round", args=[pk]))
        else:
            wishes, moved = arranged(wishes, act, _numbers([about])[0] if _numbers([about]) else 0, it)
    by = {one.pk: one for one in it.groups}
    chosen = [by[key] for key in wishes if key in by]
    context = {
        "it": it,
        "chosen": chosen,
        "rest": [one for one in it.groups if one not in chosen],
        "full": len(chosen) >= it.round.wishes_most,
        "moved": moved,
        "error": error,
        "changed": wishes != it.person.wishes or not it.person.answer,
    }
    return render(request, "groups/choose.html" if it.may_choose else "groups/placed.html", context, status=422 if error else 200)  # fmt: skip


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def arranged(wishes: list[int], act: str, key: int, it: queries.Mine) -> tuple[list[int], int]:
    """The wishes after one press of a button, and whose button keeps the focus."""
    known = {one.pk for one in it.groups if not one.shut}
    wishes = [one for one in dict.fromkeys(wishes) if one in known]
    if act == "add" and key in known and key not in wishes and len(wishes) < it.round.wishes_most:
        return [*wishes, key], key
    if key not in wishes:
        return wishes, 0
    at = wishes.index(key)
    if act == "drop":
        return [one for one in wishes if one != key], key
    other = at - 1 if act == "up" else at + 1 if act == "down" else -1
    if 0 <= other < len(wishes):
        wishes[at], wishes[other] = wishes[other], wishes[at]
    return wishes, key


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_objection(request: Any, pk: int) -> HttpResponse:
    """Object to the own place."""
    it = queries.mine(pk, actor=request.actor, at=request.at)
    back = reverse("my_group_round", args=[pk])
    form = forms.Objecting(request.POST if request.method == "POST" else None, record=it.person, request=request)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.object_to(it.person, **form.cleaned_data, actor=request.actor, at=request.at)
        except BadInput as wrong:
            for field, texts in wrong.errors.items():
                form.add_error(field if field in form.fields else None, [str(text) for text in texts])
        except NotOpenFromHere as refused:
            error = str(refused)
        else:
            messages.success(request, _("记下了，支部会答复您。"))
            return HttpResponseRedirect(back)
    status = 422 if form.errors or error else 200
    return render(request, "groups/object.html", {"it": it, "form": form, "back": back, "error": error}, status=status)
