"""Forms of the register."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS, UnitKind
from lianxi.commons.views.acts import RecordForm, day_field, reason_field

from . import policies
from .models import Member
from .queries import signs_of
from .terms import CURRENT, NATIONALITIES, ROMANISED, Education, Kind, PartKind, Sex, Standing

BLANK = [("", _("没有选"))]


def nationalities(language: str) -> list[tuple[str, str]]:
    """Code and name, the code in front: 01 汉族."""
    names = ROMANISED if language.startswith("en") else NATIONALITIES
    return [(code, f"{code} {name}") for code, name in names.items()]


class UnitChoice(forms.ModelChoiceField[Unit]):
    """A unit, named with the unit above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("没有选"), **kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj} · {obj.parent.brief}" if obj.parent else str(obj)


class Items(RecordForm):
    """The items of K-06."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    identity = forms.CharField(label=_("身份证号"), max_length=30)
    sex = forms.ChoiceField(label=_("性别"), choices=BLANK + Sex.choices)
    nationality = forms.ChoiceField(label=_("民族"))
    born_on = day_field(_("出生日期"))
    education = forms.ChoiceField(label=_("学历"), choices=BLANK + Education.choices, required=False)
    joined_on = day_field(_("入党日期"), help_text=_("支部大会通过的日期。"))
    full_on = day_field(_("转正日期"), required=False)
    work = forms.CharField(label=_("工作岗位"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False, help_text=_("没有也能登记。"))
    address = forms.CharField(label=_("家庭住址"), max_length=120, required=False)
    lost = forms.BooleanField(label=_("失去联系"), required=False)
    mobile = forms.BooleanField(label=_("流动党员"), required=False)

    def prepare(self) -> None:
        language = getattr(self.request, "LANGUAGE_CODE", "zh-hans")
        self.fields["nationality"].choices = BLANK + nationalities(language)  # type: ignore[attr-defined]


class Register(Items):
    branch = UnitChoice(label=_("所在党支部"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(label=_("人员类别"), choices=BLANK + Kind.choices)
    field_order = (
        "branch",
        "name",
        "identity",
        "sex",
        "nationality",
        "born_on",
        "education",
        "kind",
        "joined_on",
        "full_on",
    )

    def prepare(self) -> None:
        super().prepare()
        day = timezone.localtime(self.request.at).date()
        branches = policies.REGISTER.all(self.request.actor).filter(kind__in=BRANCH_KINDS, until=None, since__lte=day)
        self.fields["branch"].queryset = branches.select_related("parent").order_by("path")  # type: ignore[attr-defined]
        if str(self.request.GET.get("unit", "")).isdecimal():
            self.fields["branch"].initial = self.request.GET["unit"]


class Change(Items):
    """Protected items are left empty to keep what is on record: the form does not show them."""

    reason = reason_field(_("修改理由"))
    PROTECTED = ("identity", "phone", "address")

    def prepare(self) -> None:
        super().prepare()
        for name, field in self.fields.items():
            if name in self.PROTECTED:
                field.required = False
                field.help_text = _("不改就留空。")
            elif name == "name":
                field.initial = self.record.person.name
            elif name != "reason":
                field.initial = getattr(self.record, name)


class Standings(RecordForm):
    standing = forms.ChoiceField(label=_("党籍状态"))
    on = day_field(_("从哪天起"))
    reason = reason_field(_("理由"))

    def prepare(self) -> None:
        choices = [pair for pair in Standing.choices if pair[0] not in (Standing.MERGED, self.record.standing)]
        self.fields["standing"].choices = choices  # type: ignore[attr-defined]


class RequestTransfer(RecordForm):
    target = UnitChoice(label=_("转到哪个党支部"), queryset=Unit.objects.none())
    reason = reason_field(_("事由"))

    def prepare(self) -> None:
        branches = Unit.objects.filter(kind__in=BRANCH_KINDS, until=None).exclude(pk=self.record.branch_id)
        self.fields["target"].queryset = branches.select_related("parent").order_by("path")  # type: ignore[attr-defined]


class Reason(RecordForm):
    reason = reason_field(_("理由"))


class Nothing(RecordForm):
    """An act that asks nothing."""


class OnDay(RecordForm):
    on = day_field(_("日期"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localtime(self.request.at).date()


class Extend(RecordForm):
    to = day_field(_("延长到"))
    reason = reason_field(_("理由"))


class Cancel(OnDay):
    reason = reason_field(_("理由"))


class Group(RecordForm):
    group = UnitChoice(label=_("党小组"), queryset=Unit.objects.none(), required=False)

    def prepare(self) -> None:
        groups = Unit.objects.filter(parent=self.record.branch_id, kind=UnitKind.GROUP, until=None)
        self.fields["group"].queryset = groups.order_by("path")  # type: ignore[attr-defined]


class MergeInto(RecordForm):
    gone = forms.IntegerField(
        label=_("并入哪一条的编号"), min_value=1, help_text=_("它会从名册里消失，历史留着，可以撤销。")
    )
    take = forms.MultipleChoiceField(
        label=_("从它那里取这些项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("phone", _("电话")),
            ("address", _("家庭住址")),
            ("education", _("学历")),
            ("work", _("工作岗位")),
            ("nationality", _("民族")),
        ],
    )
    reason = reason_field(_("理由"))

    def prepare(self) -> None:
        if str(self.request.GET.get("gone", "")).isdecimal():
            self.fields["gone"].initial = int(self.request.GET["gone"])

    def clean_gone(self) -> Member:
        found = (
            policies.MERGE.all(self.request.actor)
            .filter(pk=self.cleaned_data["gone"], standing__in=CURRENT)
            .select_related("person")
            .first()
        )
        if found is None:
            raise forms.ValidationError(_("没有这个编号。"))
        return found  # type: ignore[no-any-return]


class TakePart(RecordForm):
    """Which of the three, and when; the day of today stands there first."""

    kind = forms.ChoiceField(label=_("哪一样"), choices=PartKind.choices, widget=forms.RadioSelect)
    on = day_field(_("日期"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localtime(self.request.at).date()


class TakePartMany(TakePart):
    """The same for many members of a branch at once; `record`: these members."""

    members = forms.MultipleChoiceField(label=_("哪些人"), widget=forms.CheckboxSelectMultiple)
    field_order = ("kind", "on", "members")

    def prepare(self) -> None:
        super().prepare()
        self.fields["members"].choices = [(one.pk, f"{one} {one.number}") for one in self.record]  # type: ignore[attr-defined]


class TakeBackPart(RecordForm):
    sign = forms.TypedChoiceField(label=_("撤掉哪一条"), coerce=int, widget=forms.RadioSelect)
    reason = reason_field(_("理由"))

    def prepare(self) -> None:
        self.fields["sign"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.on} {one.get_kind_display()}") for one in signs_of(self.record)
        ]


class ExportForm(RecordForm):
    """Which columns come out in the open, and why."""

    format = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "Excel"), ("csv", "CSV")])
    reveal = forms.MultipleChoiceField(
        label=_("不打码的项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("identity", _("身份证号")), ("phone", _("电话")), ("address", _("家庭住址"))],
    )
    reason = reason_field(_("为什么要不打码"), required=False)
