from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "lianxi.commons.papers"
    label = "papers"
    verbose_name = _("表格")

    def ready(self) -> None:
        from . import notices_of  # noqa: F401  (declares its kinds)
