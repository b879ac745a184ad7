"""Which letters a text of a vote is made of: what nobody can see makes no second option and no empty name."""

import unicodedata

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Control, direction, halves, private. Letters younger than this Python's tables (Cn) stay: they are characters of names."""
_UNSEEN = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Fillers, joiners and variation selectors, which show nothing of their own, and noncharacters."""
_BLANKS = str.maketrans("\u2800\u3000", "  ")


def visible(text: str, keep: str = "") -> str:
    """The text in one form (NFC), of letters that can be seen; of the others those in `keep`."""
    whole = unicodedata.normalize("NFC", text.translate(_BLANKS))
    return "".join(c for c in whole if c in keep or _seen(c))


def alike(text: str) -> str:
    """What two texts have in common that look the same: full width and half, a character and its radical."""
    return unicodedata.normalize("NFKC", text)


def _seen(c: str) -> bool:
    code = ord(c)
    if code & 0xFFFE == 0xFFFE or any(first <= code <= last for first, last in _UNSEEN):
        return False
    return unicodedata.category(c) not in _DROPPED
