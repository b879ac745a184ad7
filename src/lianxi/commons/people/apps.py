from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lianxi.commons.people"
    label = "people"
    verbose_name = _("人员与任职")

    def ready(self) -> None:
        from . import notices_of  # noqa: F401  (declares its kinds)
