"""QR codes."""

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, label: str = "", border: int = 4) -> SafeString:
    """The text as a QR code: inline SVG without inline style, sized by its container.

    `label`: what it says to those who do not see it. Error correction M, a quiet zone of `border` modules. Raises
    ValueError for a text too long for a code.
    """
    try:
        code = segno.make_qr(text, error="m")
    except segno.DataOverflowError:
        raise ValueError("The text is too long for a QR code.") from None
    svg = code.svg_inline(omitsize=True, border=border, svgclass="qr", lineclass=None)
    said = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    return mark_safe(svg.replace("<svg ", f"<svg{said} ", 1))  # noqa: S308 - drawn by segno from modules, label escaped
