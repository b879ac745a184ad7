"""What was typed, made plain: no control and direction characters, no blanks around."""

from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import BadInput

from ..letters import visible


def plain(text: str, *, lines: bool = False) -> str:
    """The text in one form, of visible letters; line ends are kept if `lines`."""
    made = visible(text.replace("\r\n", "\n"), "\n" if lines else "")
    return made.strip() if lines else " ".join(made.split())


def need_reason(reason: str, field: str = "reason") -> str:
    """Raises BadInput where no reason is written."""
    made = plain(reason)
    if len(made) < 2:
        raise BadInput({field: _("请写理由。")})
    return made
