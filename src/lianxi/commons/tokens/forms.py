"""The form of a token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .services import DAYS_AT_MOST


class IssueForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("哪个程序用，做什么。"))
    roles = forms.MultipleChoiceField(
        label=_("用哪些职务"), widget=forms.CheckboxSelectMultiple, help_text=_("程序只能做这些职务能做的事。")
    )
    days = forms.IntegerField(
        label=_("有效多少天"), min_value=1, max_value=DAYS_AT_MOST, help_text=_("到期自动失效；越短越稳妥。")
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]
