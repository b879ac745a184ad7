"""Forms of the tree."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import RESIDENT_UNIT_KINDS, UnitKind
from lianxi.commons.views.acts import RecordForm, day_field, reason_field

from . import policies, queries
from .models import UnitCode
from .terms import PARENTS, Scheme, Sector, Situation

BLANK = [("", _("没有选"))]


class NewUnit(RecordForm):
    kind = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    since = day_field(_("起始日期"))
    sector = forms.ChoiceField(label=_("组织类别"), choices=BLANK + Sector.choices, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=60, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)

    def prepare(self) -> None:
        allowed = [kind for kind in UnitKind.values if self.record.kind in PARENTS[kind]]
        self.fields["kind"].choices = BLANK + [(kind, UnitKind(kind).label) for kind in allowed]  # type: ignore[attr-defined]
        self.fields["since"].initial = timezone.localtime(self.request.at).date()


class ChangeUnit(RecordForm):
    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    code = forms.CharField(label=_("代码"), max_length=18, required=False, help_text=_("组织内部编的代码。"))
    since = day_field(_("起始日期"))
    reason = reason_field(_("修改理由"))

    def prepare(self) -> None:
        for name in ("name", "name_en", "short_name", "code", "since"):
            self.fields[name].initial = getattr(self.record, name)


class ProfileOfUnit(RecordForm):
    sector = forms.ChoiceField(label=_("组织类别"), choices=BLANK + Sector.choices, required=False)
    situation = forms.ChoiceField(label=_("单位情况"), choices=BLANK + Situation.choices, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=60, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)

    def prepare(self) -> None:
        profile = getattr(self.record, "profile", None)
        for name in self.fields if profile else ():
            self.fields[name].initial = getattr(profile, name)


class CloseUnit(RecordForm):
    on = day_field(_("最后一天"))
    reason = reason_field(_("撤销理由"))


class CodeOfUnit(RecordForm):
    scheme = forms.ChoiceField(label=_("标准"), choices=Scheme.choices)
    code = forms.CharField(label=_("代码"), max_length=30)
    kept_because = forms.CharField(
        label=_("校验码对不上也要保留的理由"),
        max_length=200,
        required=False,
        help_text=_("只在代码确实这样发的时候填。"),
    )

    def prepare(self) -> None:
        if known := UnitCode.objects.filter(unit=self.record).first():
            self.fields["scheme"].initial = known.scheme


class UnitChoice(forms.ModelChoiceField[Unit]):
    """A unit, named with the unit above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("没有选"), **kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj} · {obj.parent.brief}" if obj.parent else str(obj)


class MoveUnit(RecordForm):
    target = UnitChoice(label=_("调到哪里"), queryset=Unit.objects.none())
    reason = reason_field(_("调整理由"))

    def prepare(self) -> None:
        day = timezone.localtime(self.request.at).date()
        self.fields["target"].queryset = (  # type: ignore[attr-defined]
            policies.EDIT.all(self.request.actor)
            .filter(queries.standing(day), kind__in=PARENTS[self.record.kind])
            .exclude(path__startswith=self.record.path)
            .exclude(pk=self.record.parent_id)
            .select_related("parent")
            .order_by("path")
        )


class CoverUnit(RecordForm):
    unit = UnitChoice(label=_("驻区单位"), queryset=Unit.objects.none())
    since = day_field(_("从哪天起"))

    def prepare(self) -> None:
        day = timezone.localtime(self.request.at).date()
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            policies.VIEW.all(self.request.actor)
            .filter(queries.standing(day), kind__in=RESIDENT_UNIT_KINDS)
            .select_related("parent")
            .order_by("path")
        )
        self.fields["since"].initial = day


class Uncover(RecordForm):
    until = day_field(_("最后一天"))


class BeginTerm(RecordForm):
    since = day_field(_("选举日期"), help_text=_("届满日期按规则算出。"))
    number = forms.IntegerField(label=_("第几届"), min_value=1, max_value=99, required=False)


class AskShift(RecordForm):
    to = day_field(_("请求在哪天换届"))
    reason = reason_field(_("理由"))


class ApproveShift(RecordForm):
    approval = forms.CharField(label=_("批复文号"), max_length=60)


class RefuseShift(RecordForm):
    reason = reason_field(_("理由"))


class CloseTerm(RecordForm):
    on = day_field(_("换届选举日期"))


class CloseLate(CloseTerm):
    approval = forms.CharField(label=_("上级文号"), max_length=60)


class Nothing(RecordForm):
    """An act that asks nothing."""
