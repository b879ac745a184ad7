"""Pages: one's notices, how they come, what was not delivered, and the end of letters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput, NotFound

from . import queries, services
from .channels import carriers
from .kinds import Group, groups


class SettingsForm(forms.Form):
    """通知设置. In-app is always on, so it is no choice here."""

    channels = forms.MultipleChoiceField(
        label=_("除了站内，还发到"), required=False, widget=forms.CheckboxSelectMultiple
    )
    digest_at = forms.TimeField(
        label=_("每天汇总的时间"),
        help_text=_("不急的通知攒到这个时间，一次发给您。"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    quiet_from = forms.TimeField(label=_("免打扰从"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    quiet_until = forms.TimeField(
        label=_("免打扰到"),
        help_text=_("这段时间里不发信，到点再发；催办除外。两个时间一样，就是不设。"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    on = forms.MultipleChoiceField(
        label=_("哪些发信"),
        required=False,
        help_text=_("不选的只在站内看，不会漏。"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, shown: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = [(name, one.label) for name, one in carriers().items()]  # type: ignore[attr-defined]
        self.fields["on"].choices = [(one.name, one.label) for one in shown]  # type: ignore[attr-defined]


def _face(request: HttpRequest) -> dict[str, Any]:
    """Staff see the desk, residents the front."""
    return {"face": "desk.html" if request.actor.posts else "front.html"}  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> HttpResponse | None:
    """Where somebody without a person is sent to."""
    return None if request.actor.person_id else redirect_to_login(request.get_full_path())  # type: ignore[attr-defined]


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """通知: unread ones, or all; newest first."""
    if away := _person(request):
        return away
    every = request.GET.get("view") == "all"
    after = request.GET.get("after", "")
    page = queries.notices_of(
        request.actor,  # type: ignore[attr-defined]
        unread_only=not every,
        after=int(after) if after.isdecimal() and len(after) < 19 else None,
    )
    count = queries.unread(request.actor)  # type: ignore[attr-defined]
    views = [
        {"label": gettext("没看过"), "url": request.path, "count": count, "current": not every},
        {"label": gettext("全部"), "url": "?view=all", "count": None, "current": every},
    ]
    facts = {"page": page, "views": views, "every": every, "unread_count": count} | _face(request)
    facts["may_see_undelivered"] = request.actor.holds(Role.SYSTEM_ADMIN)  # type: ignore[attr-defined]
    return render(request, "notices/list.html", facts)


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks the notice as read and leads to what it is about."""
    if away := _person(request):
        return away
    notice = services.read(pk, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    ours = url_has_allowed_host_and_scheme(notice.link, None)
    return redirect(notice.link if ours else "notices")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """One as read, or all that the page showed."""
    if away := _person(request):
        return away
    one, up_to = request.POST.get("notice", ""), request.POST.get("up_to", "")
    if one.isdecimal():
        services.read(int(one), actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    else:
        services.read_all(actor=request.actor, at=request.at, up_to=int(up_to) if up_to.isdecimal() else None)  # type: ignore[attr-defined]
        messages.success(request, gettext("都标为看过了"))
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """通知设置."""
    if away := _person(request):
        return away
    person, wanted = queries.own_preference(request.actor)  # type: ignore[attr-defined]
    shown = [one for one in groups() if request.actor.posts or not one.staff]  # type: ignore[attr-defined]
    hidden = {one.name for one in groups()} - {one.name for one in shown}
    first = {
        "channels": wanted.channels,
        "digest_at": wanted.digest_at,
        "quiet_from": wanted.quiet_from,
        "quiet_until": wanted.quiet_until,
        "on": [one.name for one in shown if one.name not in wanted.off],
    }
    form = SettingsForm(request.POST or None, initial=first, shown=shown)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        on = typed.pop("on")
        off = [one.name for one in shown if one.name not in on] + [name for name in wanted.off if name in hidden]
        try:
            services.set_preferences(**typed, off=off, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
        except BadInput as refused:
            for field, texts in refused.errors.items():
                for text in texts:
                    form.add_error(field if field in form.fields else None, str(text))
        else:
            messages.success(request, gettext("通知设置存好了"))
            return redirect("notice_settings")
    status = 422 if form.errors else 200
    return render(request, "notices/settings.html", {"form": form, "person": person} | _face(request), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request: HttpRequest) -> HttpResponse:
    """没有送到的: for whoever looks after the system; 再发一次."""
    if away := _person(request):
        return away
    if not request.actor.holds(Role.SYSTEM_ADMIN):  # type: ignore[attr-defined]
        raise NotFound
    if request.method == "POST":
        one = request.POST.get("delivery", "")
        if not one.isdecimal():
            raise NotFound
        services.try_again(int(one), actor=request.actor, at=request.at)  # type: ignore[attr-defined]
        messages.success(request, gettext("排上了，马上再发"))
        return redirect("notices_undelivered")
    after = request.GET.get("after", "")
    rows = queries.in_trouble(
        after=int(after) if after.isdecimal() and len(after) < 19 else None, size=queries.PAGE + 1
    )
    more = rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None
    return render(
        request, "notices/undelivered.html", {"rows": rows[: queries.PAGE], "after": more, "face": "desk.html"}
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """不再收这样的邮件: asks on GET, does on POST. The link is the proof, so that mail programs may post it (RFC 8058)."""
    done = services.stop(token, at=request.at) if request.method == "POST" else ""  # type: ignore[attr-defined]
    return render(request, "notices/stop.html", {"done": done})
