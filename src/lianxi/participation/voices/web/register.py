"""Register on behalf of a visitor, a caller or the writer of a letter, and the receipt to hand over."""

import random
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.permissions import NOBODY
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted, Refusal

from .. import policies, queries, services
from ..forms import desk as forms
from . import showing

LOT = random.SystemRandom()
KEPT = "voices.registered"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Any) -> HttpResponse:
    """代居民登记: the words as they were said, who said them, whom they are about."""
    if policies.REGISTER.q(request.actor) is NOBODY:
        raise NotPermitted(open_to=[clause.says for clause in policies.REGISTER.clauses])
    places = [queries.Choice(one.pk, str(one)) for one in queries.registers_for(request.actor)]
    units = queries.near_units(request.actor)
    form = forms.Register(request.POST or None, places=places, units=units)
    refused: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            voice, code = _raise(form.cleaned_data, request)
        except BadInput as error:
            for name, texts in error.errors.items():
                for text in texts:
                    form.add_error(
                        {"accused": "accused_unit"}.get(name, name)
                        if name in form.fields or name == "accused"
                        else None,
                        str(text),
                    )
        except NotFound:
            form.add_error("place", _("您不在这个社区的窗口，不能替它登记。"))
        except Refusal as error:
            refused = error
        else:
            request.session[KEPT] = {"pk": voice.pk, "code": code}
            return redirect("voices_receipt")
    status = refused.status if refused else 422 if form.is_bound else 200
    return render(request, "voices/desk/register.html", {"form": form, "refused": refused}, status=status)


def _raise(data: dict[str, Any], request: Any) -> tuple[Any, str]:
    said = services.Said(
        text=data["text"],
        title=data["title"],
        kind=data["kind"],
        topic=data["topic"],
        place=queries.unit_named(data["place"]),
        address=data["address"],
        naming=data["naming"],
        contact_name=data["contact_name"],
        phone=data["phone"],
        channel=data["channel"],
        accused_units=[queries.unit_named(data["accused_unit"])] if data["accused_unit"] else [],
        accused_words=data["accused_words"],
    )
    return services.raise_voice(said, actor=request.actor, at=request.at, lot=LOT)


@never_cache
@login_required
@require_safe
def receipt(request: Any) -> HttpResponse:
    """The receipt of what was just registered, to print and hand over; the code is not kept anywhere else."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("voices_register")
    voice = services.with_receipt(kept["code"])
    url = request.build_absolute_uri(f"/follow/{kept['code']}/")
    template = "voices/desk/receipt_print.html" if "print" in request.GET else "voices/desk/receipt.html"
    due = showing.due(voice, request.at)
    return render(
        request,
        template,
        {
            "voice": voice,
            "code": kept["code"],
            "url": url,
            "due": due,
            "verify_url": url,
            "may_open": policies.HISTORY.may(request.actor, voice),
        },
    )
