"""What is told about seat plans, and to whom."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Group, NoticeKind, declare
from lianxi.commons.notices.services import post
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role

from .models import SeatPlan

PLANS = Group("quotas.plans", _("名额方案"))
SUBMITTED = NoticeKind(
    "quotas.submitted", PLANS, _("%(plan)s的名额方案等您批复"), _("%(body)s报来，请在会期以前批复。")
)
APPROVED = NoticeKind("quotas.approved", PLANS, _("%(plan)s的名额方案批了"), _("文号%(approval)s，可以公布。"))
RETURNED = NoticeKind("quotas.returned", PLANS, _("%(plan)s的名额方案退回来了"), _("请看退回的理由，改好再报。"))
for _kind in (SUBMITTED, APPROVED, RETURNED):
    declare(_kind)


def _held(plan: SeatPlan, at: dt.datetime, *, above: bool) -> list[Person]:
    keys = [int(key) for key in plan.body.path.split(".") if key]
    wanted = keys[:-1] if above else keys[-1:]
    rows = Posting.objects.held(timezone.localtime(at).date()).filter(
        unit__in=wanted, role__in=(Role.SECRETARY, Role.ORGANISER)
    )
    found = list(rows.select_related("person"))
    nearest = max((wanted.index(one.unit_id) for one in found), default=None)
    return list({one.person_id: one.person for one in found if wanted.index(one.unit_id) == nearest}.values())


def _tell(kind: NoticeKind, plan: SeatPlan, people: list[Person], at: dt.datetime) -> None:
    for person in people:
        post(
            kind,
            to=person,
            link=reverse("quota", args=[plan.pk]),
            key=f"{kind.name}:{plan.pk}:{plan.version}",
            at=at,
            facts={"plan": plan.title, "body": plan.body.name, "approval": plan.approval},
        )


def tell_above(plan: SeatPlan, *, at: dt.datetime) -> None:
    """Tell the secretary and the organiser of the next organisation above."""
    _tell(SUBMITTED, plan, _held(plan, at, above=True), at)


def tell_keepers(kind: NoticeKind, plan: SeatPlan, *, at: dt.datetime) -> None:
    """Tell the secretary and the organiser of the convening organisation."""
    _tell(kind, plan, _held(plan, at, above=False), at)
