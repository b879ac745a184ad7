"""有话要说: say something, without an account; and the receipt."""

import dataclasses
import secrets
from random import Random
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.blinding import blind
from lianxi.commons.permissions import asking
from lianxi.commons.refusals import BadInput, NotFound, TooMany
from lianxi.commons.throttling import address_of, give_back, spend

from .. import services
from ..forms.front import SayForm
from ..queries import front, joined, public
from ..terms import Channel, Kind
from .privacy import private
from .uploads import keeps_what_was_typed

SHOWN_FOR = 600
"""Seconds for which the page with the code can be loaded again. The code itself is kept nowhere but in the browser's cookie."""
RECEIPT = "receipt"


@private
@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: Any) -> HttpResponse:
    """The form. POST with `look` shows what is alike and public; any other raises the voice and leads to its receipt."""
    if request.method != "POST":
        joins = public.to_join(_number(request.GET.get("joins", "")))
        first = {"token": _token(), "place": joins.place.pk if joins else ""}
        return _page(request, SayForm(on=_today(request), initial=first), joins=joins)
    if request.POST.get("kind") == services.DISCIPLINE:
        return _discipline(request)
    form = SayForm(_with_token(request), request.FILES, on=_today(request))
    form.fields_of_account = request.actor.person_id is not None
    if "look" in request.POST:
        return _page(request, form, looked=True)
    return _raised(request, form)


def _raised(request: Any, form: SayForm) -> HttpResponse:
    """Raise what the form says, if this address may. Only what was raised counts."""
    address = address_of(request.META)
    try:
        spend(
            "voices.raise",
            address,
            at=request.at,
            sentence=_("从这里交得太快了。写的还在，过一分钟再点一次；急事请打电话。"),
        )
    except TooMany as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=429)
    answer = _taken(request, form)
    if answer.status_code != 302:
        give_back("voices.raise", address, at=request.at)
    return answer


def _taken(request: Any, form: SayForm) -> HttpResponse:
    """The way to the receipt, or the page again with what is to be mended."""
    if request.stale:
        form.add_error(None, _("这一页放得太久了，没有交上。写的还在，请再点一次“交给街道”。"))
    if form.data.get("website"):
        form.add_error("website", _("这一格要空着。请清空再交，或打电话说。"))
    if request.too_large:
        form.add_error(
            "photos", _("“%(name)s”超过20 MB，传不上来。换一张，或不传也行。") % {"name": request.too_large[0][:60]}
        )
    if not form.is_valid():
        return _page(request, form, status=422)
    token = signing.Signer(salt="voices.say").unsign(form.cleaned_data["token"])
    try:
        code = _raise(request, form, token)
    except services.DisciplineDoor:
        return _discipline(request)
    except BadInput as error:
        form.refuse(error)
        return _page(request, form, status=422)
    answer = HttpResponseRedirect(reverse("receipt"))
    answer.set_signed_cookie(
        RECEIPT, code, salt="voices.receipt", max_age=SHOWN_FOR, path=reverse("receipt"),
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _raise(request: Any, form: SayForm, token: str) -> str:
    """Raise the voice and give its code. The lot is drawn from the form's token and its text: a second sending of the
    same form draws the same code, finds that it is there, and shows the same receipt.
    """
    data = form.cleaned_data
    seed = blind(f"raise:{token}\0{data['text']}")
    code = _code_of(seed)
    if code:
        return code
    said = services.Said(
        text=data["text"],
        kind=data["kind"] or Kind.HELP,
        place=form.places.get(data["place"]),
        address=data["address"],
        naming=data["naming"],
        contact_name=data["contact_name"],
        phone=data["phone"],
        email=data["email"],
        channel=Channel.PHONE,
        language=get_language() or "zh-hans",
        accused_units=[form.units[key] for key in data["accused_units"]] if data["about"] else [],
        accused_words=data["accused_words"] if data["about"] else "",
        photos=[services.encode_anew(file, file.name or "") for file in data["photos"]],
    )
    actor = dataclasses.replace(request.actor, as_resident=True)
    try:
        with asking(actor), transaction.atomic():
            voice, code = services.raise_voice(said, actor=actor, at=request.at, lot=Random(seed))  # noqa: S311  (the seed is secret)
            if joins := _number(request.POST.get("joins", "")):
                services.join(voice, copy=joins, at=request.at)
            if point := services.point_of(request.POST.get("spot", "")):
                services.set_spot(voice, at=point)
    except BadInput:
        # Twice at the same moment: the second finds what the first has raised.
        if code := _code_of(seed):
            return code
        raise
    return code


def _code_of(seed: bytes) -> str:
    """The code that the lot of this seed draws, if its voice is there; else empty."""
    code = services.drawn_code(Random(seed))  # noqa: S311
    try:
        services.with_receipt(code)
    except NotFound:
        return ""
    return services.shown_code(code)


def _page(
    request: Any, form: SayForm, *, looked: bool = False, joins: public.Shown | None = None, status: int = 200
) -> HttpResponse:
    text = form.data.get("text", "") if form.is_bound else ""
    chosen = _number(request.POST.get("joins", ""))
    joins = joins or (public.to_join(chosen) if chosen else None)
    alike = public.alike(text, place=_number(form.data.get("place", ""))) if text else []
    shown = {
        "form": form,
        "usual": front.usual_answer(_today(request)),
        "alike": [row for row in alike if joins is None or row.pk != joins.pk],
        "joins": joins,
        "spot": request.POST.get("spot", "")[:60],
        "looked": looked,
        "units": public.public_units(_today(request)),
        "photos_lost": bool(request.method == "POST" and request.FILES),
        "named": request.actor.name if request.actor.person_id else "",
    }
    if looked:
        form.errors.clear()
    return render(request, "voices/front/say.html", shown, status=status)


@require_POST
def similar(request: Any) -> HttpResponse:
    """What is public and about much the same, as a fragment. By POST, so that no log keeps what is being written."""
    spend("voices.look", address_of(request.META), at=request.at)
    alike = public.alike(
        request.POST.get("text", "")[: services.TEXT_AT_MOST], place=_number(request.POST.get("place", ""))
    )
    chosen = _number(request.POST.get("joins", ""))
    return render(request, "voices/front/say.html#alike", {"alike": alike, "chosen": chosen})


@require_POST
def units(request: Any) -> HttpResponse:
    """Units with a public name to choose from, as a fragment. By POST: no log keeps whom it is about."""
    spend("voices.look", address_of(request.META), at=request.at)
    form = SayForm(request.POST, on=_today(request))
    found = public.units_named(request.POST.get("accused_words", ""), _today(request))
    return render(
        request,
        "voices/front/say.html#units",
        {"form": form, "found": [u for u in found if str(u.pk) not in form.units]},
    )


@require_safe
def discipline(request: HttpRequest) -> HttpResponse:
    """The right door for complaints about discipline. Nothing can be typed here (X-19)."""
    return render(request, "voices/front/discipline.html", {"law": front.discipline_rule(_today(request))})


def _discipline(request: Any) -> HttpResponse:
    """The same page, with what was written in it to copy; it is kept nowhere, and the draft on the device is forgotten."""
    shown = {"law": front.discipline_rule(_today(request)), "written": request.POST.get("text", "")[:20_000]}
    return render(request, "voices/front/discipline.html", shown, status=422)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: Any) -> HttpResponse:
    """The code, once: while its cookie lives. POST puts it away at once, for a screen that others use too."""
    if request.method == "POST":
        answer: HttpResponse = HttpResponseRedirect(reverse("front_door"))
        answer.delete_cookie(RECEIPT, path=reverse("receipt"))
        return answer
    return _receipt(request, "voices/front/receipt.html")


@private
@require_safe
def receipt_print(request: Any) -> HttpResponse:
    """The receipt on paper."""
    return _receipt(request, "voices/front/receipt_print.html")


def _receipt(request: Any, template: str) -> HttpResponse:
    code = request.get_signed_cookie(RECEIPT, default="", salt="voices.receipt", max_age=SHOWN_FOR)
    if not code:
        return HttpResponseRedirect(reverse("follow"))
    voice = services.with_receipt(code)
    url = request.build_absolute_uri(reverse("followed", args=[code]))
    return render(
        request,
        template,
        {
            "code": code,
            "url": url,
            "verify_url": url,
            "voice": voice,
            "next": front.what_comes(voice),
            "joined": joined.has_joined(voice),
        },
    )


def _today(request: Any) -> Any:
    return timezone.localtime(request.at).date()


def _token() -> str:
    return signing.Signer(salt="voices.say").sign(secrets.token_urlsafe(12))


def _with_token(request: Any) -> Any:
    """The posted data; a token that is not ours is replaced, so that nobody can choose a lot."""
    data = request.POST.copy()
    try:
        signing.Signer(salt="voices.say").unsign(data.get("token", ""))
    except signing.BadSignature:
        data["token"] = _token()
    return data


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
