"""What a script sends as it is, without a form: read up to a limit of its own, which may be above that of forms."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import Refusal, Text

from ..services.receiving import TooLarge


class FileTooLarge(Refusal):
    code, status = "too-large", 413
    sentence = _("文件太大。")


def sent(request: HttpRequest, most: int, said: Text = "") -> bytes:
    """The body. Beyond `most` bytes raises FileTooLarge with the words `said`, without them TooLarge, which is about a ballot."""
    text: bytes = request.read(most + 1)
    if len(text) > most:
        raise FileTooLarge(said) if said else TooLarge
    return text


def record(text: bytes) -> dict[str, Any]:
    """The JSON record that was sent; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
