"""Who may change local figures and record confirmations. The book is open to everybody."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, clause, permission
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

KEEPERS = (Role.ORGANISER, Role.SYSTEM_ADMIN)
"""The organisation officer and the system administrator keep the book 管规则的人."""


def _below(actor: Actor) -> Q:
    found = NOBODY
    for path in actor.paths(*KEEPERS):
        found = Q(path__startswith=path) if found is NOBODY else found | Q(path__startswith=path)
    return found


@clause(_("您是这里的组织员或系统管理员"))
def keeps(actor: Actor) -> Q:
    return _below(actor)


@clause(_("您是街道或区里的组织员或系统管理员"))
def keeps_the_street(actor: Actor) -> Q:
    found = _below(actor)
    return found if found is NOBODY else found & Q(kind__in=(UnitKind.STREET, UnitKind.DISTRICT))


CHANGE = permission("rulebook.change", _("改本地数值"), Unit, keeps)
CONFIRM = permission("rulebook.confirm", _("记录核对结果"), Unit, keeps_the_street)
