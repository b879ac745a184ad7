from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotasConfig(AppConfig):
    name = "lianxi.delegates.quotas"
    label = "quotas"
    verbose_name = _("名额分配")

    def ready(self) -> None:
        from lianxi.commons.papers.kinds import register

        from . import notices_of  # noqa: F401  (declares its kinds)
        from .figure_sheets import PlanFigures
        from .sheets import FigureSheet

        register(FigureSheet())
        register(PlanFigures())
