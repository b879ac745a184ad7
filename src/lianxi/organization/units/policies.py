"""Every permission on units and committee terms, one line each."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, clause, holds, job, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import CommitteeTerm


@clause(_("您有账号"))
def has_account(actor: Actor) -> Q:
    return Q(pk__isnull=False) if actor.person_id else NOBODY


@clause(_("您在上级党组织任书记或组织员"))
def stands_above(actor: Actor) -> Q:
    """A post strictly above the body: nobody approves the own election's date (E-02)."""
    found = NOBODY
    for path in actor.paths(Role.SECRETARY, Role.ORGANISER):
        above = Q(body_path__startswith=path) & ~Q(body_path=path)
        found = above if found is NOBODY else found | above
    return found


organises = holds(Role.ORGANISER, over="", says=_("您是这一片的组织员"))
organises_body = holds(Role.ORGANISER, over="body", says=_("您是这一片的组织员"))
heads_body = holds(Role.SECRETARY, over="body", says=_("您是这个组织或上级的书记"))
reminding = job("org_units.remind", says=_("任期提醒的任务"))
moving = job("org_units.move", says=_("调整隶属的任务"))

VIEW = permission("units.view", _("查看单位"), Unit, has_account, reminding, moving)
EDIT = permission("units.edit", _("登记和修改单位"), Unit, organises, moving)

VIEW_TERM = permission("units.view_term", _("查看任期"), CommitteeTerm, has_account, reminding)
KEEP_TERM = permission("units.keep_term", _("登记换届"), CommitteeTerm, organises_body)
ASK_SHIFT = permission("units.ask_shift", _("请示提前或延期换届"), CommitteeTerm, heads_body, organises_body)
APPROVE_SHIFT = permission("units.approve_shift", _("批复提前或延期换届"), CommitteeTerm, stands_above)
