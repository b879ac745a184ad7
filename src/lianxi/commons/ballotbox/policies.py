"""Every permission on secret votes, one line each. Nobody has one that shows who voted what, nor who voted: there is nothing to show.

Those who keep the system (三员) have no clause here: their posts show them no poll, the guards keep them from being trustees, and
a key or cards that they had before give them nothing any more.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, among, clause, holds, job, permission
from lianxi.commons.permissions.terms import ADMINS, Role
from lianxi.commons.units.models import Unit

from .models import Poll, Trustee
from .terms import SHOWN, State

ORGANISERS = (Role.SECRETARY, Role.DIRECTOR, Role.ORGANISER)


@clause(_("这次投票对参加的人公开"))
def shown(actor: Actor) -> Q:
    return Q(state__in=SHOWN) | Q(state=State.WITHDRAWN, height__gte=0)


@clause(_("您是这次投票的监票人"))
def trusted(actor: Actor) -> Q:
    return NOBODY if actor.person_id is None or actor.holds(*ADMINS) else _keeps_a_key(actor.person_id)


def _keeps_a_key(person: int) -> Q:
    return among(Trustee._base_manager.filter(person=person).order_by().values("poll"))


@clause(_("您是这次投票的发卡人"))
def gives(actor: Actor) -> Q:
    return NOBODY if actor.person_id is None or actor.holds(*ADMINS) else Q(giver=actor.person_id)


leads = holds(*ORGANISERS, over="unit", says=_("您是这里的负责人或组织员"))


@clause(_("您是这里的负责人或组织员，又不是这次投票的监票人"))
def leads_apart(actor: Actor) -> Q:
    """Who keeps a key leads no step of the vote (V-03); in the draft trustees may still be changed, by themselves too."""
    led = leads.q(actor)
    if led is NOBODY or actor.person_id is None:
        return NOBODY
    return led & (Q(state=State.DRAFT) | ~_keeps_a_key(actor.person_id))


watches = holds(Role.SUPERVISOR, over="unit", says=_("您在这一片督办"))
counts = job("ballotbox.add_up", "ballotbox.count", "ballotbox.publish_archive", says=_("开票任务"))

VIEW = permission("ballotbox.view", _("看无记名投票的办理"), Poll, leads, watches, trusted, gives, counts)
READ = permission("ballotbox.read", _("看公开的无记名投票"), Poll, shown)
PLAN = permission(
    "ballotbox.plan",
    _("发起无记名投票"),
    Unit,
    holds(*ORGANISERS, over="", says=_("您是这里的负责人或组织员")),
)
RUN = permission("ballotbox.run", _("推进无记名投票"), Poll, leads_apart)
ROLL = permission("ballotbox.roll", _("看无记名投票的选民名册"), Poll, leads, gives)
TRUST = permission("ballotbox.trust", _("交监票人的文件"), Poll, trusted)
GIVE = permission("ballotbox.give", _("制作和补发选票卡"), Poll, gives)
COUNT = permission("ballotbox.count", _("合计、开票"), Poll, counts)
