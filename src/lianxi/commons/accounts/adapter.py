"""How accounts come to be, and how often a password may be tried: an officer makes them; nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .queries import account_for


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("密码错了太多次，先停五分钟再试；或请管账号的人重设。"),
        "username_password_mismatch": _("姓名、手机号或密码不对。"),
        "incorrect_password": _("密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for one account, whether its name or its phone is typed, in whatever form."""
        found = account_for(str(credentials.get("username", "")))
        if found is not None:
            credentials = {"username": f"account:{found.pk}"}
        return super()._get_login_attempts_cache_key(request, **credentials)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """A changed password is another one."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("新密码要和现在的不一样。"))
        return super().clean_password(password, user)
