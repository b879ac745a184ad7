"""Every page of a resident answers, in both languages, and says what it should."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxi.participation.voices.queries import public

from .conftest import Followed

PLAIN = ("/", "/say/", "/follow/", "/public/", "/discipline/", "/accessibility/", "/privacy/")


@pytest.mark.parametrize("address", PLAIN)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_answers(street: SimpleNamespace, open_copy: Callable[..., Any], address: str, language: str) -> None:
    open_copy()
    page = Client(headers={"accept-language": language}).get(address)
    assert page.status_code == 200
    assert "<h1" in page.content.decode()


def test_follow_answers(street: SimpleNamespace, answered: Callable[..., Followed], phone: Client) -> None:
    voice, code = answered()
    page = phone.get(f"/follow/{code}/")
    assert page.status_code == 200, page.content.decode()[:2000]
    text = page.content.decode()
    assert code in text
    assert "已接好线路" in text


@pytest.mark.parametrize(("address", "most"), [("/", 3), ("/say/", 3), ("/public/", 4), ("/follow/{code}/", 26)])
def test_the_queries_of_a_page_are_bounded(
    open_copy: Callable[..., Any],
    answered: Callable[..., Followed],
    phone: Client,
    django_assert_max_num_queries: Any,
    address: str,
    most: int,
) -> None:
    for n in range(4):
        open_copy(title=f"第{n}件")
    _voice, code = answered()
    with django_assert_max_num_queries(most):
        assert phone.get(address.format(code=code)).status_code == 200


def test_the_months_of_the_public_list_take_one_query(
    open_copy: Callable[..., Any], now: Any, django_assert_num_queries: Any
) -> None:
    """However many months there are, and each once; a month without a copy is not offered."""
    copies = [open_copy(title=f"第{n}件") for n in range(4)]
    for copy, days in zip(copies, (0, 1, 100, 400), strict=True):
        type(copy)._base_manager.filter(pk=copy.pk).update(published_at=now - dt.timedelta(days=days))
    expected = sorted(
        {f"{timezone.localtime(now - dt.timedelta(days=days)):%Y-%m}" for days in (0, 1, 100, 400)}, reverse=True
    )
    with django_assert_num_queries(1):
        assert public.months(now) == expected
