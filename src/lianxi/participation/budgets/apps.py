from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "lianxi.participation.budgets"
    label = "budgets"
    verbose_name = _("居民项目资金")

    def ready(self) -> None:
        from . import notices_of  # noqa: F401  (declares its kinds)
