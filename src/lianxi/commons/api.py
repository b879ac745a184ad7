"""What every room's API has in common: who asks, strict bodies, problems."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field, field_validator

from .permissions import Actor


def who(request: HttpRequest) -> dict[str, Any]:
    """`actor` and `at` of a request, as every service takes them."""
    return {"actor": actor_of(request), "at": at_of(request)}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def at_of(request: HttpRequest) -> dt.datetime:
    return request.at  # type: ignore[attr-defined,no-any-return]


class Strict(Schema):
    """Takes nothing that it does not know, and no text that a database or a page cannot hold."""

    model_config = ConfigDict(extra="forbid", str_max_length=6000)

    @field_validator("*")
    @classmethod
    def holdable(cls, value: Any) -> Any:
        if isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)):
            raise ValueError("text with a null or a lone surrogate")
        return value


class Seen(Strict):
    """`seen`: the version that the caller has read; a later change is answered with 409."""

    seen: int | None = Field(None, ge=0, le=2**31 - 1)


Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The key of a record."""


def among(words: Any, *, blank: bool = False) -> Any:
    """A text that is one of these values. Said in the schema; the refusal comes from the page's form, in the reader's language."""
    values = ["", *words.values] if blank else list(words.values)
    return Annotated[str, Field(json_schema_extra={"enum": values})]


class UnitOut(Schema):
    id: int
    name: str
    kind: str


class CheckOut(Schema):
    rule: str
    citation: str
    required: str
    found: str
    passed: bool


class StepOut(Schema):
    verb: str
    label: str
    allowed: bool
    because: list[str]
    open_to: list[str]
    checks: list[CheckOut]


def step_out(step: Any) -> dict[str, Any]:
    """A step of a walk (`workflow.walk.Step`): may I, why, what is missing."""
    return {
        "verb": step.verb, "label": str(step.label), "allowed": bool(step.why), "because": [str(t) for t in step.why.because],
        "open_to": [str(t) for t in step.why.open_to],
        "checks": [
            {"rule": c.rule.id, "citation": c.citation, "required": str(c.required), "found": str(c.found), "passed": c.passed}
            for c in step.checks
        ],
    }  # fmt: skip


class Problem(Schema):
    """RFC 9457. `errors`: field → sentences; `missing`: conditions with article; `open_to`: for whom the step is."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] = {}
    missing: list[str] = []
    open_to: list[str] = []


REFUSED = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)
"""What any operation may answer besides its own."""
