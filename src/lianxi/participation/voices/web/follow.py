"""查进度: follow a matter with its receipt code, rate it, add to it; and the photos, which are served through the door only."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.permissions import Actor, asking
from lianxi.commons.refusals import BadInput, NotFound, NotOpenFromHere, NotPermitted, Refusal, TooMany
from lianxi.commons.throttling import address_of, forget, once, spending

from .. import services
from ..forms.front import AddForm, CodeForm, RateForm
from ..queries import front
from .privacy import private
from .uploads import keeps_what_was_typed

OPEN_FOR = 3600
"""Seconds for which a browser that showed a code may load the photos and send its forms without counting as a guess."""
KEPT = "followed"
SLOW = gettext_lazy("输错的次数太多了。为了不让别人乱猜，请过一分钟再试。您的收件码没有失效；着急可以打电话。")


@dataclass(frozen=True, slots=True)
class Matter:
    """A voice and how it was opened: by `code`, or by being its author, logged in."""

    pk: int
    actor: Actor
    code: str = ""

    @property
    def url(self) -> str:
        return reverse("followed", args=[self.code]) if self.code else reverse("my_voice", args=[self.pk])


def opened(request: Any, typed: str) -> Matter:
    """The matter of a typed code. Raises NotFound for a wrong one (counted), TooMany for whoever tried too many.

    While an address must wait, right codes are refused like wrong ones, except to a browser that has shown this one.
    """
    try:
        voice = services.with_receipt(typed)
    except NotFound:
        services.guessed_wrong(address_of(request.META), at=request.at, sentence=SLOW)
        raise
    kept = _kept(request)
    if str(voice.pk) not in kept:
        services.may_guess(address_of(request.META), at=request.at, sentence=SLOW)
    kept[str(voice.pk)] = int(request.at.timestamp()) + OPEN_FOR
    request.session[KEPT] = kept
    code = services.shown_code(services.normal_code(typed))
    actor = dataclasses.replace(request.actor, receipts=frozenset({voice.pk}), as_resident=True)
    return Matter(voice.pk, actor, code)


def _kept(request: Any) -> dict[str, int]:
    now = request.at.timestamp()
    return {key: until for key, until in request.session.get(KEPT, {}).items() if until > now}


@private
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Any) -> HttpResponse:
    """Asks for the code. By POST, so that it stands in no address that is kept."""
    if request.method != "POST":
        return render(request, "voices/front/follow.html", {"form": CodeForm()})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "voices/front/follow.html", {"form": form}, status=422)
    return _opened(request, form.cleaned_data["code"], then=lambda matter: HttpResponseRedirect(matter.url))


@private
@require_safe
def followed(request: Any, code: str) -> HttpResponse:
    """The matter of a code. Another way of writing the code leads to the one on the receipt."""

    def shown(matter: Matter) -> HttpResponse:
        return HttpResponseRedirect(matter.url) if code != matter.code else _page(request, matter)

    return _opened(request, code, then=shown)


def _opened(request: Any, typed: str, *, then: Any) -> HttpResponse:
    try:
        matter = opened(request, typed)
    except (NotFound, TooMany) as refusal:
        form = CodeForm({"code": typed[:60]})
        form.add_error("code", str(refusal))
        answer = render(request, "voices/front/follow.html", {"form": form}, status=refusal.status)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the address, code and all, to the log
        return answer
    return then(matter)  # type: ignore[no-any-return]


def _page(request: Any, matter: Matter, *, rate: Any = None, add: Any = None, status: int = 200) -> HttpResponse:
    shown = {
        "f": front.followed(matter.pk, actor=matter.actor, at=request.at),
        "code": matter.code,
        "url": request.build_absolute_uri(matter.url),
        "rate": rate or RateForm(prefix="r"),
        "add": add or AddForm(prefix="a"),
        "adding": add is not None,
        "sent": status == 200,
        "photos_lost": bool(request.method == "POST" and request.FILES),
    }
    return render(request, "voices/front/followed.html", shown, status=status)


def _posted(request: Any) -> Matter:
    """The matter that a form belongs to: it carries the code, or the key of an own voice; no address does."""
    if code := request.POST.get("code", ""):
        return opened(request, code)
    own = request.POST.get("own", "")
    if not (own.isascii() and own.isdigit() and len(own) < 19 and request.actor.person_id):
        raise NotFound
    return Matter(int(own), dataclasses.replace(request.actor, as_resident=True))


@private
@keeps_what_was_typed
@require_POST
def rate(request: Any) -> HttpResponse:
    """评价."""
    matter = _posted(request)
    form = RateForm(request.POST, prefix="r")
    if request.stale:
        form.add_error(None, _("这一页放得太久了，没有交上。请再点一次“交评价”。"))
    if not form.is_valid():
        return _page(request, matter, rate=form, status=422)
    try:
        with asking(matter.actor):
            voice = services.rate(_voice(matter), **form.cleaned_data, actor=matter.actor, at=request.at)
    except NotOpenFromHere:
        messages.info(request, _("这件事已经评价过，或评价期限已过，没有再改。"))
    except BadInput as error:
        for name, texts in error.errors.items():
            for text in texts:
                form.add_error(name, text)
        return _page(request, matter, rate=form, status=422)
    else:
        messages.success(request, _thanks(voice))
    return HttpResponseRedirect(matter.url)


def _thanks(voice: Any) -> str:
    """记下了：没有解决。… Says what comes of it, and by when."""
    said = voice.get_solved_resident_display() if voice.satisfied != "no" else voice.get_satisfied_display()
    if voice.state == "unsatisfied" and voice.due_at:
        return _("记下了：%(said)s。%(day)s前重新办理，由单位负责人参加。") % {
            "said": said,
            "day": front.day_words(voice.due_at),
        }
    return _("记下了：%(said)s。") % {"said": said}


@private
@keeps_what_was_typed
@require_POST
def add(request: Any) -> HttpResponse:
    """补充情况, or the answer to what was asked."""
    matter = _posted(request)
    form = AddForm(request.POST, request.FILES, prefix="a")
    if request.stale:
        form.add_error(None, _("这一页放得太久了，没有交上。写的还在，请再点一次。"))
    if request.too_large:
        form.add_error(
            "photos", _("“%(name)s”超过20 MB，传不上来。换一张，或不传也行。") % {"name": request.too_large[0][:60]}
        )
    if not form.is_valid():
        return _page(request, matter, add=form, status=422)
    try:
        _add_once(request, matter, form.cleaned_data)
    except BadInput as error:
        for name, texts in error.errors.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return _page(request, matter, add=form, status=422)
    except TooMany:
        form.add_error(None, _("从这里交得太快了。写的还在，过一分钟再点一次；急事请打电话。"))
        return _page(request, matter, add=form, status=429)
    except (NotOpenFromHere, NotPermitted):
        form.add_error(None, _("这件事已经办结，不能再补充。有新情况请重新说一件，或打电话。"))
        return _page(request, matter, add=form, status=409)
    messages.success(request, _("记下了，承办人能看到。"))
    return HttpResponseRedirect(matter.url)


def _add_once(request: Any, matter: Matter, data: dict[str, Any]) -> None:
    """A second sending of the same words within the hour is taken as the same."""
    same = f"{matter.pk}\0{data['text']}"
    if not once("voices.add", same, seconds=OPEN_FOR):
        return
    try:
        with spending("voices.raise", address_of(request.META), at=request.at), asking(matter.actor):
            photos = [services.encode_anew(file, file.name or "") for file in data["photos"]]
            services.add_with_photos(
                _voice(matter), text=data["text"], photos=photos, actor=matter.actor, at=request.at
            )
    except Refusal:
        forget("voices.add", same)
        raise


def _voice(matter: Matter) -> Any:
    return front.own_voice(matter.pk, actor=matter.actor)


@private
@require_safe
def photo(request: Any, key: Any) -> FileResponse:
    """A photo, to whoever may view its voice, or showed its code in this browser within the hour."""
    receipts = frozenset(int(pk) for pk in _kept(request))
    found = front.photo_of(key, actor=dataclasses.replace(request.actor, receipts=receipts))
    answer = FileResponse(found.image.open("rb"), content_type="image/jpeg")
    answer["Content-Disposition"] = 'inline; filename="photo.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@private
@login_required
@require_safe
def my_voices(request: Any) -> HttpResponse:
    """What the person who is logged in has raised under a name."""
    return render(request, "voices/front/my_voices.html", {"rows": front.own_rows(actor=request.actor, at=request.at)})


@private
@login_required
@require_safe
def my_voice(request: Any, pk: int) -> HttpResponse:
    """One of them: the same page as with a code."""
    return _page(request, Matter(pk, request.actor))
