"""Every permission on rounds of projects, one line each. Nobody has one that shows who voted what: there is nothing to show."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor, clause, holds, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import Objection, Proposal, Round
from .terms import SHOWN


@clause(_("这一轮是公开的"))
def shown(actor: Actor) -> Q:
    return Q(state__in=SHOWN)


leads = holds(Role.SECRETARY, Role.DIRECTOR, over="unit", says=_("您是这个社区的负责人"))
works = holds(Role.HANDLER, Role.CLERK, Role.DEPUTY, over="unit", says=_("您在这个社区工作"))
watches = holds(Role.SUPERVISOR, Role.PUBLISHER, over="unit", says=_("您在街道督办或审核公开"))
publishes = holds(Role.PUBLISHER, over="unit", says=_("您审核这一片区的公开"))

VIEW = permission("budgets.view", _("看居民项目的办理"), Round, leads, works, watches)
READ = permission("budgets.read", _("看公开的居民项目"), Round, shown)
PLAN = permission(
    "budgets.plan",
    _("开始一轮居民项目"),
    Unit,
    holds(Role.SECRETARY, Role.DIRECTOR, over="", says=_("您是这个社区的负责人")),
)
RUN = permission("budgets.run", _("推进一轮居民项目"), Round, leads)
ROLL = permission("budgets.roll", _("发投票码和纸票"), Round, leads, works)
ENTER = permission("budgets.enter", _("录入纸票"), Round, leads, works)
COUNT = permission("budgets.count", _("计算结果"), Round, leads)
PUBLISH = permission("budgets.publish", _("公布结果"), Round, leads, publishes)

VIEW_PROPOSAL = permission(
    "budgets.view_proposal",
    _("看提的项目"),
    Proposal,
    holds(
        Role.SECRETARY, Role.DIRECTOR, Role.HANDLER, Role.CLERK, Role.DEPUTY, Role.SUPERVISOR, Role.PUBLISHER,
        over="round__unit", says=_("您在这个社区工作，或在街道督办"),
    ),
)  # fmt: skip
REVIEW = permission(
    "budgets.review",
    _("审核提的项目"),
    Proposal,
    holds(Role.SECRETARY, Role.DIRECTOR, Role.HANDLER, over="round__unit", says=_("您在这个社区负责或办理")),
)
RECOUNT = permission("budgets.recount", _("异议成立后重新计票"), Round, leads, publishes)

answers = holds(
    Role.SECRETARY,
    Role.DIRECTOR,
    Role.PUBLISHER,
    over="round__unit",
    says=_("您是这个社区的负责人，或审核这一片区的公开"),
)
VIEW_OBJECTION = permission(
    "budgets.view_objection",
    _("看对结果的异议"),
    Objection,
    answers,
    holds(
        Role.SUPERVISOR,
        Role.HANDLER,
        Role.CLERK,
        Role.DEPUTY,
        over="round__unit",
        says=_("您在这个社区工作，或在街道督办"),
    ),
)
ANSWER = permission("budgets.answer", _("答复对结果的异议"), Objection, answers)
