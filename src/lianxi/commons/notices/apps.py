from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "lianxi.commons.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from . import house  # noqa: F401  (registers the house's own kinds)
