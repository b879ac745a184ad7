"""`{% load booth %}{% booth_assets %}`: the booth's script and the style sheet, each with the fingerprint that the browser checks."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import built

register = template.Library()


@register.simple_tag
def booth_assets() -> SafeString | str:
    """A file that was changed on its way is not run: the browser compares it with its fingerprint first."""
    styles, script = built.styles(), built.script()
    if styles is None or script is None:
        return ""
    return format_html(
        '<link rel="stylesheet" href="{}" integrity="{}"><script type="module" src="{}" integrity="{}"></script>',
        static(styles.name), styles.integrity, static(script.name), script.integrity,
    )  # fmt: skip
