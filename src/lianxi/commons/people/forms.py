"""Forms of posts and accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Answering(forms.Form):
    """A form that shows what a service refused, in its place."""

    def refused(self, refusal: BadInput) -> None:
        """Put the sentences beside their fields."""
        for name, texts in refusal.errors.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


class ReasonForm(Answering):
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("写进经过，以后查得到。"))


class AppointForm(Answering):
    who = forms.CharField(label=_("给谁"), max_length=60, help_text=_("写全账号名或手机号。"))
    unit = forms.TypedChoiceField(label=_("单位"), coerce=int)
    role = forms.ChoiceField(label=_("职务"))
    head = forms.BooleanField(
        label=_("是这个单位的负责人"), required=False, help_text=_("只有书记、主任可以是负责人。")
    )
    since = forms.DateField(label=_("从哪天起"), widget=Day())
    until = forms.DateField(label=_("到哪天止"), required=False, widget=Day(), help_text=_("这一天过完就卸任。"))
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("比如任职文号。写进经过，以后查得到。"))

    def __init__(self, *args: Any, units: list[tuple[int, str]], roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("请选")), *units]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("请选")), *((one, Role(one).label) for one in roles)]  # type: ignore[attr-defined]


class EndForm(Answering):
    last_day = forms.DateField(label=_("最后一天"), widget=Day(), help_text=_("这一天过完就卸任；要马上卸任，填昨天。"))
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("写进经过，以后查得到。"))


class OpenAccountForm(Answering):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号"), max_length=30, required=False, help_text=_("登记过的人，凭姓名和手机号对上，不会重复。")
    )
    username = forms.CharField(label=_("账号名"), max_length=60, help_text=_("字母、数字、汉字都行，不要和别人一样。"))
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("写进经过，以后查得到。"))


class ExportForm(Answering):
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("会记下您的名字和用途。"))
