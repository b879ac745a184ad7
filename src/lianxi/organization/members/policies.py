"""Every permission on members, one line each. Who keeps the system (system, security, audit) has none of them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, clause, holds, job, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import Member, Transfer


@clause(_("这是您本人的登记"))
def oneself(actor: Actor) -> Q:
    return Q(person=actor.person_id) if actor.person_id else NOBODY


@clause(_("转接的是您本人"))
def transferred(actor: Actor) -> Q:
    return Q(member__person=actor.person_id) if actor.person_id else NOBODY


keeps = holds(Role.ORGANISER, over="branch", says=_("您是这一片的组织员"))
heads = holds(Role.SECRETARY, over="branch", says=_("您是这个支部或上级的书记"))
keeps_unit = holds(Role.ORGANISER, over="", says=_("您是这一片的组织员"))
sends = holds(Role.ORGANISER, Role.SECRETARY, over="source", says=_("您在转出一方任书记或组织员"))
receives = holds(Role.ORGANISER, Role.SECRETARY, over="target", says=_("您在接收一方任书记或组织员"))
counting = job("members.count", says=_("汇总党员人数的任务"))
alerting = job("members.alert", says=_("提醒没有参加记录的任务"))
reminding = job("members.remind", says=_("转正提醒的任务"))

VIEW = permission("members.view", _("查看党员"), Member, keeps, heads, oneself, counting, reminding)
EDIT = permission("members.edit", _("登记和修改党员"), Member, keeps)
REVEAL = permission("members.reveal", _("查看证件号、电话、住址"), Member, keeps, heads, oneself)
HISTORY = permission("members.history", _("看党员登记的经过"), Member, keeps, heads, oneself)
MERGE = permission("members.merge", _("合并重复登记"), Member, keeps)
EXPORT = permission("members.export", _("导出党员名册"), Member, keeps)
PART = permission("members.take_part", _("登记和查看党员参加的情况"), Member, keeps, heads, alerting)
REQUEST = permission("members.request_transfer", _("提出转接"), Member, keeps, heads)
REGISTER = permission("members.register", _("在这里登记党员"), Unit, keeps_unit)
IMPORT = permission("members.import", _("导入党员名册"), Unit, keeps_unit)

VIEW_TRANSFER = permission("members.view_transfer", _("查看转接"), Transfer, sends, receives, transferred)
RECEIVE = permission("members.receive_transfer", _("接收转接"), Transfer, receives)
SEND = permission("members.send_transfer", _("办理转出"), Transfer, sends)
FIGURES = permission(
    "members.figures",
    _("看党员人数"),
    Unit,
    holds(Role.ORGANISER, Role.SECRETARY, Role.DIRECTOR, over="", says=_("您负责这一片")),
)
