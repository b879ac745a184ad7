from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "lianxi.commons.protection"
    label = "protection"
    verbose_name = _("受保护的信息")
