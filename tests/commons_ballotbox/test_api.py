"""Secret votes over the API, to be read by whoever sees them on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.commons_ballotbox.conftest import Vote
from tests.programs import Program

pytestmark = pytest.mark.django_db


def test_a_program_reads_what_its_person_sees(led: Callable[..., Vote], street: Any) -> None:
    vote = led("published", choices=[[[1, 0], [1, 0]], [[0, 1], [1, 0]], [[1, 0], [0, 0]]])
    mine, strange = Program(street.secretary), Program(street.other_handler)
    base = f"/polls/{vote.poll.pk}"
    listed = mine.get("/polls?view=published").json()
    assert [(one["id"], one["ballots"], one["voters"]) for one in listed["rows"]] == [(vote.poll.pk, 3, 3)]
    assert mine.get(base).json()["archive_hash"] == vote.poll.archive_hash
    result = mine.get(f"{base}/result").json()
    assert [[mark["n"] for mark in line["marks"]] for line in result["lines"]] == [[2, 1, 0], [2, 0, 1]]
    assert strange.get("/polls?view=all").json()["rows"] == []
    assert strange.get(base).status_code == 404
    assert Client().get(f"/api/v1{base}").status_code == 401


def test_there_is_no_result_before_the_count(led: Callable[..., Vote], street: Any) -> None:
    vote = led("added_up")
    assert Program(street.secretary).get(f"/polls/{vote.poll.pk}/result").status_code == 404
