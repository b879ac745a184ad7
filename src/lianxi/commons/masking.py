"""How protected texts are shown: masked."""

from collections.abc import Callable

UNREADABLE = "****"


def _phone(text: str) -> str:
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else UNREADABLE


def _identity(text: str) -> str:
    return f"{text[:6]}********{text[-4:]}" if len(text) == 18 else UNREADABLE


def _name(text: str) -> str:
    return text[:1] + "**"


def _address(text: str) -> str:
    return text[: min(6, len(text) // 2)] + UNREADABLE


MASKS: dict[str, Callable[[str], str]] = {
    "phone": _phone,
    "identity": _identity,
    "name": _name,
    "address": _address,
    "text": lambda text: UNREADABLE,
}
