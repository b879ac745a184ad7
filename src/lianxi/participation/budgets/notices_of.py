"""What is told about rounds of projects, and to whom. No notice says or follows from how anybody voted.

Who is told by name: whoever asked to be told of the own proposal, whoever follows the rounds of a community, and who has
something to do. Residents without an account follow with their code.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Facts, Group, NoticeKind, Subject, declare
from lianxi.commons.notices.services import post
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.permissions import Actor, Permission
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import LEADS, Role

from . import policies
from .models import Objection, Proposal, Round


def round_words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Titles of the rounds that the actor may meet now: public ones, and those of the own desk."""
    found: dict[int, dict[str, Any]] = {}
    for door in (policies.READ, policies.VIEW):
        rows = door.all(actor).filter(pk__in=list(keys)).values_list("pk", "title")
        found |= {pk: {"what": title, "reference": title} for pk, title in rows}
    return found


def proposal_words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Titles of proposals in public rounds; a letter names the round and the number."""
    shown = policies.READ.all(actor).values("pk")
    rows = Proposal._base_manager.filter(pk__in=list(keys), round__in=shown).values_list(
        "pk", "title", "number", "round__title"
    )
    return {
        pk: {"what": title, "reference": gettext("%(round)s第%(n)d号") % {"round": of, "n": number}}
        for pk, title, number, of in rows
    }


def _outcome(facts: Facts) -> Facts:
    """The code of an outcome in words."""
    words = {"bought": gettext("买下"), "not_bought": gettext("没有买下"), "not_listed": gettext("没有列入投票")}
    return {**facts, "outcome": words.get(str(facts.get("outcome")), "")}


def objection_words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Objections by the title of their public round and their number; never their words."""
    shown = policies.READ.all(actor).values("pk")
    rows = Objection._base_manager.filter(pk__in=list(keys), round__in=shown).values_list(
        "pk", "number", "round__title"
    )
    named = {pk: gettext("%(round)s第%(n)d号异议") % {"round": of, "n": number} for pk, number, of in rows}
    return {pk: {"what": name, "reference": name} for pk, name in named.items()}


ROUND = Subject("budgets.round", round_words)
PROPOSAL = Subject("budgets.proposal", proposal_words)
OBJECTION = Subject("budgets.objection", objection_words)
OWN = Group("budgets.own", _("我提的项目"))
FOLLOWED = Group("budgets.followed", _("我关注的居民项目"))
DESK = Group("budgets.desk", _("居民项目要办的事"), staff=True)

ADMITTED = NoticeKind(
    "budgets.admitted", OWN, _("“%(what)s”列入投票"), _("核定费用%(cost)d元。%(note)s"), about=PROPOSAL
)
DECLINED = NoticeKind("budgets.declined", OWN, _("“%(what)s”没有列入投票"), _("理由：%(note)s"), about=PROPOSAL)
AGAIN = NoticeKind("budgets.again", OWN, _("“%(what)s”重新审核"), _("理由：%(note)s"), about=PROPOSAL)
OUTCOME = NoticeKind(
    "budgets.outcome", OWN, _("“%(what)s”：%(outcome)s"), _("每个项目为什么买下或没有买下，结果里都写着。"), about=PROPOSAL, read=_outcome
)  # fmt: skip
OUTCOME_SHOWN = NoticeKind(
    "budgets.outcome_shown", OWN, _("“%(what)s”：公示的结果里%(outcome)s"), _("公示期间可以提异议，写明理由。"), about=PROPOSAL, read=_outcome
)  # fmt: skip
UPHELD = NoticeKind("budgets.upheld", OWN, _("%(what)s：成立，重新计票"), _("理由：%(note)s"), about=OBJECTION)
REJECTED = NoticeKind("budgets.rejected", OWN, _("%(what)s：不成立"), _("理由：%(note)s"), about=OBJECTION)
PROPOSING = NoticeKind(
    "budgets.proposing", FOLLOWED, _("%(what)s：开始征集项目"), _("谁都能提，不用注册。"), about=ROUND
)
VOTING = NoticeKind(
    "budgets.voting", FOLLOWED, _("%(what)s：开始投票"), _("投票码和纸票到社区窗口领，一人一票。"), about=ROUND
)
ENDS_SOON = NoticeKind(
    "budgets.ends_soon", FOLLOWED, _("%(what)s：%(day)s截止"), _("要提项目、要投票的，请抓紧。"), about=ROUND
)
PUBLISHED = NoticeKind(
    "budgets.published", FOLLOWED, _("%(what)s：结果公布了"), _("证书和选票都能下载，自己可以核验。"), about=ROUND
)
DISPLAYED = NoticeKind(
    "budgets.displayed", FOLLOWED, _("%(what)s：结果公示"), _("公示到%(day)s。有不同意见可以提异议。"), about=ROUND
)
RECOUNT = NoticeKind(
    "budgets.recounted",
    FOLLOWED,
    _("%(what)s：异议成立，重新计票"),
    _("原来的结果保留，新的结果重新公示。"),
    about=ROUND,
)
CANCELLED = NoticeKind("budgets.cancelled", FOLLOWED, _("%(title)s：终止了"), _("理由：%(reason)s"))
TO_REVIEW = NoticeKind(
    "budgets.to_review", DESK, ngettext_lazy("%(what)s：有%(n)d个项目等着审核", "%(what)s：有%(n)d个项目等着审核", "n"), _("逐件审核，核定费用；不列入的写明理由。"), about=ROUND
)  # fmt: skip
TO_CLOSE = NoticeKind(
    "budgets.to_close", DESK, _("%(what)s：%(day)s已过，请截止"), _("到期不会自动截止，由您截止。"), about=ROUND
)
TO_ENTER = NoticeKind(
    "budgets.to_enter", DESK, _("%(what)s：还有%(n)d张纸票要录"), _("每张由两个人各录一遍，两遍一致才算。"), about=ROUND
)
TO_DISPLAY = NoticeKind(
    "budgets.to_display",
    DESK,
    _("%(what)s：算好了，请核对后公示"),
    _("计算和公示是两个人。"),
    Urgency.AT_ONCE,
    about=ROUND,
)
TO_PUBLISH = NoticeKind(
    "budgets.to_publish", DESK, _("%(what)s：公示期满，请公布"), _("异议都答复了，可以公布。"), about=ROUND
)
OBJECTED = NoticeKind(
    "budgets.objected",
    DESK,
    _("%(what)s：有居民提异议"),
    _("%(day)s前答复，成立不成立都写明理由。"),
    Urgency.AT_ONCE,
    about=ROUND,
)
TO_ANSWER = NoticeKind(
    "budgets.to_answer",
    DESK,
    _("%(what)s：有异议要在%(day)s前答复"),
    _("成立不成立都写明理由，并公开。"),
    Urgency.AT_ONCE,
    about=ROUND,
)
LATE = NoticeKind(
    "budgets.answer_late", DESK, _("%(what)s：有异议没有在%(day)s前答复"), _("请马上答复，并说明为什么晚了。"), Urgency.AT_ONCE, about=ROUND
)  # fmt: skip
declare(
    ADMITTED, DECLINED, AGAIN, OUTCOME, OUTCOME_SHOWN, UPHELD, REJECTED, PROPOSING, VOTING, ENDS_SOON, DISPLAYED, PUBLISHED, RECOUNT,
    CANCELLED, TO_REVIEW, TO_CLOSE, TO_ENTER, TO_DISPLAY, TO_PUBLISH, OBJECTED, TO_ANSWER, LATE,
)  # fmt: skip

REVIEWERS = (*LEADS, Role.HANDLER)
CLERKS = (*LEADS, Role.HANDLER, Role.CLERK, Role.DEPUTY)
PUBLISHERS = (*LEADS, Role.PUBLISHER)


def officers(one: Round, may: Permission, roles: Collection[str], *, at: dt.datetime) -> list[Person]:
    """Of each role who serves nearest to the community, and may do it: asked with the own eyes."""
    day = timezone.localtime(at).date()
    line = [int(key) for key in one.unit_path.split(".") if key]
    held = list(Posting.objects.held(day).filter(unit__in=line, role__in=roles).select_related("person"))
    nearest: dict[str, int] = {}
    for post_held in held:
        nearest[post_held.role] = max(nearest.get(post_held.role, 0), line.index(post_held.unit_id))
    people = {p.person_id: p.person for p in held if line.index(p.unit_id) == nearest[p.role]}
    return [person for pk, person in people.items() if may.may(actor_of(pk, on=day), one)]


def officers_of_proposal(one: Round, proposal: Proposal, *, at: dt.datetime) -> list[Person]:
    """Who reviews: the permission is on the proposal."""
    day = timezone.localtime(at).date()
    people = officers(one, policies.VIEW, REVIEWERS, at=at)
    return [person for person in people if policies.REVIEW.may(actor_of(person.pk, on=day), proposal)]


def tell_desk(
    kind: NoticeKind, one: Round, people: Collection[Person], *, key: str, at: dt.datetime, facts: dict[str, Any]
) -> int:
    """Tell officers; the notice leads to the record of the round. Gives how many were told anew."""
    link = reverse("round", args=[one.pk])
    made = [post(kind, to=one_of, about=one.pk, link=link, key=key, at=at, facts=facts) for one_of in people]
    return sum(notice is not None for notice in made)


def tell_person(
    kind: NoticeKind, one: Round, person: Person, *, about: int | None, key: str, at: dt.datetime, facts: dict[str, Any]
) -> int:
    """Tell somebody of the neighbourhood; the notice leads to the public page of the round."""
    link = reverse("projects_round", args=[one.pk]) if kind.about else reverse("projects")
    return int(post(kind, to=person, about=about, link=link, key=key, at=at, facts=facts) is not None)
