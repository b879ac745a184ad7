"""The pages of notices in a real browser: readable by axe, whole at both widths, in both languages."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from lianxi.commons.accounts.models import Account
from lianxi.commons.notices import services
from lianxi.commons.notices.letters import token
from lianxi.commons.notices.models import Delivery
from lianxi.commons.notices.terms import DeliveryState
from tests.browser import DESK, PHONE, small_targets, too_wide, violations

from .conftest import PLAIN, URGENT
from .test_pages import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


def session_of(person: Any) -> dict[str, str]:
    return {"sessionid": log_in(person).cookies["sessionid"].value}


def fine(page: Any, name: str, *, front: bool) -> None:
    assert violations(page) == []
    assert too_wide(page) == []
    assert [one for one in page.said if "422" not in one] == []
    if front:
        assert small_targets(page) == []
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", DESK), ("en", PHONE)])
def test_every_page_of_notices(
    transactional_db: None, people: SimpleNamespace, admin: Any, visit: Callable[..., Any], language: str, width: int
) -> None:
    now = timezone.now()
    admin.email = "gu@example.org"
    admin.save()
    for person in (people.lu, admin):
        for number in range(3):
            facts = {"n": number, "day": now.date() + dt.timedelta(days=3)}
            services.post(PLAIN, to=person, link="/notices/settings/", key=str(number), at=now, facts=facts)
        services.post(URGENT, to=person, link="/notices/settings/", key="urgent", at=now)
    stop = f"/notices/stop/{token(Delivery.objects.earliest('pk'))}/"
    Delivery.objects.filter(person=people.lu, urgency="at_once").update(
        state=DeliveryState.GIVEN_UP, trouble="SMTPRecipientsRefused 550", ended_at=now, attempts=1
    )
    for person, front in ((people.lu, True), (admin, False)):
        who = "front" if front else "desk"
        cookies = session_of(person)
        page = visit("/notices/", width=width, language=language, cookies=cookies)
        fine(page, f"list-{who}-{language}-{width}", front=front)
        page.locator("form:has(input[name=notice]) button").first.click()
        page.wait_for_load_state()
        assert page.locator("a[href^='/notices/']:is(.lx-thing, .lx-row-title)").count() == 3
        page.goto(page.url + "?view=all")
        assert page.locator("a:is(.lx-thing, .lx-row-title)").count() == 4
        fine(page, f"all-{who}-{language}-{width}", front=front)
        page.locator("a:is(.lx-thing, .lx-row-title)").last.click()
        page.wait_for_url("**/settings/")
        page.fill("input[name=quiet_from]", "08:00")
        page.fill("input[name=quiet_until]", "09:00")
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector(".lx-error")
        assert page.input_value("input[name=quiet_from]") == "08:00"
        fine(page, f"settings-{who}-{language}-{width}", front=front)
    page = visit("/notices/undelivered/", width=width, language=language, cookies=session_of(admin))
    fine(page, f"undelivered-{language}-{width}", front=False)
    page = visit(stop, width=width, language=language)
    fine(page, f"stop-{language}-{width}", front=True)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    fine(page, f"stopped-{language}-{width}", front=True)
    assert Account.objects.count() == 2
