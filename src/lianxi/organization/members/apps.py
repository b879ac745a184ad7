from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "lianxi.organization.members"
    label = "members"
    verbose_name = _("党员")

    def ready(self) -> None:
        from lianxi.commons.ballotbox import rolls
        from lianxi.commons.papers.kinds import register
        from lianxi.commons.papers.services import lists

        from . import notices_of  # noqa: F401  (declares its kinds)
        from .queries.voting import VotingMembers
        from .services.exporting import MemberList
        from .sheets import MemberSheet, PartSheet

        register(MemberSheet())
        register(PartSheet())
        lists.register(MemberList())
        rolls.register(VotingMembers())
