from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "lianxi.organization.units"
    label = "org_units"
    verbose_name = _("组织")

    def ready(self) -> None:
        from . import notices_of  # noqa: F401  (declares its kinds)
