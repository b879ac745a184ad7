"""Forms of the rounds."""

from typing import Any

from django import forms
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.commons.views.acts import RecordForm, day_field, reason_field
from lianxi.organization.members.terms import Kind

from . import queries
from .models import Participant, RoundGroup
from .services.beginning import MAY_BEGIN
from .services.roll import branches_of
from .terms import LeaderWay, Rule, Seed

BLANK = [("", _("没有选"))]


class MomentInput(forms.DateTimeInput):
    """A day and a time, chosen from the browser's calendar."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs or None, format="%Y-%m-%dT%H:%M")


def moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=help_text, widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


class UnitChoice(forms.ModelChoiceField[Unit]):
    """A unit, named with the unit above."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj} · {obj.parent.brief}" if obj.parent else str(obj)


class Basics(RecordForm):
    """What a round is."""

    title = forms.CharField(label=_("名称"), max_length=80)
    closes_at = moment_field(_("停止选组的时间"), _("在这以前，党员填了也可以改。"))
    wishes_most = forms.IntegerField(label=_("最多填几个志愿"), min_value=1, max_value=10, initial=3)
    rule = forms.ChoiceField(label=_("编组办法"), choices=Rule.choices, initial=Rule.GREEDY)
    functional = forms.BooleanField(label=_("功能型党小组（跨支部，不转组织关系）"), required=False)


class New(Basics):
    unit = UnitChoice(label=_("哪个组织"), queryset=Unit.objects.none(), empty_label=_("没有选"))
    field_order = ("unit", "title", "closes_at", "wishes_most", "rule", "functional")

    def prepare(self) -> None:
        found = queries.units_to_begin(actor=self.request.actor, kinds=MAY_BEGIN - {UnitKind.STREET})
        self.fields["unit"].queryset = found.select_related("parent")  # type: ignore[attr-defined]
        if str(self.request.GET.get("unit", "")).isdecimal():
            self.fields["unit"].initial = int(self.request.GET["unit"])


class Change(Basics):
    def prepare(self) -> None:
        for name in ("title", "wishes_most", "rule", "functional"):
            self.fields[name].initial = getattr(self.record, name)
        self.fields["closes_at"].initial = timezone.localtime(self.record.closes_at)


class Copy(RecordForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    closes_at = moment_field(_("停止选组的时间"))

    def prepare(self) -> None:
        self.fields["title"].initial = self.record.title


class GroupForm(RecordForm):
    """A group; `record` is the round, or the group that is changed."""

    name = forms.CharField(label=_("组名"), max_length=40)
    branch = UnitChoice(label=_("所在党支部"), queryset=Unit.objects.none(), empty_label=_("没有选"))
    theme = forms.CharField(label=_("做什么"), max_length=80, required=False, help_text=_("如：陪老人看病、楼道巡查。"))
    place = forms.CharField(label=_("片区"), max_length=80, required=False, help_text=_("如：望槐里1号楼到6号楼。"))
    leader_wants = forms.CharField(label=_("组长条件"), max_length=80, required=False)
    lo = forms.IntegerField(label=_("最少几人"), min_value=1, max_value=30000, initial=3)
    hi = forms.IntegerField(label=_("最多几人"), min_value=1, max_value=30000)
    meets = forms.IntegerField(label=_("一年开几次会"), min_value=1, max_value=366, initial=12)

    def prepare(self) -> None:
        group = self.record if isinstance(self.record, RoundGroup) else None
        branches = branches_of(group.round.unit if group else self.record.unit)
        found = Unit.objects.filter(pk__in=[one.pk for one in branches]).select_related("parent")
        self.fields["branch"].queryset = found  # type: ignore[attr-defined]
        if group:
            for name in self.fields:
                self.fields[name].initial = getattr(group, name)
        elif len(branches) == 1:
            self.fields["branch"].initial = branches[0].pk
            self.fields["branch"].widget = forms.HiddenInput()


class Nothing(RecordForm):
    """Only the button."""


class Reason(RecordForm):
    reason = reason_field(_("理由"))


class Amend(RecordForm):
    lo = forms.IntegerField(label=_("最少几人"), min_value=1, max_value=30000)
    hi = forms.IntegerField(label=_("最多几人"), min_value=1, max_value=30000)
    shut = forms.BooleanField(label=_("这一轮不设这个小组"), required=False)
    reason = reason_field(_("理由"))

    def prepare(self) -> None:
        for name in ("lo", "hi", "shut"):
            self.fields[name].initial = getattr(self.record, name)


class Later(RecordForm):
    closes_at = moment_field(_("停止选组的时间"))
    reason = reason_field(_("理由"))


class Draw(RecordForm):
    """The seed of the meeting."""

    how = forms.ChoiceField(label=_("怎样抽出"), choices=Seed.choices, widget=forms.RadioSelect)
    seed = forms.CharField(
        label=_("抽出的种子"),
        max_length=80,
        required=False,
        help_text=_("会上抽出的数字或词，照念的写。由系统掷骰子的，这里空着。"),
    )
    witnesses = forms.CharField(label=_("见证人"), max_length=120, help_text=_("在场看着抽出的人，至少一名。"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("how") == Seed.TYPED and not values.get("seed", "").strip():
            self.add_error("seed", _("没有写抽出的种子。"))
        return values


class Publish(RecordForm):
    objections_until = day_field(_("意见提到哪天"), help_text=_("那一天也算。"))


class Confirm(RecordForm):
    decided_on = day_field(_("支委会日期"))
    due = forms.IntegerField(label=_("支委应到"), min_value=1, max_value=99)
    present = forms.IntegerField(label=_("支委实到"), min_value=0, max_value=99)


class Report(RecordForm):
    number = forms.CharField(label=_("报告文号"), max_length=60, required=False)


class GroupChoice(forms.ModelChoiceField[RoundGroup]):
    def label_from_instance(self, obj: RoundGroup) -> str:
        said = f"{obj.name} · {obj.theme}" if obj.theme else obj.name
        n = getattr(obj, "now", 0)
        if not n:
            return said
        full = gettext("%(n)d人，满了") if n >= obj.hi else gettext("%(n)d人，最多%(hi)d人")
        return f"{said} · {full % {'n': n, 'hi': obj.hi}}"


def groups_for(person: Participant, *, counted: bool = False) -> Any:
    """The groups that a member may be put into. `counted`: with how many are in each now (`now`), once there is a result."""
    rows = RoundGroup.objects.filter(round=person.round_id, shut=False).order_by("pk")
    if counted:
        rows = rows.annotate(now=Count("seats"))
    return rows if person.round.functional else rows.filter(branch=person.branch_id)


class IntoGroup(RecordForm):
    """A group and a reason; `record` is the member on the roll."""

    group = GroupChoice(label=_("哪个小组"), queryset=RoundGroup.objects.none(), empty_label=_("没有选"))
    reason = reason_field(_("理由"))

    def prepare(self) -> None:
        self.fields["group"].queryset = groups_for(self.record, counted=True)  # type: ignore[attr-defined]


class Slip(RecordForm):
    """A paper slip: the wishes in their order, as many fields as wishes count."""

    def prepare(self) -> None:
        groups = groups_for(self.record)
        for index in range(self.record.round.wishes_most):
            self.fields[f"wish_{index + 1}"] = GroupChoice(
                label=_("第%(n)d志愿") % {"n": index + 1}, queryset=groups, required=False, empty_label=_("没有填")
            )
            if index < len(self.record.wishes):
                self.fields[f"wish_{index + 1}"].initial = self.record.wishes[index]

    @property
    def wishes(self) -> list[int]:
        given = [self.cleaned_data.get(name) for name in self.fields]
        return [one.pk for one in given if one is not None]


class Leader(RecordForm):
    """Who leads; `record` is the group."""

    number = forms.IntegerField(label=_("组长的序号"), min_value=1, help_text=_("名单上的序号。预备党员不能当组长。"))
    way = forms.ChoiceField(label=_("组长产生办法"), choices=BLANK + LeaderWay.choices)

    def prepare(self) -> None:
        members = queries.participants_of(self.record).filter(participant__kind=Kind.FULL)
        if names := [(one.participant.number, f"{one.participant.code} {one.participant}") for one in members]:
            self.fields["number"] = forms.TypedChoiceField(label=_("组长"), choices=[*BLANK, *names], coerce=int, help_text=_("本组的正式党员。"))  # fmt: skip

    def clean_number(self) -> Participant:
        rows = Participant.objects.filter(round=self.record.round_id, number=self.cleaned_data["number"])
        found = rows.select_related("member__person", "round__unit").first()
        if found is None:
            raise forms.ValidationError(_("名单上没有这个序号。"))
        return found


class Objecting(RecordForm):
    """A member's opinion of the own place."""

    text = forms.CharField(label=_("您的意见"), max_length=500, widget=forms.Textarea)
    wanted = GroupChoice(
        label=_("想去哪个小组"), queryset=RoundGroup.objects.none(), required=False, empty_label=_("没有特别想去的")
    )

    def prepare(self) -> None:
        self.fields["wanted"].queryset = groups_for(self.record)  # type: ignore[attr-defined]


class Answering(RecordForm):
    """What is answered to an objection; `record` is the objection."""

    upheld = forms.ChoiceField(
        label=_("采纳吗"), choices=[("yes", _("采纳")), ("no", _("不采纳"))], widget=forms.RadioSelect
    )
    group = GroupChoice(
        label=_("调到哪个小组"), queryset=RoundGroup.objects.none(), required=False, empty_label=_("不调")
    )
    answer = forms.CharField(label=_("给本人的答复"), max_length=300, widget=forms.Textarea)

    def prepare(self) -> None:
        self.fields["group"].queryset = groups_for(self.record.participant, counted=True)  # type: ignore[attr-defined]
        self.fields["group"].initial = self.record.wanted_id
