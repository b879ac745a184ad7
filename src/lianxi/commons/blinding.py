"""The blind index of a sealed text: equal texts are found, and nothing else can be told from it."""

import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NO_KEYS = (
    "没有密钥，不能加密，也不能打开加密的内容。用lianxi demo或lianxi serve启动，或设好LIANXI_SECRET_KEY、LIANXI_FIELD_KEYS、LIANXI_BLIND_KEY"
    "（见docs/settings.md）。\nThere are no keys, so nothing can be sealed or opened. Start with lianxi demo or lianxi serve, "
    "or set LIANXI_SECRET_KEY, LIANXI_FIELD_KEYS and LIANXI_BLIND_KEY (see docs/settings.md)."
)


def demand_keys() -> None:
    """Raise ImproperlyConfigured unless the keys of the installation are at hand: an empty key would protect nothing."""
    try:
        there = bool(settings.BLIND_KEY and settings.FIELD_KEYS and settings.SECRET_KEY)
    except ImproperlyConfigured:  # how Django answers for an empty SECRET_KEY
        there = False
    if not there:
        raise ImproperlyConfigured(NO_KEYS)


def plain_form(text: str) -> str:
    """What the blind index is taken of: half-width, upper case, without blanks and dashes."""
    return "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())


def blind(text: str) -> bytes:
    """The blind index of a text: equal texts give equal bytes, and nothing else can be told from them.

    Raises ImproperlyConfigured without a key.
    """
    if not settings.BLIND_KEY:
        raise ImproperlyConfigured(NO_KEYS)
    return hmac.new(bytes.fromhex(settings.BLIND_KEY), plain_form(text).encode(), hashlib.sha256).digest()[:16]
