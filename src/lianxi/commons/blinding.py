"""The blind index of a sealed text: equal texts are found, and nothing else can be told from it."""

import hashlib
import hmac
import unicodedata

from django.conf import settings


def plain_form(text: str) -> str:
    """What the blind index is taken of: half-width, upper case, without blanks and dashes."""
    return "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())


def blind(text: str) -> bytes:
    """The blind index of a text: equal texts give equal bytes, and nothing else can be told from them."""
    return hmac.new(bytes.fromhex(settings.BLIND_KEY), plain_form(text).encode(), hashlib.sha256).digest()[:16]
