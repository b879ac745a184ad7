"""Programs that ask the API with a token, on the morning of the tests."""

import json
import random
from typing import Any
from unittest import mock

from django.test import Client

from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.tokens import services as tokens
from tests.street import NOON

API = "/api/v1"


class Program:
    """A program with a token of a person; `roles`: those that the token names, all of the person's if none are said."""

    def __init__(self, person: Any, *roles: str) -> None:
        actor = actor_of(person.pk, on=NOON.date())
        named = roles or sorted({post.role for post in actor.posts})
        _token, text = tokens.issue(
            name="测试", roles=list(named), days=300, actor=actor, at=NOON, lot=random.SystemRandom()
        )
        self.headers = {"Authorization": f"Bearer {text}"}

    def get(self, path: str) -> Any:
        with mock.patch("django.utils.timezone.now", return_value=NOON):
            return Client().get(f"{API}{path}", headers=self.headers)

    def post(self, path: str, /, **body: Any) -> Any:
        with mock.patch("django.utils.timezone.now", return_value=NOON):
            return Client().post(
                f"{API}{path}", json.dumps(body, default=str), content_type="application/json", headers=self.headers
            )


def refused(answer: Any, status: int, kind: str, *fields: str) -> dict[str, Any]:
    """Assert that the answer is that problem (RFC 9457), about these fields; gives the problem."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert {"title", "status", "detail"} <= set(problem)
    if fields:
        assert set(problem["errors"]) == set(fields), problem
        assert all(problem["errors"].values())
    return problem


def everything() -> dict[str, list[Any]]:
    """Each row of the organization's tables and the history beside them, so that "nothing changed" can be said of all of it."""
    from django.apps import apps

    names = ("units", "org_units", "members", "accounts", "protection")
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for app in names
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
