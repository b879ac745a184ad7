"""Every permission on rounds, one line each. A member's wishes are for the member and the officers of the branch."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, among, clause, holds, job, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import Objection, Participant, Round
from .terms import SEEN_BY_MEMBERS


@clause(_("您参加这次编组"))
def takes_part(actor: Actor) -> Q:
    if not actor.person_id:
        return NOBODY
    own = Participant._base_manager.filter(member__person=actor.person_id).values("round")
    return Q(state__in=SEEN_BY_MEMBERS) & among(own)


@clause(_("这是您本人的志愿"))
def oneself(actor: Actor) -> Q:
    if not actor.person_id:
        return NOBODY
    return Q(member__person=actor.person_id, round__state__in=SEEN_BY_MEMBERS)


@clause(_("这是您提的意见"))
def objected(actor: Actor) -> Q:
    return Q(participant__member__person=actor.person_id) if actor.person_id else NOBODY


keeps = holds(Role.ORGANISER, Role.SECRETARY, over="unit", says=_("您是这个组织或上级的书记、组织员"))
heads = holds(Role.SECRETARY, over="unit", says=_("您是这个组织或上级的书记"))
keeps_here = holds(Role.ORGANISER, Role.SECRETARY, over="", says=_("您是这个组织或上级的书记、组织员"))
keeps_roll = holds(Role.ORGANISER, Role.SECRETARY, over="round__unit", says=_("您是这个组织或上级的书记、组织员"))
telling = job("groups.tell", "groups.remind", says=_("编组通知的任务"))

BEGIN = permission("groups.begin", _("在这里发起编组"), Unit, keeps_here)
VIEW = permission("groups.view", _("查看编组"), Round, keeps, takes_part, telling)
KEEP = permission("groups.keep", _("办理编组"), Round, keeps)
OBJECT = permission("groups.object", _("对编组结果提意见"), Round, takes_part)
CONFIRM = permission("groups.confirm", _("登记支委会的决定"), Round, heads)
PROOF = permission("groups.proof", _("下载计算证书"), Round, keeps)
SLIP = permission("groups.slip", _("查看一名党员的志愿"), Participant, keeps_roll, oneself)
CHOOSE = permission("groups.choose", _("填自己的志愿"), Participant, oneself)
ROLL = permission("groups.roll", _("查看名单，录入纸质志愿"), Participant, keeps_roll)
OBJECTION = permission("groups.objection", _("查看意见"), Objection, keeps_roll, objected)
ANSWER = permission("groups.answer", _("答复意见"), Objection, keeps_roll)
