"""Walked voices, and what was told."""

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.notices.models import Notice
from tests.voices_walk.conftest import show_receipt, walked  # noqa: F401


@pytest.fixture
def told(street: Any) -> Any:
    """Runs every `voices.tell` that waits, once; gives (kind, name of the recipient) of the notices that came to be."""
    from lianxi.participation.voices.services import telling

    done: set[int] = set()

    def run(at: Any) -> set[tuple[str, str]]:
        before = set(Notice.objects.values_list("pk", flat=True))
        for job in ProcrastinateJob.objects.filter(task_name="voices.tell").exclude(pk__in=done).order_by("pk"):
            done.add(job.pk)
            telling.tell_event(job.args["event_id"], at=at)
        new = Notice.objects.exclude(pk__in=before).select_related("person")
        return {(one.kind.removeprefix("voices."), one.person.name if one.person else "@") for one in new}

    return run
