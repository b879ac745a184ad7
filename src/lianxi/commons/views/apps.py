from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ViewsConfig(AppConfig):
    name = "lianxi.commons.views"
    label = "views"
    verbose_name = _("存下的视图")
