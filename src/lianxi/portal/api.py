"""The API's root: routers of the rooms, tokens, problems (RFC 9457)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from lianxi.commons.api import REFUSED, UnitOut, actor_of, at_of
from lianxi.commons.ballotbox.api import router as polls_router
from lianxi.commons.permissions import permissions
from lianxi.commons.refusals import BadInput, NotFound, Refusal
from lianxi.commons.rulebook import UnknownRule, book, rule
from lianxi.commons.tokens.services import NoToken
from lianxi.commons.units.queries import tree
from lianxi.organization.members.api import router as members_router
from lianxi.organization.members.api import transfers as transfers_router
from lianxi.organization.units.api import router as units_router
from lianxi.participation.voices.api import residents as residents_router
from lianxi.participation.voices.api import router as voices_router


class Bearer(HttpBearer):
    """The middleware has read the token already; here it is only said that one is wanted."""

    def __call__(self, request: HttpRequest) -> Any:
        actor = actor_of(request)
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
api.add_router("/units", units_router)
api.add_router("/members", members_router)
api.add_router("/transfers", transfers_router)
api.add_router("/polls", polls_router)


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
    """What the shape of the body forbids, by field as every other bad input."""
    errors: dict[str, list[str]] = {}
    for error in exception.errors:
        errors.setdefault(_field(error["loc"]), []).append(error["msg"])
    detail = "; ".join(f"{name}: {', '.join(texts)}" if name else ", ".join(texts) for name, texts in errors.items())
    return _answer(BadInput(errors, detail).problem())


def _field(loc: Sequence[Any]) -> str:
    """The field that an error of a shape lies in: ("body", "body", "accused_units", 0) → accused_units.0"""
    where = [str(part) for part in loc[1:]]
    return ".".join(where[1:] if loc[0] == "body" and len(where) > 1 else where)


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
    actor = actor_of(request)
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
    day = on or at_of(request).date()
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
        return _rule_out(rule(rule_id, on=on or at_of(request).date()))
    except UnknownRule as error:
        raise NotFound(str(error)) from error
