"""Every permission on seat plans, one line each."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, clause, holds, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import SeatPlan
from .terms import PUBLIC


def _strictly_above(actor: Actor, *roles: str) -> Q:
    found = NOBODY
    for path in actor.paths(*roles):
        above = Q(body_path__startswith=path) & ~Q(body_path=path)
        found = above if found is NOBODY else found | above
    return found


@clause(_("您在上级党组织任书记或组织员"))
def stands_above(actor: Actor) -> Q:
    """A post strictly above the convening organisation: nobody approves the own plan (E-09)."""
    return _strictly_above(actor, Role.SECRETARY, Role.ORGANISER)


@clause(_("召集的党组织在本平台没有上级，由组织员登记上级的批复"))
def organises_the_root(actor: Actor) -> Q:
    paths = actor.paths(Role.ORGANISER)
    return Q(body_path__in=paths, body__parent__isnull=True) if paths else NOBODY


@clause(_("方案已经公布"))
def made_public(actor: Actor) -> Q:
    return Q(state__in=PUBLIC)


organises = holds(Role.ORGANISER, over="body", says=_("您是召集的党组织或上级的组织员"))
heads = holds(Role.SECRETARY, over="body", says=_("您是召集的党组织或上级的书记"))
organises_unit = holds(Role.ORGANISER, over="", says=_("您是这一片的组织员"))

VIEW = permission("quotas.view", _("查看名额方案"), SeatPlan, organises, heads, made_public)
READ = permission("quotas.read_public", _("看公布的名额方案"), SeatPlan, made_public)
KEEP = permission("quotas.keep", _("编制名额方案"), SeatPlan, organises)
SUBMIT = permission("quotas.submit", _("报上级审批名额方案"), SeatPlan, organises, heads)
APPROVE = permission("quotas.approve", _("批复名额方案"), SeatPlan, stands_above, organises_the_root)
PUBLISH = permission("quotas.publish", _("公布名额方案"), SeatPlan, organises, heads)
BEGIN = permission("quotas.begin", _("编制这里的名额方案"), Unit, organises_unit)
