from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lianxi.commons.accounts"
    label = "accounts"
    verbose_name = _("人员与账号")

    def ready(self) -> None:
        from allauth.account.signals import password_changed
        from django.contrib.auth.signals import user_logged_in

        password_changed.connect(_changed, dispatch_uid="accounts.changed")
        user_logged_in.connect(_begun, dispatch_uid="accounts.begun")


def _changed(user: Any, **_more: Any) -> None:
    """The one-time password is gone."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])


def _begun(request: Any, **_more: Any) -> None:
    """A log-in begins to count anew."""
    from .middleware import SEEN, SINCE

    if request is not None and hasattr(request, "session"):
        for name in (SINCE, SEEN):
            request.session.pop(name, None)
