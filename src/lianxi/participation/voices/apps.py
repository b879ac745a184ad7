from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoicesConfig(AppConfig):
    name = "lianxi.participation.voices"
    label = "voices"
    verbose_name = _("民情")

    def ready(self) -> None:
        from lianxi.commons.papers.kinds import register
        from lianxi.commons.papers.services import lists

        from .services.exporting import VoiceList
        from .sheets import VoiceSheet

        register(VoiceSheet())
        lists.register(VoiceList())
