"""Every permission on voices, one line each; and what must never be met."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxi.commons.permissions import NOBODY, Actor, among, clause, everybody, holds, job, never, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import CoHandler, Party, PublicCopy, Voice

PARTIES = Party._base_manager.values("voice")


def party(actor: Actor) -> QuerySet[Any, Any] | None:
    """You are complained about, or you stood aside (X-14, X-08)."""
    return PARTIES.filter(person=actor.person_id) if actor.person_id else None


def unit_accused(actor: Actor) -> QuerySet[Any, Any] | None:
    """You hold a post in the unit complained about, or below it (X-14)."""
    return PARTIES.filter(unit__in=actor.line) if actor.line else None


def head_accused(actor: Actor) -> QuerySet[Any, Any] | None:
    """Your head, or a head above, is complained about (X-14)."""
    return PARTIES.filter(person__in=actor.heads, part="accused") if actor.heads else None


def above(actor: Actor) -> list[str]:
    """The paths of the units that stand above one of the actor's posts."""
    keys = [post.path.rstrip(".").split(".") for post in actor.posts]
    return sorted({".".join(key[:n]) + "." for key in keys for n in range(1, len(key))})


def not_yet_named(actor: Actor) -> QuerySet[Any, Any] | None:
    """It is not yet known who is complained about: it may be anybody but the dispatcher of the street (X-14).

    Left to whoever raised it, to the system, and to a dispatcher of the owning street or above it who holds no post below.
    """
    if actor.job:
        return None
    mine = Q(pk__in=actor.receipts)
    if actor.person_id:
        mine |= Q(author=actor.person_id)
    received = Q(pk__in=[])
    for path in actor.paths(Role.DISPATCHER):
        received |= Q(owner_path__startswith=path)
    mine |= received & ~Q(owner_path__in=above(actor))
    return Voice._base_manager.filter(accused_open=True).exclude(mine).values("pk")


never(Voice, party, unit_accused, head_accused, not_yet_named)


@clause(_("这是您反映的"))
def author(actor: Actor) -> Q:
    mine = NOBODY
    if actor.person_id:
        mine = Q(author=actor.person_id)
    if actor.receipts:
        mine = Q(pk__in=actor.receipts) if mine is NOBODY else mine | Q(pk__in=actor.receipts)
    return mine


@clause(_("您的单位协办"))
def co_handles(actor: Actor) -> Q:
    paths = actor.paths(Role.HANDLER, Role.SECRETARY, Role.DIRECTOR)
    if not paths:
        return NOBODY
    below = Q()
    for path in paths:
        below |= Q(unit_path__startswith=path)
    return among(CoHandler._base_manager.filter(below, until=None).values("voice"))


@clause(_("由您承办"))
def the_handler(actor: Actor) -> Q:
    return Q(handler=actor.person_id) if actor.person_id else NOBODY


@clause(_("实名反映，您在主办单位办理"))
def handles_named(actor: Actor) -> Q:
    found = handles.q(actor)
    return found if found is NOBODY else found & Q(naming="named")


receives = holds(Role.DISPATCHER, Role.SUPERVISOR, over="place", says=_("您受理或督办这一片区"))
dispatches = holds(Role.DISPATCHER, over="place", says=_("您受理派单这一片区"))
supervises = holds(Role.SUPERVISOR, over="place", says=_("您督办这一片区"))
leads_place = holds(Role.SECRETARY, Role.DIRECTOR, over="place", says=_("您是这一片区的负责人"))
handles = holds(Role.HANDLER, over="owner", says=_("您在主办单位办理"))
leads = holds(Role.SECRETARY, Role.DIRECTOR, Role.DEPUTY, over="owner", says=_("您是主办单位的负责人"))
publishes = holds(Role.PUBLISHER, over="place", says=_("您审核这一片区的公开"))
clock = job("voices.clock", says=_("计时任务"))
guarding = job("voices.guard", says=_("保护反映人的任务"))
importing = job("voices.sheet", says=_("导入任务"))

VIEW = permission(
    "voices.view",
    _("查看民情"),
    Voice,
    receives,
    leads_place,
    handles,
    leads,
    co_handles,
    publishes,
    author,
    clock,
    importing,
    guarding,
)
ACCEPT = permission("voices.accept", _("受理"), Voice, dispatches)
DISPATCH = permission("voices.dispatch", _("派给承办单位"), Voice, dispatches, supervises)
RECALL = permission("voices.recall", _("收回派单"), Voice, dispatches, supervises, guarding)
HANDLE = permission("voices.handle", pgettext_lazy("permission", "办理"), Voice, handles, leads)
LEAD = permission("voices.lead", _("安排承办人"), Voice, leads, supervises)
REVIEW = permission("voices.review", _("审核答复"), Voice, leads)
EXTEND = permission("voices.extend", _("审批延期"), Voice, leads, supervises)
CALL_BACK = permission("voices.call_back", _("回访"), Voice, supervises)
SUPERVISE = permission("voices.supervise", pgettext_lazy("permission", "督办"), Voice, supervises, leads_place)
SUPPLEMENT = permission("voices.supplement", _("补充情况"), Voice, author, handles)
RATE = permission("voices.rate", _("评价"), Voice, author)
CLOSE = permission("voices.close", _("按期办结"), Voice, supervises, clock)
NOTE = permission("voices.note", _("写内部备注"), Voice, receives, leads_place, handles, leads, co_handles)
CONTACT = permission("voices.contact", _("查看联系方式"), Voice, the_handler, handles_named, supervises, dispatches)
SETTLE = permission("voices.settle", _("写明不涉及工作人员"), Voice, dispatches)
NAME_ACCUSED = permission("voices.name_accused", _("登记被反映方"), Voice, dispatches, supervises, author)
PUBLISH = permission("voices.publish", pgettext_lazy("verb", "公开"), Voice, publishes)
DRAFT_COPY = permission("voices.draft_copy", _("拟公开件"), Voice, handles, leads, supervises, publishes)
HISTORY = permission(
    "voices.history", _("看全部经过"), Voice, receives, leads_place, handles, leads, co_handles, publishes
)

REGISTER = permission(
    "voices.register",
    _("代居民登记"),
    Unit,
    holds(Role.CLERK, Role.DISPATCHER, Role.SUPERVISOR, over="", says=_("您在这里的窗口或受理台")),
)
SHEET = permission(
    "voices.sheet", _("用表格导入民情"), Unit, holds(Role.DISPATCHER, over="", says=_("您在这里受理派单"))
)
FIGURES = permission(
    "voices.figures",
    _("看统计"),
    Unit,
    holds(Role.SUPERVISOR, Role.DISPATCHER, Role.SECRETARY, Role.DIRECTOR, over="", says=_("您负责这一片区")),
)
READ_COPY = permission("voices.read_copy", _("看公开件"), PublicCopy, everybody(_("人人可看")))
