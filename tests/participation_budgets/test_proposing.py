"""Proposing twice, and where nothing can be proposed."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lianxi.participation.budgets.models import Proposal

pytestmark = pytest.mark.django_db
SAID = {"title": "修花坛", "text": "给二号楼前的花坛换土。", "asked": "3000"}


@pytest.fixture(autouse=True)
def _nobody_proposed_before(db: None) -> None:
    cache.clear()


def test_the_same_words_sent_twice_are_one_proposal(walk: Any) -> None:
    one = walk("proposing").round
    before = Proposal._base_manager.count()
    for _click in range(2):
        assert Client().post(f"/projects/{one.pk}/propose/", SAID).status_code == 200
    assert Proposal._base_manager.count() == before + 1
    Client().post(f"/projects/{one.pk}/propose/", SAID | {"asked": "4000"})
    assert Proposal._base_manager.count() == before + 2


def test_there_is_no_form_where_nothing_can_be_proposed(walk: Any) -> None:
    one = walk("voting").round
    before = Proposal._base_manager.count()
    shown = Client().get(f"/projects/{one.pk}/propose/")
    assert (shown.status_code, shown.headers["Location"]) == (302, f"/projects/{one.pk}/")
    assert Client().post(f"/projects/{one.pk}/propose/", SAID).status_code == 422
    assert Proposal._base_manager.count() == before
