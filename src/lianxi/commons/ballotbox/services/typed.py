"""What was typed, made plain: no control and direction characters, no blanks around."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import BadInput


def plain(text: str, *, lines: bool = False) -> str:
    """The text in one form (NFC), without control and format characters; line ends are kept if `lines`."""
    kept = "\n" if lines else ""
    made = "".join(
        c
        for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        if c in kept or unicodedata.category(c)[0] != "C"
    )
    return made.strip() if lines else " ".join(made.split())


def need_reason(reason: str, field: str = "reason") -> str:
    """Raises BadInput where no reason is written."""
    made = plain(reason)
    if len(made) < 2:
        raise BadInput({field: _("请写理由。")})
    return made
