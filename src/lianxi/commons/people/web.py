"""Pages: what may I do here and why; people, their posts and accounts."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from lianxi.commons.accounts.again import asks_again, typed_before
from lianxi.commons.accounts.once import forgotten, sent_on, told_once
from lianxi.commons.permissions import Request
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.permissions.terms import ADMINS, Role
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted, Refusal
from lianxi.commons.views.queries import with_saved

from . import clock, queries, services
from . import policies as may
from .forms import AppointForm, EndForm, ExportForm, OpenAccountForm, ReasonForm

LOT = secrets.SystemRandom()


def _today(request: Request) -> dt.date:
    return timezone.localtime(request.at).date()


def _face(request: Request) -> str:
    """Staff see the desk, residents the front."""
    return "desk.html" if request.actor.posts else "front.html"


# What may I do here, and why ------------------------------------------------------------------------------------


@login_required
@require_safe
def my_permissions(request: Request) -> HttpResponse:
    """我能做什么: posts, and every permission with its reasons; `?of=voice:12` for one record."""
    if request.actor.person_id is None:
        raise NotFound
    of = request.GET.get("of", "")
    if of:
        found, kind = queries.answers_on(request.actor, of)
        return render(request, "people/permissions.html", {
            "face": _face(request), "one": kind, "number": of.partition(":")[2], "groups": queries.groups(found),
        })  # fmt: skip
    return render(request, "people/permissions.html", {
        "face": _face(request), "posts": queries.postings_of(request.actor.person_id, on=_today(request)),
        "groups": queries.groups(queries.answers(request.actor)), "me": True,
    })  # fmt: skip


@login_required
@require_safe
def permissions_of(request: Request, pk: int) -> HttpResponse:
    """The same about a person, for whoever looks after the posts."""
    person = may.PERMISSIONS.get(request.actor, pk=pk)
    who = actor_of(person.pk, on=_today(request))
    return render(request, "people/permissions.html", {
        "face": "desk.html", "person": person, "posts": queries.postings_of(person.pk, on=_today(request)),
        "groups": queries.groups(queries.answers(who)),
    })  # fmt: skip


# People and posts -----------------------------------------------------------------------------------------------


@login_required
@require_safe
def people(request: Request) -> HttpResponse:
    """The list."""
    asked = queries.Asked.of(request.GET)
    page = queries.page(asked, actor=request.actor, on=_today(request))
    return render(request, "people/list.html", {
        "asked": asked, "page": page, "filters": _filters(asked, request),
        "next": f"?{asked.query(after=page.next)}" if page.next else "",
        "may_appoint": _roles(request) != [], "may_open": may.OPEN_ACCOUNT.anywhere(request.actor),
        "may_export": request.actor.holds(Role.ORGANISER, Role.SECURITY_ADMIN),
        "keep": [(name, getattr(asked, name)) for name in ("view", "unit", "role") if getattr(asked, name)],
        "start": f"?{asked.query()}" if asked.after else "",
    } | with_saved(
        _views(asked), room="people", query=asked.query(), here=request.get_full_path(), plain=reverse("people"), actor=request.actor,
    ))  # fmt: skip


def _views(asked: queries.Asked) -> list[dict[str, Any]]:
    days = clock.lead().days
    words = {
        "now": _("在任"),
        "soon": ngettext("%(n)d天内到期", "%(n)d天内到期", days) % {"n": days},
        "past": _("曾任"),
        "none": _("有账号没有职务"),
        "all": _("全部"),
    }
    return [
        {"label": word, "url": f"?{asked.query(view=key)}", "count": None, "current": asked.view == key}
        for key, word in words.items()
    ]


def _filters(asked: queries.Asked, request: Request) -> list[dict[str, Any]]:
    def one(name: str, label: str, choices: list[tuple[Any, str]]) -> dict[str, Any]:
        now = getattr(asked, name)
        chosen = next((word for key, word in choices if key == now), label)
        options = [{"label": _("不限"), "url": f"?{asked.query(**{name: type(now)()})}", "current": not now}]
        options += [
            {"label": word, "url": f"?{asked.query(**{name: key})}", "current": key == now} for key, word in choices
        ]
        return {"label": chosen, "set": bool(now), "options": options}

    areas = [(unit.pk, unit.brief) for unit in queries.areas(request.actor)]
    return [one("unit", _("单位"), areas), one("role", _("职务"), [(key, str(word)) for key, word in Role.choices])]


@login_required
@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """A person's posts, account and history."""
    found = queries.record_of(pk, actor=request.actor, on=_today(request))
    return render(request, "people/record.html", {
        "it": found, "may_appoint": _roles(request) != [] and pk != request.actor.person_id,
        "crumbs": [(_("人员与任职"), reverse("people"))],
    })  # fmt: skip


def _roles(request: Request) -> list[str]:
    """The roles that the actor may give somewhere."""
    found: list[str] = []
    if request.actor.holds(Role.ORGANISER):
        found += [one for one in Role.values if one not in ADMINS]
    if request.actor.holds(Role.SECURITY_ADMIN):
        found += ADMINS
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def appoint(request: Request) -> HttpResponse:
    """任职: choose, see, prove who one is, do."""
    roles = _roles(request)
    if not roles:
        raise NotFound
    units = [(unit.pk, unit.name) for unit in queries.units_for(request.actor)]
    first = {"since": _today(request), "who": _known(request)}
    given = request.POST if request.method == "POST" else typed_before(request)
    form = AppointForm(given, units=units, roles=roles, initial=first)
    answer: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        unit = queries.unit_named(request.actor, typed["unit"])
        if unit is None:
            raise NotFound
        try:
            who = queries.person_for(typed["who"])
            services.appoint(
                who, unit=unit, role=typed["role"], since=typed["since"], until=typed["until"], head=typed["head"],
                reason=typed["reason"], actor=request.actor, at=request.at,
            )  # fmt: skip
        except BadInput as refused:
            form.refused(refused)
        except (Blocked, NotPermitted) as refused:
            answer = refused
        else:
            messages.success(request, _("%(who)s任%(unit)s%(role)s，已记下。") % {
                "who": who.name, "unit": unit.name, "role": Role(typed["role"]).label,
            })  # fmt: skip
            return HttpResponseRedirect(_home(request, who.pk))
    return render(
        request, "people/appoint.html", {"form": form, "refusal": answer}, status=_status(request, form, answer)
    )


def _known(request: Request) -> str:
    """The account name of the person whose page led here."""
    key = request.GET.get("person", "")
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return ""
    return queries.login_of(may.VIEW.get(request.actor, pk=int(key)))


def _home(request: Request, pk: int) -> str:
    """The person's page; whoever cannot see it goes back to the list."""
    return reverse("person", args=[pk]) if may.VIEW.all(request.actor).filter(pk=pk).exists() else reverse("people")


def _status(request: Request, form: Any, refusal: Refusal | None) -> int:
    if refusal:
        return refusal.status
    return 422 if request.method == "POST" and form.errors else 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def end_posting(request: Request, pk: int) -> HttpResponse:
    """卸任."""
    post = queries.posting(pk, actor=request.actor)
    given = request.POST if request.method == "POST" else typed_before(request)
    form = EndForm(given, initial={"last_day": _today(request)})
    answer: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.end_posting(post, **form.cleaned_data, actor=request.actor, at=request.at)
        except BadInput as refused:
            form.refused(refused)
        except (Blocked, NotPermitted) as refused:
            answer = refused
        else:
            messages.success(request, _("卸任记下了。"))
            return HttpResponseRedirect(_home(request, post.person_id))
    return render(request, "people/act.html", {
        "form": form, "refusal": answer, "title": _("结束职务"), "submit": _("结束职务"), "back": _home(request, post.person_id),
        "said": f"{post.person} · {queries.roles_of(post)}", "destructive": True,
    }, status=_status(request, form, answer))  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def export(request: Request) -> HttpResponse | FileResponse:
    """导出任职名单: as the list shows it, to whoever says what for."""
    if not request.actor.holds(Role.ORGANISER, Role.SECURITY_ADMIN):
        raise NotFound
    asked = queries.Asked.of(request.GET)
    given = request.POST if request.method == "POST" else typed_before(request)
    form = ExportForm(given)
    if request.method == "POST" and form.is_valid():
        file = services.export_people(
            asked, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at, on=_today(request)
        )
        answer = FileResponse(file.content, as_attachment=True, filename=file.file_name, content_type=file.content_type)
        answer["Cache-Control"] = "no-store"
        return answer
    return render(request, "people/act.html", {
        "form": form, "title": _("导出任职名单"), "submit": _("导出"), "back": f"{reverse('people')}?{asked.query()}",
        "said": _("按名单上选的条件导出姓名、单位、职务和任期，不含电话。"), "primary": True,
    }, status=_status(request, form, None))  # fmt: skip


# Accounts -------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def open_account(request: Request) -> HttpResponse:
    """开账号: the one-time password is shown once."""
    if not may.OPEN_ACCOUNT.anywhere(request.actor):
        raise NotFound
    given = request.POST if request.method == "POST" else typed_before(request)
    form = OpenAccountForm(given)
    if request.method == "POST" and form.is_valid():
        try:
            account, password = services.open_account(**form.cleaned_data, actor=request.actor, at=request.at, lot=LOT)
        except BadInput as refused:
            form.refused(refused)
        else:
            return _shown_once(request, account.person, account.username, password)
    return render(request, "people/act.html", {
        "form": form, "title": _("开账号"), "submit": _("开账号"), "back": reverse("people"), "primary": True,
        "said": _("账号只用来登录；能做什么，看职务。"),
    }, status=_status(request, form, None))  # fmt: skip


def _shown_once(request: Request, who: Any, username: str, password: str) -> HttpResponse:
    """Sent on to a page of its own, so that a reload does not do it again."""
    return sent_on(request, reverse("people_once"), pk=str(who.pk), who=str(who), username=username, password=password)


@login_required
@never_cache
@require_GET
def once(request: Request) -> HttpResponse:
    """The one-time password, once."""
    told = told_once(request)
    if told is None:
        return HttpResponseRedirect(reverse("people"))
    return forgotten(
        render(request, "people/once.html", {
            "person": told["who"], "username": told["username"], "password": told["password"],
            "back": _home(request, int(told["pk"])),
        }), reverse("people_once"),
    )  # fmt: skip


Act = Callable[[Request, Any, str], HttpResponse | None]


def _account_act(
    title: str, submit: str, said: str, act: Act, *, destructive: bool = False
) -> Callable[..., HttpResponseBase]:
    """A page that asks for a reason, and for proof, and then does one thing to an account."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @asks_again
    def view(request: Request, pk: int) -> HttpResponse:
        who = may.VIEW.get(request.actor, pk=pk)
        given = request.POST if request.method == "POST" else typed_before(request)
        form = ReasonForm(given)
        answer: Refusal | None = None
        if request.method == "POST" and form.is_valid():
            try:
                shown = act(request, who, form.cleaned_data["reason"])
            except BadInput as refused:
                form.refused(refused)
            except (Blocked, NotPermitted) as refused:
                answer = refused
            else:
                if shown is not None:
                    return shown
                messages.success(request, _("办好了，已记进经过。"))
                return HttpResponseRedirect(_home(request, pk))
        return render(request, "people/act.html", {
            "form": form, "refusal": answer, "title": _(title), "submit": _(submit), "said": f"{who} · {_(said)}",
            "back": _home(request, pk), "destructive": destructive, "primary": not destructive,
        }, status=_status(request, form, answer))  # fmt: skip

    return view


def _reset(request: Request, who: Any, reason: str) -> HttpResponse:
    password = services.reset_password(who, actor=request.actor, at=request.at, lot=LOT, reason=reason)
    return _shown_once(request, who, queries.login_of(who), password)


def _drop(request: Request, who: Any, reason: str) -> None:
    services.drop_second_factor(who, actor=request.actor, at=request.at, reason=reason)


def _disable(request: Request, who: Any, reason: str) -> None:
    services.disable(who, actor=request.actor, at=request.at, reason=reason)


def _enable(request: Request, who: Any, reason: str) -> None:
    services.enable(who, actor=request.actor, at=request.at, reason=reason)


reset_password = _account_act(
    gettext_noop("重设密码"),
    gettext_noop("重设密码"),
    gettext_noop("会得到一个一次性密码，现在的密码和打开的页面马上失效。"),
    _reset,
)
drop_second_factor = _account_act(
    gettext_noop("取消两步登录"), gettext_noop("取消两步登录"), gettext_noop("手机和恢复码都丢了时用。本人可以再开。"), _drop,
    destructive=True,
)  # fmt: skip
disable = _account_act(
    gettext_noop("停用账号"), gettext_noop("停用账号"), gettext_noop("打开的页面和接口令牌马上失效；职务不变。"), _disable,
    destructive=True,
)  # fmt: skip
enable = _account_act(
    gettext_noop("恢复账号"), gettext_noop("恢复账号"), gettext_noop("又可以用原来的密码登录。"), _enable
)
