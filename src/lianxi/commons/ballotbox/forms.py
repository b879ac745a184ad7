"""What may be typed on the pages of a poll."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.views.acts import RecordForm, day_field, reason_field

from . import pasted
from .terms import Kind, Verdict

TRUSTEES_AT_MOST = 7
"""Places on the form, where the rule does not ask for more."""
FEWEST = 2
"""A key of one is no shared key."""
LINES_AT_MOST = 60
_one_a_line = {"rows": 8, "spellcheck": "false"}


def _yes_no(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class Lines(forms.CharField):
    """One line a thing; gives the list. What stands twice is told with its lines."""

    widget = forms.Textarea(attrs=_one_a_line)

    def clean(self, value: Any) -> Any:
        found = pasted.lines(super().clean(value) or "")
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(found) > LINES_AT_MOST:
            raise forms.ValidationError(_("最多%(n)d行。") % {"n": LINES_AT_MOST})
        for text, places in pasted.repeated(found).items():
            said = gettext("、").join(map(str, places))
            raise forms.ValidationError(
                _("“%(text)s”写了不止一次（第%(places)s行）。") % {"text": text, "places": said}
            )
        if long := next((one for one in found if len(one) > 300), ""):
            raise forms.ValidationError(_("一行最多300个字：“%(text)s…”。") % {"text": long[:20]})
        return found


class QuestionForm(RecordForm):
    kind = forms.ChoiceField(
        label=_("投什么"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("议题表决：逐条赞成、反对或者弃权。征求意见：从几项里选。候选人投票：对每个人赞成、反对或者弃权。"),
    )
    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("印在选票卡和票面上。"))
    about = forms.CharField(
        label=_("给投票人的说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    items = Lines(
        label=_("议题、选项或者候选人"), help_text=_("一行一个，按票面上的顺序。整段粘贴也行，行首的序号会去掉。")
    )
    roster = Lines(
        label=_("可以另选的人"),
        required=False,
        help_text=_("只有候选人投票用：不赞成某位候选人时，可以从这些人里另选。一行一个。"),
    )
    most = forms.IntegerField(
        label=_("最多选几个"),
        required=False,
        min_value=1,
        max_value=LINES_AT_MOST,
        help_text=_("征求意见：最多选几项；候选人投票：最多赞成几人。议题表决不用填。"),
    )
    rule = forms.ChoiceField(
        label=_("结果怎么用"),
        required=False,
        initial="none",
        widget=forms.RadioSelect,
        choices=[
            ("none", Verdict.NONE.label),
            ("B-07", _("党员大会表决：赞成超过应到会有表决权党员的半数为通过")),
        ],
    )
    revote = _yes_no(_("投票结束前可以重投，以最后一次为准"))
    is_election = _yes_no(_("这是一次选举"), _("选举要有上级批准用电子方式投票的文件；没有就用纸票。"))
    approval = forms.CharField(
        label=_("上级批准文件"), required=False, max_length=120, help_text=_("名称和文号。只有选举要填。")
    )
    opens_on = day_field(_("哪天投票"), required=False)
    place = forms.CharField(label=_("在哪里投票"), required=False, max_length=80)

    def prepare(self) -> None:
        if self.record is None or not hasattr(self.record, "poll"):
            return
        for name in self.fields:
            if hasattr(self.record.poll, name):
                self.initial[name] = getattr(self.record.poll, name)
        self.initial["rule"] = self.record.poll.rule or "none"
        self.initial["items"] = "\n".join(self.record.items)
        self.initial["roster"] = "\n".join(self.record.roster)

    def clean(self) -> dict[str, Any]:
        made: dict[str, Any] = super().clean() or {}
        items, roster, kind = made.get("items") or [], made.get("roster") or [], made.get("kind")
        if kind == Kind.CANDIDATES and (both := set(items) & set(roster)):
            self.add_error("roster", _("“%(name)s”已经是候选人。") % {"name": sorted(both)[0]})
        if kind and kind != Kind.CANDIDATES and roster:
            self.add_error("roster", _("只有候选人投票可以另选，这一项请空着。"))
        if kind == Kind.CHOICE and 0 < len(items) < 2:
            self.add_error("items", _("至少写两个选项。"))
        if kind in (Kind.CHOICE, Kind.CANDIDATES) and "most" in made:
            if not made["most"]:
                self.add_error("most", _("请写最多选几个。"))
            elif items and made["most"] > len(items) + len(roster):
                self.add_error("most", _("一共只有%(n)d个。") % {"n": len(items) + len(roster)})
        if kind != Kind.MOTIONS and made.get("rule") == "B-07":
            self.add_error("rule", _("只有议题表决可以按党员大会表决作决定。"))
        self._check_day(made.get("opens_on"))
        made["most"] = made.get("most") or 1
        made["rule"] = "" if made.get("rule") in ("none", None) else made["rule"]
        return made

    def _check_day(self, day: dt.date | None) -> None:
        """Nobody plans a vote for the past, nor types a year with five digits; what was planned before may stand."""
        if day is None or day == self.initial.get("opens_on") or self.request is None:
            return
        today = timezone.localtime(self.request.at).date()
        last = today + dt.timedelta(days=settings.POLL_DAYS_AHEAD)
        if day < today:
            self.add_error("opens_on", _("这一天已经过去了。"))
        elif day > last:
            self.add_error("opens_on", _("这一天太远了，最晚到%(day)s。") % {"day": date_format(last)})


class NewForm(QuestionForm):
    unit = forms.ChoiceField(label=_("在哪个单位投票"))
    field_order = ("unit",)

    def prepare(self) -> None:
        self.units = {str(unit.pk): unit for unit in self.record}
        self.fields["unit"].choices = [(key, str(unit)) for key, unit in self.units.items()]  # type: ignore[attr-defined]


class RollForm(forms.Form):
    """The names of a roll, one a line; a sheet is read into the same field."""

    names = forms.CharField(
        label=_("选民名单"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("一行一个人。同名的，在姓名后面打逗号写明是谁，比如“张伟，第二支部”。"),
    )
    file = forms.FileField(
        label=_("或者从表格读"),
        required=False,
        help_text=_(".xlsx或.csv，有“姓名”一列就行；有“备注”或“所在党支部”一列也会读。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
    source = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())

    def clean_names(self) -> list[Any]:
        found = pasted.names(self.cleaned_data["names"])
        if len(found) > pasted.NAMES_AT_MOST:
            raise forms.ValidationError(_("最多%(n)d人。") % {"n": pasted.NAMES_AT_MOST})
        for place, one in enumerate(found, 1):
            if len(one.name) > pasted.NAME_AT_MOST or len(one.note) > pasted.NOTE_AT_MOST:
                raise forms.ValidationError(_("第%(n)d行太长了，一行写一个人。") % {"n": place})
        return found


class PeopleForm(RecordForm):
    """Who opens the result together, and who gives out the cards."""

    threshold = forms.IntegerField(
        label=_("几个监票人一起才能开票"),
        min_value=2,
        help_text=_("要过半数；最好少于全部：有人密码丢了也开得了票。"),
    )
    giver = forms.CharField(
        label=_("发卡人"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "poll-people", "autocomplete": "off"}),
        help_text=_("在自己的电脑上制作、打印、当面发出选票卡的人。不能是监票人。"),
    )

    few_reason = forms.CharField(label=_("监票人少的理由"), required=False, max_length=200)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        first: dict[str, Any] = {}
        lawful = self.record.least
        excused = bool((data and data.get("few_reason")) or self.initial.get("few_reason"))
        least = min(lawful, FEWEST) if excused else lawful
        self.fields["few_reason"].help_text = _("至少%(n)d位。实在不够，写明为什么。") % {"n": lawful}
        for number in range(1, max(TRUSTEES_AT_MOST, lawful) + 1):
            first[f"trustee_{number}"] = forms.CharField(
                label=_("监票人%(n)d") % {"n": number},
                required=number <= least,
                max_length=120,
                widget=forms.TextInput(attrs={"list": "poll-people", "autocomplete": "off"}),
                help_text=_("写全账号名或手机号；名单里有的，写姓名也行。") if number == 1 else "",
            )
        first.update(self.fields)
        self.fields = first

    def prepare(self) -> None:
        for number, text in enumerate(self.record.trustees, 1):
            self.initial[f"trustee_{number}"] = text
        more = {"threshold": self.record.threshold or 2, "giver": self.record.giver}
        self.initial.update(more | {"few_reason": self.record.few_reason})

    def trustees(self) -> list[tuple[str, str]]:
        """Field → what was typed, of those that were filled in."""
        return [(name, text) for name, text in self.cleaned_data.items() if name.startswith("trustee_") and text]

    def clean(self) -> dict[str, Any]:
        made: dict[str, Any] = super().clean() or {}
        n = sum(bool(text) for name, text in made.items() if name.startswith("trustee_"))
        if n < self.record.least and not made.get("few_reason"):
            self.add_error("few_reason", _("监票人至少%(n)d位；不够的，写明为什么。") % {"n": self.record.least})
        if n and made.get("threshold") and not n < 2 * made["threshold"] <= 2 * n:
            self.add_error("threshold", _("%(n)d位监票人，要过半数才能开票。") % {"n": n})
        return made


class AttendanceForm(RecordForm):
    attended = forms.IntegerField(
        label=_("签到几人"), min_value=0, max_value=100_000, help_text=_("数签到表上的签名。只写总数，不写谁来了。")
    )
    cards_given = forms.IntegerField(
        label=_("发出几张选票卡"), min_value=0, max_value=100_000, help_text=_("发卡人数剩下的卡，倒着核一遍。")
    )


class CorrectionForm(AttendanceForm):
    reason = reason_field(_("哪里登记错了"))

    def prepare(self) -> None:
        if self.record is not None:
            self.initial.update({"attended": self.record.attended, "cards_given": self.record.cards_given})


class Nothing(RecordForm):
    """Only the button."""


class Reason(RecordForm):
    reason = reason_field(_("理由"))


class CodeForm(forms.Form):
    """A check code to look for."""

    q = forms.CharField(label=_("您的核对码"), required=False, max_length=20)
