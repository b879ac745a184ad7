from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PermissionsConfig(AppConfig):
    name = "lianxi.commons.permissions"
    label = "permissions"
    verbose_name = _("权限")
