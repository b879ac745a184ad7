"""The residents' pages: see a round, propose, vote with a code, see what one's own share paid for, check the result."""

import dataclasses
import json
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.permissions import asking
from lianxi.commons.refusals import BadInput, NotFound, NotOpenFromHere, TooMany
from lianxi.commons.throttling import address_of, guessing, spend
from lianxi.engines.budgeting import verifier_text

from .. import forms, queries, services
from .answers import as_file, as_json, private

RECEIPT = "ballot_receipt"
SHOWN_FOR = 600


@require_safe
def rounds(request: Any) -> HttpResponse:
    """Rounds that everybody sees."""
    return render(request, "budgets/front/rounds.html", {"rounds": queries.public_rounds()})


@require_safe
def one(request: Any, pk: int) -> HttpResponse:
    """A round: what it is, what is proposed, what came out."""
    found = queries.public_round(pk, actor=request.actor)
    context = {
        "round": found,
        "steps": queries.path_of(found),
        "proposals": queries.public_proposals(found),
        "shown": queries.public_result(found),
        "display": queries.display_of(found, at=request.at),
        "may_object": queries.may_object(found, at=request.at),
        "objections": queries.public_objections(found),
        "formers": queries.formers(found),
        "form": forms.Receipt(),
        "choices": forms.Choices(projects=queries.admitted(found)),
        "account": request.actor.person_id is not None,
        "follows": queries.follows(found, actor=request.actor),
    }
    return render(request, "budgets/front/round.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Any, pk: int) -> HttpResponse:
    """提项目, without an account."""
    found = queries.public_round(pk, actor=request.actor)
    if request.method != "POST" and not queries.takes_proposals(found):
        return HttpResponseRedirect(reverse("projects_round", args=[pk]))
    return _hand_in(
        request, found, services.propose, kind="proposal", form=forms.Propose, pages=("propose", "proposed")
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def follow_code(request: Any, code: str = "") -> HttpResponse:
    """What became of one's own proposal: by its code, typed or scanned."""
    form = forms.FollowCode(request.POST if request.method == "POST" else {"code": code} if code else None)
    if not form.is_bound:
        return render(request, "budgets/front/follow.html", {"form": form})
    if form.is_valid():
        address = address_of(request.META)
        try:
            with guessing("budgets.wrong_code", address, at=request.at):
                thing = services.with_follow_code(form.cleaned_data["code"])
        except (NotFound, TooMany) as refusal:
            form.add_error("code", str(refusal))
        else:
            return _followed(request, thing)
    return render(request, "budgets/front/follow.html", {"form": form}, status=422)


def _followed(request: Any, thing: Any) -> HttpResponse:
    if hasattr(thing, "against"):
        return render(request, "budgets/front/objection.html", {"it": queries.followed_objection(thing)})
    return render(request, "budgets/front/followed.html", {"it": queries.followed(thing)})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: Any, pk: int) -> HttpResponse:
    """提异议, without an account, while a result may be objected to."""
    found = queries.public_round(pk, actor=request.actor)
    if request.method != "POST" and not queries.may_object(found, at=request.at):
        return HttpResponseRedirect(reverse("projects_round", args=[pk]))
    return _hand_in(
        request, found, services.object_to, kind="objection", form=forms.Object, pages=("object", "objected")
    )


def _hand_in(request: Any, found: Any, do: Any, *, kind: str, form: Any, pages: tuple[str, str]) -> HttpResponse:
    """A form that somebody hands in without an account, and the code by which it is followed; `pages`: the form, the answer."""
    page, answer = (f"budgets/front/{name}.html" for name in pages)
    posted = request.method == "POST"
    filled = form(request.POST if posted else None, account=request.actor.person_id is not None)
    if not posted:
        return render(request, page, {"round": found, "form": filled})
    try:
        spend(f"budgets.{pages[0]}", address_of(request.META), at=request.at)
        if filled.is_valid():
            actor = dataclasses.replace(request.actor, as_resident=True)
            with asking(actor):
                made = do(found, **filled.cleaned_data, actor=actor, at=request.at)
                code = services.follow_code(made, lot=SystemRandom())
            url = request.build_absolute_uri(reverse("follow_scanned", args=[code]))
            return render(request, answer, {"round": found, kind: made, "code": code, "url": url})
    except BadInput as wrong:
        _put(filled, wrong)
    except (NotOpenFromHere, TooMany) as refusal:
        filled.add_error(None, str(refusal))
    return render(request, page, {"round": found, "form": filled}, status=422)


@require_POST
def follow(request: Any, pk: int) -> HttpResponse:
    """Be told of the rounds of this community, or no longer."""
    found = queries.public_round(pk, actor=request.actor)
    services.follow(found, actor=request.actor, wanted=request.POST.get("wanted") == "yes")
    return HttpResponseRedirect(reverse("projects_round", args=[pk]))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: Any, code: str = "") -> HttpResponse:
    """Show the code, get the ballot paper. The code of the printed slip may stand in the address that was scanned."""
    form = forms.Code(request.POST if request.method == "POST" else {"code": code} if code else None)
    if request.method != "POST" and not code:
        return render(request, "budgets/front/vote.html", {"form": forms.Code()})
    if not form.is_valid():
        return render(request, "budgets/front/vote.html", {"form": form}, status=422)
    try:
        slip = _slip(request, form.cleaned_data["code"])
    except (NotFound, TooMany) as refusal:
        form.add_error("code", str(refusal))
    except BadInput as wrong:
        _put(form, wrong)
    else:
        return _paper(request, slip, form.cleaned_data["code"])
    return render(request, "budgets/front/vote.html", {"form": form}, status=422)


@private
@require_POST
def ballot(request: Any) -> HttpResponse:
    """Put the ballot in; leads to its receipt."""
    typed = request.POST.get("code", "")
    code_form = forms.Code({"code": typed})
    try:
        slip = _slip(request, typed)
        form = forms.Choices(request.POST, projects=queries.admitted(slip.round))
        if not form.is_valid():
            return _paper(request, slip, typed, form, status=422)
        try:
            receipt_code = services.cast(typed, choices=form.numbers(), lot=SystemRandom())
        except BadInput as wrong:
            if "choices" not in wrong.errors:
                raise
            _put(form, wrong)
            return _paper(request, slip, typed, form, status=422)
    except (NotFound, NotOpenFromHere, TooMany) as refusal:
        code_form.add_error("code", str(refusal))
    except BadInput as wrong:
        _put(code_form, wrong)
    else:
        answer = HttpResponseRedirect(reverse("ballot_receipt"))
        answer.set_signed_cookie(
            RECEIPT, f"{slip.round_id}:{receipt_code}", salt="budgets.receipt", max_age=SHOWN_FOR, path=reverse("ballot_receipt"),
            httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
        return answer
    return render(request, "budgets/front/vote.html", {"form": code_form}, status=422)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: Any) -> HttpResponse:
    """The receipt, while its cookie lives; POST puts it away, for a screen that others use too."""
    kept = request.get_signed_cookie(RECEIPT, default="", salt="budgets.receipt", max_age=SHOWN_FOR)
    if request.method == "POST" or not kept:
        answer: HttpResponse = HttpResponseRedirect(reverse("projects"))
        answer.delete_cookie(RECEIPT, path=reverse("ballot_receipt"))
        return answer
    pk, _sign, code = kept.partition(":")
    found = queries.public_round(int(pk), actor=request.actor)
    return render(request, "budgets/front/receipt.html", {"round": found, "code": code})


@private
@require_POST
def share(request: Any, pk: int) -> HttpResponse:
    """What one's own share paid for: by the receipt, or by ticking a ballot like one's own. Nothing is kept."""
    found = queries.public_round(pk, actor=request.actor)
    projects = queries.admitted(found)
    form, choices = forms.Receipt(request.POST), forms.Choices(request.POST, projects=projects)
    context: dict[str, Any] = {"round": found, "form": forms.Receipt(), "choices": forms.Choices(projects=projects)}
    status = 200
    try:
        if "code" in request.POST:
            context["form"] = form
            own, chosen = form.is_valid(), []
            with guessing("budgets.wrong_code", address_of(request.META), at=request.at):
                if own:
                    chosen = queries.ballot_choices(services.with_receipt(found, request.POST["code"]))
        else:
            context["choices"] = choices
            chosen, own = (choices.numbers(), True) if choices.is_valid() else ([], False)
        if own:
            context["paid"], context["whole"], context["left"] = queries.paid_by(found, chosen)
            context["chosen"] = [p for p in projects if p.number in chosen]
            context["by_receipt"] = "code" in request.POST
        else:
            status = 422
    except (NotFound, NotOpenFromHere, TooMany) as refusal:
        form.add_error("code", str(refusal))
        status = 422
    return render(request, "budgets/front/share.html", context, status=status)


@require_safe
def certificate(request: Any, pk: int, former: int = 0) -> HttpResponse:
    """The certificate of a result that is or was on display."""
    found = queries.public_downloads(pk, actor=request.actor, former=former)
    return as_json(json.dumps(found["certificate"], ensure_ascii=False), _name(pk, former, "json"))


@require_safe
def ballots(request: Any, pk: int, former: int = 0) -> HttpResponse:
    """Projects and ballots of a result that is or was on display."""
    return as_file(queries.public_downloads(pk, actor=request.actor, former=former)["file"], _name(pk, former, "pb"))


def _name(pk: int, former: int, kind: str) -> str:
    return f"projects-{pk}-{former}.{kind}" if former else f"projects-{pk}.{kind}"


@require_safe
def verifier(request: Any) -> HttpResponse:
    """The program that checks a certificate, one file, to run on one's own machine."""
    return as_file(verifier_text(), "check_equal_shares.py")


def _slip(request: Any, typed: str) -> Any:
    slow = _("输错的次数太多了，请过一分钟再试。投票码没有失效。")
    with guessing("budgets.wrong_code", address_of(request.META), at=request.at, sentence=slow):
        return services.slip_of(typed)


def _paper(request: Any, slip: Any, code: str, form: Any = None, status: int = 200) -> HttpResponse:
    projects = queries.admitted(slip.round)
    context = {
        "round": slip.round,
        "code": code,
        "form": form or forms.Choices(projects=projects),
        "projects": projects,
    }
    return render(request, "budgets/front/ballot.html", context, status=status)


def _put(form: Any, wrong: BadInput) -> None:
    for name, texts in wrong.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
