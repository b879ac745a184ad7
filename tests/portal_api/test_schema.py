"""Schemathesis: every operation of the published schema, with what nobody would type."""

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from lianxi.portal.wsgi import application

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(street: SimpleNamespace, settings: Any, at: Any, lot: random.Random) -> Iterator[str]:
    from django.utils import timezone

    from lianxi.commons.permissions import ANYBODY
    from lianxi.commons.tokens import services as tokens
    from lianxi.participation.voices import services

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.THROTTLES = settings.THROTTLES | dict.fromkeys(("voices.raise_api", "voices.follow_api"), ((10_000, 60),))
    cache.clear()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    services.raise_voice(services.Said(text="路灯坏了三天了。", place=street.wanghuai), actor=ANYBODY, at=at, lot=lot)
    _token, text = tokens.issue(
        name="t",
        roles=["dispatcher"],
        days=5,
        actor=street.actor(street.dispatcher),
        at=timezone.now(),
        lot=random.Random(5),
    )
    yield text
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@schema.parametrize()
@hypothesis.settings(
    max_examples=6, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True
)
def test_every_operation_holds_to_its_schema(case: Any, token: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance])
