"""Every permission on persons, posts and accounts, one line each."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.permissions import NOBODY, Actor, Clause, among, clause, holds, permission
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS, Role
from lianxi.commons.refusals import Text
from lianxi.commons.units.models import Unit


def _below(paths: list[str], **more: Any) -> Q:
    """Posts at units under these paths."""
    found = Q()
    for path in paths:
        found |= Q(unit__path__startswith=path)
    return found & Q(**more)


def over_posts(*roles: str, says: Text) -> Clause:
    """One of the roles is held over a unit where the person holds, or held, a post."""

    def q(actor: Actor) -> Q:
        paths = actor.paths(*roles)
        return among(Posting.objects.filter(_below(paths)).order_by().values("person")) if paths else NOBODY

    return Clause(says, q)


def of_posts(*roles: str, says: Text, admins: bool) -> Clause:
    """One of the roles is held over the post's unit; `admins`: the posts of those who keep the system, or all others."""

    def q(actor: Actor) -> Q:
        paths = actor.paths(*roles)
        if not paths:
            return NOBODY
        kind = Q(role__in=ADMINS)
        return _below(paths) & (kind if admins else ~kind) & ~Q(person=actor.person_id)

    return Clause(says, q)


def _nobodys(actor: Actor) -> Q:
    if not actor.holds(Role.SYSTEM_ADMIN):
        return NOBODY
    return Q(pk__in=Account.objects.values("person")) & ~Q(pk__in=Posting.objects.order_by().values("person"))


@clause(_("这是您本人"))
def oneself(actor: Actor) -> Q:
    return Q(pk=actor.person_id) if actor.person_id else NOBODY


def _not_oneself(one: Clause) -> Clause:
    def q(actor: Actor) -> Q:
        found = one.q(actor)
        return found if found is NOBODY else found & ~Q(pk=actor.person_id)

    return Clause(one.says, q)


organises = over_posts(Role.ORGANISER, says=_("您是这一片的组织员"))
secures = over_posts(Role.SECURITY_ADMIN, says=_("您管这一片的安全"))
audits = over_posts(Role.AUDIT_ADMIN, says=_("您管这一片的审计"))
keeps = over_posts(Role.SYSTEM_ADMIN, says=_("您管这一片的账号"))
keeps_nobodys = Clause(_("您管账号，这个账号没有任何职务"), _nobodys)

VIEW = permission("people.view", _("查看人员和任职"), Person, organises, secures, audits, keeps, keeps_nobodys, oneself)
HISTORY = permission(
    "people.history", _("看任职和账号的经过"), Person, organises, secures, audits, keeps, keeps_nobodys, oneself
)
PERMISSIONS = permission("people.permissions", _("看一个人能做什么"), Person, organises, secures, oneself)
EXPORT = permission("people.export", _("导出任职名单"), Person, organises, secures)
ACCOUNT = permission("people.account", _("管一个人的账号"), Person, _not_oneself(keeps), _not_oneself(keeps_nobodys))
OPEN_ACCOUNT = permission(
    "people.open_account", _("开账号"), Unit, holds(Role.SYSTEM_ADMIN, over="", says=_("您管这里的账号"))
)
APPOINT = permission(
    "people.appoint", _("安排职务"), Unit, holds(Role.ORGANISER, over="", says=_("您是这一片的组织员"))
)
APPOINT_ADMIN = permission(
    "people.appoint_admin", _("安排系统、安全、审计管理"), Unit,
    holds(Role.SECURITY_ADMIN, over="", says=_("您管这里的安全")),
)  # fmt: skip
END = permission(
    "people.end", _("结束职务"), Posting,
    of_posts(Role.ORGANISER, says=_("您是这一片的组织员"), admins=False),
    of_posts(Role.SECURITY_ADMIN, says=_("您管这里的安全"), admins=True),
)  # fmt: skip
