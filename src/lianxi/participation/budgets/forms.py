"""What may be typed on the pages of a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxi.commons.views.acts import RecordForm, day_field, reason_field

from .terms import Given


def _digits(words: str) -> list[int]:
    return [
        int(part)
        for part in words.replace("，", " ").replace(",", " ").replace("、", " ").split()
        if part.isdecimal() and len(part) < 7
    ]


class RoundForm(RecordForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    budget = forms.IntegerField(label=_("预算（元）"), min_value=1)
    source = forms.CharField(
        label=_("钱从哪里来"), max_length=120, help_text=_("如：社区服务群众经费，街道第几号批复。")
    )
    about = forms.CharField(
        label=_("给居民的说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    most = forms.IntegerField(label=_("每人最多选几个"), required=False, min_value=1, help_text=_("不限就空着。"))
    studied_on = day_field(_("社区党组织研究日期"), required=False, help_text=_("开始征集前要填。"))

    def prepare(self) -> None:
        if self.record is not None and hasattr(self.record, "budget"):
            for name in self.fields:
                self.initial[name] = getattr(self.record, name)


class Plan(RoundForm):
    unit = forms.ChoiceField(label=_("在哪个社区"))
    field_order = ("unit",)

    def prepare(self) -> None:
        self.units = {str(unit.pk): unit for unit in self.record}
        self.fields["unit"].choices = [(key, str(unit)) for key, unit in self.units.items()]  # type: ignore[attr-defined]


class Import(RecordForm):
    unit = forms.ChoiceField(label=_("在哪个社区"))
    source = forms.CharField(label=_("钱从哪里来"), max_length=120)
    file = forms.FileField(label=_("Pabulib文件（.pb）"), help_text=_("别处投过的票，在这里重新计算。只要勾选的票。"))

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.units = {str(unit.pk): unit for unit in self.record}
        self.fields["unit"].choices = [(key, str(unit)) for key, unit in self.units.items()]  # type: ignore[attr-defined]


class Nothing(RecordForm):
    """Only the button."""


class Until(RecordForm):
    ends_on = day_field(_("到哪天为止"), required=False, help_text=_("到了那天由您截止，不会自动截止。"))


class Reason(RecordForm):
    reason = reason_field(_("理由"))


class Slips(RecordForm):
    number = forms.IntegerField(label=_("印几张"), min_value=1, max_value=2000)


class Give(RecordForm):
    name = forms.CharField(label=_("姓名"), max_length=60)
    door = forms.CharField(label=_("门牌"), max_length=80, help_text=_("楼、单元、室，按门牌写。"))
    kind = forms.ChoiceField(label=_("领了什么"), choices=Given.choices, widget=forms.RadioSelect)


class Admit(RecordForm):
    cost = forms.IntegerField(label=_("核定费用（元）"), min_value=1)
    note = forms.CharField(label=_("审核意见"), required=False, max_length=300, help_text=_("居民看得到。"))

    def prepare(self) -> None:
        self.initial["cost"] = self.record.asked


class Order(RecordForm):
    order = forms.CharField(
        label=_("抽出的先后"), max_length=200, help_text=_("写项目编号，先抽到的在前，用逗号隔开。")
    )
    note = forms.CharField(label=_("怎么抽的"), max_length=200, help_text=_("在哪里、谁主持、谁在场。"))

    def clean_order(self) -> list[int]:
        return _digits(self.cleaned_data["order"])


class Choices(forms.Form):
    """A ballot: none, one or several of the projects."""

    choices = forms.MultipleChoiceField(label=_("您支持哪些项目"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, projects: list[Any], **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["choices"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (
                str(p.number),
                _("%(n)d. %(title)s（%(cost)s元）") % {"n": p.number, "title": p.title, "cost": f"{p.cost:,}"},
            )
            for p in projects
        ]

    def numbers(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["choices"]]


class Sheet(Choices):
    number = forms.IntegerField(label=_("票号"), min_value=1, max_value=999_999, help_text=_("开箱时写在纸票上的号。"))
    field_order = ("number", "choices")


class Propose(forms.Form):
    title = forms.CharField(label=_("项目名称"), max_length=60)
    text = forms.CharField(label=_("做什么，谁受益"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.CharField(label=_("地点"), required=False, max_length=80)
    asked = forms.IntegerField(
        label=_("大概要多少钱（元）"), required=False, min_value=1, help_text=_("不知道就空着，审核时由社区核定。")
    )
    contact = forms.CharField(
        label=_("联系电话"), required=False, max_length=20, help_text=_("只给审核的人看，用来问清楚。")
    )
    tell_me = forms.BooleanField(
        label=_("有进展通知我"), required=False, help_text=_("用您登录的账号。提的人是谁，页面和记录里都没有。")
    )

    def __init__(self, data: Any = None, *, account: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        if not account:
            del self.fields["tell_me"]


class Object(forms.Form):
    text = forms.CharField(
        label=_("哪里不对，为什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("如：纸票录错了，票数对不上，有人没有领到票。请不要写您自己选了什么。"),
    )
    entitled = forms.BooleanField(label=_("我是本社区的居民，或者在本社区工作"), required=False)
    name = forms.CharField(label=_("姓名"), required=False, max_length=60)
    door = forms.CharField(
        label=_("门牌"),
        required=False,
        max_length=80,
        help_text=_("可以不写。写了只用来对照领票登记，不保存，也不给别人看。"),
    )
    tell_me = forms.BooleanField(
        label=_("有进展通知我"), required=False, help_text=_("用您登录的账号。提的人是谁，页面和记录里都没有。")
    )

    def __init__(self, data: Any = None, *, account: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        if not account:
            del self.fields["tell_me"]


class Code(forms.Form):
    code = forms.CharField(
        label=_("投票码"),
        max_length=20,
        help_text=_("纸条上的10位字母和数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class FollowCode(forms.Form):
    code = forms.CharField(
        label=_("收件码"),
        max_length=20,
        help_text=_("提交以后给您的10位字母和数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class Receipt(forms.Form):
    code = forms.CharField(
        label=_("回执码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
