"""What a script sends as it is, without a form: read up to a limit of its own, which may be above that of forms."""

import json
from typing import Any

from django.http import HttpRequest

from lianxi.commons.refusals import Text

from ..services.receiving import TooLarge


def sent(request: HttpRequest, most: int, said: Text = "") -> bytes:
    """The body. Raises TooLarge beyond `most` bytes, in the words `said`, else in those about a ballot."""
    text: bytes = request.read(most + 1)
    if len(text) > most:
        raise TooLarge(said)
    return text


def record(text: bytes) -> dict[str, Any]:
    """The JSON record that was sent; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
