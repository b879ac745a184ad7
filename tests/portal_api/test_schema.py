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
from tests.organization import grow

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(street: SimpleNamespace, settings: Any, at: Any, lot: random.Random) -> Iterator[str]:
    import datetime as dt

    from django.utils import timezone

    from lianxi.commons.permissions import ANYBODY
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.tokens import services as tokens
    from lianxi.organization.members import services as members
    from lianxi.organization.units import services as units
    from lianxi.participation.voices import services

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.THROTTLES = settings.THROTTLES | dict.fromkeys(
        ("voices.raise_api", "voices.follow_api", "members.reveal_api"), ((10_000, 60),)
    )
    cache.clear()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    services.raise_voice(services.Said(text="路灯坏了三天了。", place=street.wanghuai), actor=ANYBODY, at=at, lot=lot)
    grow(street)
    who = {"actor": street.actor(street.organiser), "at": at}
    units.begin_term(street.first, since=dt.date(2022, 3, 1), **who)
    members.request_transfer(street.members["gu"], target=street.far, reason="搬家", **who)
    for role in ("organiser", "secretary"):
        Posting.objects.create(person=street.dispatcher, unit=street.top, role=role, since=dt.date(2025, 1, 1))
    _token, text = tokens.issue(
        name="t",
        roles=["dispatcher", "organiser", "secretary"],
        days=5,
        actor=street.actor(street.dispatcher),
        at=timezone.now(),
        lot=random.Random(5),
    )
    yield text
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def known(path: str, street: SimpleNamespace) -> int:
    """The key of a record that is there, by the address that wants one."""
    from lianxi.organization.members.models import Transfer
    from lianxi.participation.voices.models import Voice

    room = path.split("/")[3]
    found = {"units": street.first, "members": street.members["zhou"], "transfers": Transfer.objects.first()}.get(room)
    return int((found or Voice._base_manager.get()).pk)


@pytest.mark.slow
@schema.parametrize()
@hypothesis.settings(max_examples=4, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
def test_every_operation_holds_to_its_schema(case: Any, token: str, street: SimpleNamespace) -> None:
    """With the keys that were made up, and again with the key of a record that is there."""
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    headers = {"Authorization": f"Bearer {token}"}
    case.validate_response(case.call(headers=headers), checks=checks)
    if "pk" in (case.path_parameters or {}):
        case.path_parameters["pk"] = known(case.operation.full_path, street)
        case.validate_response(case.call(headers=headers), checks=checks)
