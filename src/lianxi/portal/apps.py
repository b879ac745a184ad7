from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lianxi.portal"
    label = "portal"

    def ready(self) -> None:
        from lianxi.commons.notices import queries

        from .context import UNREAD

        UNREAD.append(lambda request: queries.unread(request.actor))  # type: ignore[attr-defined]
