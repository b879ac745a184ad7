"""The second step of logging in 两步登录: its secrets lie sealed in the database, its words are ours."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lianxi.commons.sealing import _open, _seal

SEALED_AS = "mfa_authenticator.secret"


class SecondStep(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态码不对。请看手机上现在的那个，或用一个没用过的备用码。"),
        "cannot_generate_recovery_codes": _("先打开两步登录，才有备用码。"),
    }

    def encrypt(self, text: str) -> str:
        """Sealed with the first key of the ring; a key taken out of the ring shuts these out."""
        return base64.b64encode(_seal(text, SEALED_AS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _open(base64.b64decode(encrypted_text), SEALED_AS)

    def get_totp_issuer(self) -> str:
        """What the telephone shows beside the code."""
        return settings.STREET["name"]
