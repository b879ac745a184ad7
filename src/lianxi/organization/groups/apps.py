from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    name = "lianxi.organization.groups"
    label = "groups"
    verbose_name = _("党小组编组")

    def ready(self) -> None:
        from . import notices_of  # noqa: F401  (declares its kinds)
