"""Every page of a resident answers, in both languages, and says what it should."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

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


@pytest.mark.parametrize(("address", "most"), [("/", 3), ("/say/", 3), ("/public/", 5), ("/follow/{code}/", 24)])
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
