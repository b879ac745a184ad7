"""The API's root: routers of the rooms, tokens, problems (RFC 9457)."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from lianxi.commons.permissions import Actor, permissions
from lianxi.commons.refusals import NotFound, Refusal
from lianxi.commons.rulebook import UnknownRule, book, rule
from lianxi.commons.tokens.services import NoToken
from lianxi.commons.units.queries import tree
from lianxi.participation.voices.api import residents as residents_router
from lianxi.participation.voices.api import router as voices_router
from lianxi.participation.voices.api.shapes import REFUSED, UnitOut


class Bearer(HttpBearer):
    """The middleware has read the token already; here it is only said that one is wanted."""

    def __call__(self, request: HttpRequest) -> Any:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.person_id is None:
            raise NoToken
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return token


api = NinjaAPI(
    title="Lianxi 联席",
    version="1",
    description="What the pages do. Tokens are made on the page of one's own account.",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/voices", voices_router)
api.add_router("/residents", residents_router)


def _answer(problem: dict[str, Any]) -> HttpResponse:
    import json

    return HttpResponse(
        json.dumps(problem, ensure_ascii=False), status=problem["status"], content_type="application/problem+json"
    )


@api.exception_handler(Refusal)
def refused(request: HttpRequest, exception: Refusal) -> HttpResponse:
    response = _answer(exception.problem())
    if exception.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    errors = [{"where": [str(part) for part in error["loc"]], "what": error["msg"]} for error in exception.errors]
    return _answer(
        {
            "type": "/problems/bad-input",
            "title": str(_("有几处要改。")),
            "status": 422,
            "detail": "; ".join(f"{'.'.join(e['where'])}: {e['what']}" for e in errors),
            "errors": errors,
        }
    )


@api.exception_handler(Http404)
def missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    return _answer(NotFound().problem())


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exception: HttpError) -> HttpResponse:
    return _answer(
        {
            "type": "/problems/bad-request",
            "title": str(exception),
            "status": exception.status_code,
            "detail": str(exception),
        }
    )


class FigureOut(Schema):
    name: str
    value: str
    unit: str


class RuleOut(Schema):
    id: str
    regulation: str
    article: str
    sentence: str
    figures: list[FigureOut]
    trust: str
    citation: str
    since: dt.date


class MeOut(Schema):
    name: str
    posts: list[dict[str, str | int]]
    permissions: list[str]


def _rule_out(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id, "regulation": str(entry.regulation), "article": str(entry.place), "sentence": str(entry.sentence),
        "figures": [{"name": name, "value": str(one.value), "unit": str(one.unit)} for name, one in entry.figures.items()],
        "trust": str(entry.trust),
        "citation": str(entry.citation), "since": entry.since,
    }  # fmt: skip


@api.get("/me", response={200: MeOut, **REFUSED}, tags=["account"], summary="Who the token is, with which posts")
def me(request: HttpRequest) -> Any:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "name": actor.name, "posts": [{"role": post.role, "unit": post.unit_id} for post in actor.posts],
        "permissions": sorted(one.name for one in permissions() if one.anywhere(actor)),
    }  # fmt: skip


@api.get("/units", response={200: list[UnitOut], **REFUSED}, auth=None, tags=["units"], summary="The unit tree")
def units(request: HttpRequest, kind: str = "") -> Any:
    return tree(kind)[:2000]


@api.get(
    "/rules", response={200: list[RuleOut], **REFUSED}, auth=None, tags=["rules"], summary="Rules in force on a day"
)
def rules(request: HttpRequest, on: dt.date | None = None) -> Any:
    day = on or request.at.date()  # type: ignore[attr-defined]
    return [_rule_out(entry) for entry in book().on(day)]


@api.get(
    "/rules/{rule_id}",
    response={200: RuleOut, **REFUSED},
    auth=None,
    tags=["rules"],
    summary="One rule on a day",
)
def one_rule(request: HttpRequest, rule_id: str, on: dt.date | None = None) -> Any:
    try:
        return _rule_out(rule(rule_id, on=on or request.at.date()))  # type: ignore[attr-defined]
    except UnknownRule as error:
        raise NotFound(str(error)) from error
