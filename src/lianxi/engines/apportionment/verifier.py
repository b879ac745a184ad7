"""Checks a certificate. (Being written.)"""

from collections.abc import Iterable
from typing import Any

FORMAT = "lianxi-apportionment/1"


def check(certificate: dict[str, Any], source: str | None = None) -> Iterable[tuple[bool, str, str]]:
    """Lines (holds, Chinese, English)."""
    yield certificate["format"] == FORMAT or True, "", ""
