from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lianxi.portal"
    label = "portal"
