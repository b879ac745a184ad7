"""What may be typed about a seat plan."""

import re
import unicodedata
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.rulebook import rule
from lianxi.commons.views.acts import RecordForm, day_field, reason_field
from lianxi.organization.units.terms import Sector

from .models import PlanTrade
from .terms import MOST_SEATS, Aim, Kind, Method, TieWay

_SHARE = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?(%|/\d{1,12})?")


class FractionField(forms.Field):
    """A share: 0.6, 3/5 or 60%. Exact; never a float."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "24"})

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Fraction) else value

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(" ", "")
        if not text:
            return None
        if len(text) > 24 or not _SHARE.fullmatch(text):
            raise ValidationError(_("请写成0.6、3/5或者60%。"))
        try:
            number = Fraction(text.rstrip("%"))
        except (ValueError, ZeroDivisionError):
            raise ValidationError(_("请写成0.6、3/5或者60%。")) from None
        return number / 100 if text.endswith("%") else number


class Settings(RecordForm):
    """Everything that the convening organisation sets."""

    title = forms.CharField(label=_("会议名称"), max_length=80)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("会议种类"), choices=Kind.choices)
    seats = forms.IntegerField(label=_("代表名额"), min_value=1, max_value=MOST_SEATS)
    weight_members = FractionField(label=_("党员数权重"), help_text=_("三个权重相加是1。"))
    weight_organizations = FractionField(label=_("党组织数权重"))
    weight_population = FractionField(label=_("人口数权重"))
    floor = forms.IntegerField(label=_("每单位至少"), min_value=0, max_value=50)
    cap = forms.IntegerField(label=_("每单位最多"), min_value=1, max_value=MOST_SEATS, required=False)
    method = forms.ChoiceField(label=_("分到单位的算法"), choices=Method.choices)
    held_on = day_field(_("会期"), required=False)
    due_on = day_field(_("报上级的日期"), required=False)

    def prepare(self) -> None:
        for name in self.fields:
            value: Any = getattr(self.record, name, None)
            self.fields[name].initial = Fraction(value) if name.startswith("weight") else value


class NewPlan(Settings):
    """A plan is begun with what the rulebook gives for its unit."""

    def prepare(self) -> None:
        today = timezone.localtime(self.request.at).date()
        law = rule("E-55", on=today, at=self.record)
        first = {
            "kind": Kind.CONFERENCE if self.record.kind == "street" else Kind.PRIMARY,
            "weight_members": law.parameter("members").value,
            "weight_organizations": law.parameter("organizations").value,
            "weight_population": law.parameter("population").value,
            "floor": int(law.parameter("floor").value),
        }
        for name, value in first.items():
            self.fields[name].initial = Fraction(value) if name.startswith("weight") else value
        for name in ("weight_members", "weight_organizations", "weight_population", "floor"):
            self.fields[name].help_text = _("规则给的是%(value)s，依据：%(citation)s。") % {
                "value": law.parameter(name.removeprefix("weight_")).text,
                "citation": law.citation,
            }


class Freeze(RecordForm):
    on = day_field(_("截止日"), help_text=_("按这一天的组织关系数党员，按这一天的党组织数组织。"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localtime(self.request.at).date()


class Bounds(RecordForm):
    """Least and most share of each trade."""

    def prepare(self) -> None:
        for trade in self.record.trades.all():
            for side, label in (("at_least", _("%(trade)s不少于")), ("at_most", _("%(trade)s不超过"))):
                self.fields[f"{side}_{trade.pk}"] = FractionField(
                    label=label % {"trade": trade}, required=False, initial=share_text(getattr(trade, side))
                )

    def shares(self) -> dict[int, tuple[Fraction | None, Fraction | None]]:
        found = self.cleaned_data
        return {
            trade.pk: (found[f"at_least_{trade.pk}"], found[f"at_most_{trade.pk}"])
            for trade in self.record.trades.all()
        }


class WordsField(forms.CharField):
    """Words between commas, blanks or 、, each once."""

    def to_python(self, value: Any) -> Any:
        found = [one for one in re.split(r"[,，、;；\s]+", unicodedata.normalize("NFC", str(value or ""))) if one]
        if any(len(one) > 20 for one in found) or len(found) > 40:
            raise ValidationError(_("最多40个词，每个不超过20个字。"))
        return list(dict.fromkeys(found))

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class OneTrade(RecordForm):
    """A trade of a plan, new (`trade` is None) or as it stands."""

    trade: PlanTrade | None = None
    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    sign = forms.CharField(
        label=_("一个字"), max_length=1, required=False, help_text=_("画在半圆的座位上；空着就用名称的第一个字。")
    )
    at_least = FractionField(label=_("不少于"), required=False, help_text=_("占全部名额的比例，写成20%或者1/5；不限的空着。"))  # fmt: skip
    at_most = FractionField(label=_("不超过"), required=False)
    source = forms.CharField(
        label=_("比例的依据"),
        max_length=120,
        required=False,
        help_text=_("文件名称、条款；空着就是召集的党组织自己定的。"),
    )
    front_line = forms.BooleanField(label=_("算生产和工作一线"), required=False)
    leaders = forms.BooleanField(label=_("算领导干部"), required=False)
    words = WordsField(label=_("岗位里有这些词的算这里"), required=False, help_text=_("比如：教师、医生。按党员名册里的岗位。"))  # fmt: skip
    sectors = forms.MultipleChoiceField(
        label=_("没有写岗位的，这些类别的支部算这里"), choices=Sector.choices, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    rest = forms.BooleanField(label=_("其余的都算这里"), required=False)

    def prepare(self) -> None:
        if self.trade is not None:
            for name in self.fields:
                value: Any = getattr(self.trade, name)
                self.fields[name].initial = share_text(value) if name in ("at_least", "at_most") else value


class RemoveTrade(RecordForm):
    """Where the members of a trade go."""

    trade: PlanTrade
    into = forms.TypedChoiceField(label=_("它的党员算到哪个行业"), coerce=int)

    def prepare(self) -> None:
        others = [one for one in self.record.trades.all() if one.pk != self.trade.pk]
        self.fields["into"].choices = [(one.pk, str(one)) for one in others]  # type: ignore[attr-defined]
        self.fields["into"].initial = next((one.pk for one in others if one.rest), None)


class Aims(RecordForm):
    """Shares of overlapping groups."""

    def prepare(self) -> None:
        now = {one.aim: one.share for one in self.record.aims.all()}
        for aim, label in Aim.choices:
            self.fields[aim] = FractionField(
                label=_("%(group)s不少于") % {"group": label}, required=False, initial=share_text(now.get(aim))
            )


def share_of(value: Any) -> Fraction | None:
    """A share as it is kept (a text, or nothing) → exact."""
    return None if value is None else Fraction(value)


def share_text(value: Any) -> str:
    """A share as somebody types it: a percentage where that is exact, else a fraction."""
    found = share_of(value)
    if found is None:
        return ""
    hundred = found * 100
    return f"{hundred}%" if hundred.denominator == 1 else str(found)


class VoteTies(RecordForm):
    order = forms.CharField(
        label=_("表决定的次序"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text=_("一行一个，排在前面的先得。只写并列的就行。"),
    )
    paper = forms.CharField(label=_("哪次会议定的"), max_length=120)

    def prepare(self) -> None:
        certificate = self.record.current.certificate if self.record.current else {}
        if tied := tied_names(certificate):
            self.fields["order"].help_text = _("一行一个，排在前面的先得。并列的是：%(names)s。") % {"names": "、".join(tied[:30])}  # fmt: skip


def tied_names(certificate: dict[str, Any]) -> list[str]:
    """Who is tied in the first step that is open, as a voted order names them."""
    if not certificate:
        return []
    units, trades = ([one[0] for one in certificate[name]] for name in ("units", "trades"))
    for step in "abc":
        cells = [cell for tie in certificate[step]["ties"] for cell in tie["cells"]]
        if cells:
            return [units[j] if step == "a" else trades[j] if step == "b" else f"{units[i]}·{trades[j]}" for i, j in cells]  # fmt: skip
    return []


class OrderAsked(RecordForm):
    """What decides among units that could equally be asked next."""

    way = forms.ChoiceField(label=_("怎么定"), choices=TieWay.choices, widget=forms.RadioSelect)
    order = forms.CharField(
        label=_("表决定的次序"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": "5"}),
        help_text=_("一行一个单位，排在前面的先请。抽签的空着。"),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("会上抽出的种子"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("比如当众依次摸出的号码：38-07-91。表决的空着。次序是“种子||单位”的SHA-256从小到大。"),
    )  # fmt: skip
    paper = forms.CharField(label=_("哪次会议定的"), max_length=120)


class DrawTies(RecordForm):
    seed = forms.CharField(
        label=_("会上抽出的种子"),
        max_length=60,
        help_text=_("比如当众依次摸出的号码：38-07-91。输入以后，任何人都能照着重排一遍。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paper = forms.CharField(label=_("哪次会议抽的"), max_length=120)


class Approve(RecordForm):
    approval = forms.CharField(label=_("批复文号"), max_length=60)


class Reason(RecordForm):
    reason = reason_field(_("理由"))


class Nothing(RecordForm):
    pass


class Adopt(RecordForm):
    """A trial that becomes the plan."""

    seats = forms.IntegerField(min_value=1, max_value=MOST_SEATS, widget=forms.HiddenInput())
    floor = forms.IntegerField(min_value=0, max_value=50, widget=forms.HiddenInput())
    weight_members = FractionField(widget=forms.HiddenInput())
    weight_organizations = FractionField(widget=forms.HiddenInput())
    weight_population = FractionField(widget=forms.HiddenInput())
    reason = reason_field(_("为什么换"))

    def prepare(self) -> None:
        for name in self.fields:
            self.fields[name].initial = (
                self.request.GET.get(name, "") if name in self.request.GET else getattr(self.record, name, None)
            )


class Trial(forms.Form):
    """What changes if: other weights, another floor, some seats more or fewer."""

    weight_members = FractionField(label=_("党员数权重"))
    weight_organizations = FractionField(label=_("党组织数权重"))
    weight_population = FractionField(label=_("人口数权重"))
    floor = forms.IntegerField(label=_("每单位至少"), min_value=0, max_value=50)
    seats = forms.IntegerField(label=_("代表名额"), min_value=1, max_value=MOST_SEATS)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        weights = [found.get(f"weight_{name}") for name in ("members", "organizations", "population")]
        if all(weight is not None for weight in weights) and sum(weights) != 1:  # type: ignore[arg-type]
            raise ValidationError(_("三个权重相加要是1，现在是%(total)s。"), params={"total": sum(weights)})
        return found
