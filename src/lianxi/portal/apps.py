import sys

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class PortalConfig(AppConfig):
    name = "lianxi.portal"
    label = "portal"

    def ready(self) -> None:
        if sys.argv[1:2] == ["runserver"] or sys.argv[1:3] == ["procrastinate", "worker"]:
            _demand_keys()
        from lianxi.commons.notices import queries

        from .context import UNREAD

        UNREAD.append(lambda request: queries.unread(request.actor))  # type: ignore[attr-defined]


def _demand_keys() -> None:
    """Commands of Django that serve people start with keys only; the sentence comes without a traceback."""
    from lianxi.commons.blinding import demand_keys

    try:
        demand_keys()
    except ImproperlyConfigured as error:
        raise SystemExit(f"✗ {error}") from None
