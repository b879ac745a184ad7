from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "lianxi.organization.members"
    label = "members"
    verbose_name = _("党员")

    def ready(self) -> None:
        from lianxi.commons.papers.kinds import register

        from .sheets import MemberSheet

        register(MemberSheet())
