"""What staff type at a step. Shape is checked here, meaning by the services; what was typed is given back untouched."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxi.commons.rulebook import book, rule

from ..queries.desk import Choice
from ..terms import Channel, Contact, Exit, Kind, Naming, Result, Satisfied, Solved, Topic

WHY_BARRED = {
    "accused": _("反映的就是它，不能派给它办（信访工作条例第三十条）"),
    "aside": _("与这件事有直接利害关系，已回避（信访工作条例第二十八条）"),
}


class Lines(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 3, most: int = 2000, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=most, strip=True, **options)


class RadioSelect(forms.RadioSelect):
    """Bordered rows; those that may not be chosen are shown, with the reason."""

    barred: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **more)
        if str(value) in self.barred:
            option["attrs"]["disabled"] = True
        return option


class Pick(forms.TypedChoiceField):
    """One of the units or persons that a query offers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=None, widget=RadioSelect, **options)

    def offer(self, choices: Sequence[Choice]) -> None:
        self.choices = [
            (str(one.pk), f"{one.name}：{WHY_BARRED[one.barred]}" if one.barred else one.name) for one in choices
        ]
        self.widget.barred = frozenset(str(one.pk) for one in choices if one.barred)
        if len(choices) > 30:
            self.widget = forms.Select(choices=[("", "—"), *self.choices])


class Step(forms.Form):
    """A step's form. `seen`: the version that the person had before the eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, record: Any, on: dt.date, offers: dict[str, Sequence[Choice]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.record, self.on = record, on
        for name, choices in (offers or {}).items():
            self.fields[name].offer(choices)  # type: ignore[attr-defined]
        self.prepare()

    def prepare(self) -> None:
        """Fill in what the record already says."""


class Sure(Step):
    """Nothing to type."""


class Accept(Step):
    title = forms.CharField(max_length=80, label=_("标题"), help_text=_("一句话说清什么事、在哪里。可以改。"))
    kind = forms.ChoiceField(choices=Kind.choices, label=_("类型"))
    topic = forms.ChoiceField(choices=Topic.choices, label=_("类别"))

    def prepare(self) -> None:
        for name in ("title", "kind", "topic"):
            self.fields[name].initial = getattr(self.record.voice, name)


class Decline(Step):
    exit = forms.ChoiceField(choices=Exit.choices, widget=forms.RadioSelect, label=_("属于哪种情形"))
    reason = Lines(label=_("告诉居民该找谁"), help_text=_("写清为什么这里不能办，该去哪里，地址和电话。居民会看到。"))


class Reason(Step):
    reason = Lines(label=_("理由"))


class Urge(Step):
    reason = Lines(label=_("要说的话"), required=False, rows=2, most=500)


class Dispatch(Step):
    to = Pick(label=_("派给哪个单位"), error_messages={"required": _("请选一个单位。")})
    reason = Lines(label=_("派单说明"), required=False, rows=2, most=500)


class TakeInHand(Step):
    handler = Pick(label=_("由谁承办"), error_messages={"required": _("请选一个人。")})


class Assign(TakeInHand):
    reason = Lines(label=_("为什么换"), required=False, rows=2, most=500)


class FirstContact(Step):
    how = forms.ChoiceField(choices=Contact.choices, widget=forms.RadioSelect, label=_("怎么联系的"))
    words = Lines(label=_("说了什么，约了什么"))


class Question(Step):
    question = Lines(label=_("要问什么"), help_text=_("居民会看到。他答复以前，时限停着。"))


class Supplement(Step):
    text = Lines(label=_("居民补充的话"), help_text=_("照居民说的记。"), rows=4)


class AskExtension(Step):
    days = forms.IntegerField(label=_("延长几天"), min_value=1)
    reason = Lines(label=_("理由"), help_text=_("批准以后，居民会看到。"))

    def prepare(self) -> None:
        most = rule("X-11", on=self.on).parameter("extension_days")
        self.fields["days"].help_text = _("最多%(most)s。") % {"most": most.text}
        self.fields["days"].widget.attrs["class"] = "lx-short"


class DecideExtension(Step):
    decide = forms.ChoiceField(
        choices=[("grant", _("批准")), ("refuse", _("不批"))], widget=forms.RadioSelect, label=_("批不批")
    )
    decision = Lines(label=_("审批意见"), required=False, help_text=_("不批要写理由。"))


class Progress(Step):
    words = Lines(label=_("做了什么"), help_text=_("居民会看到。"))
    photos = forms.FileField(
        label=_("照片"),
        required=False,
        help_text=_("现场或验收单，最多6张。位置信息会去掉。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-files": "photos"}),
    )


class Draft(Step):
    facts = Lines(label=_("事实"), required=False, rows=4, most=5000, help_text=_("查到什么，做了什么。"))
    result = forms.ChoiceField(choices=Result.choices, widget=forms.RadioSelect, label=_("意见"), required=False)
    opinion = Lines(label=_("意见说明"), required=False, rows=3, most=5000)
    basis = Lines(label=_("依据"), required=False, rows=2, most=2000)
    solved = forms.ChoiceField(
        choices=Solved.choices, widget=forms.RadioSelect, label=_("您看解决了没有"), required=False
    )

    def prepare(self) -> None:
        if self.record.answers:
            last = self.record.answers[-1]
            for name in ("facts", "result", "opinion", "basis", "solved"):
                self.fields[name].initial = getattr(last, name)

    def citations(self) -> list[str]:
        """Rules to pick a basis from: those of the regulations on petitions and on residents' matters."""
        return [f"{one.citation}：{one.title}" for one in book().on(self.on) if one.id[0] in "XJ" and one.settled][:40]


class SecondHandling(Step):
    head = forms.CharField(max_length=60, label=_("哪位负责人参加"))


class CallBackResult(Step):
    solved = forms.ChoiceField(choices=Solved.choices, widget=forms.RadioSelect, label=_("事情解决了没有"))
    satisfied = forms.ChoiceField(choices=Satisfied.choices, widget=forms.RadioSelect, label=_("对办理满不满意"))
    words = Lines(label=_("居民怎么说"))


class Unit(Step):
    unit = Pick(label=_("哪个单位"), error_messages={"required": _("请选一个单位。")})


class NameAccused(Step):
    unit = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("被反映的单位"))
    person = forms.CharField(
        max_length=60, required=False, label=_("或被反映的人"), help_text=_("写全名。同名的会请您再选。")
    )
    which = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, label=_("是哪一位")
    )
    more = forms.BooleanField(
        required=False, label=_("还有别的人没登记"), help_text=_("登记完以前，只有受理派单的人看得到本件。")
    )

    def __init__(self, *args: Any, units: Sequence[Choice] = (), persons: Sequence[Choice] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", pgettext_lazy("unit", "没有")), *((str(u.pk), u.name) for u in units)]  # type: ignore[attr-defined]
        if persons:
            self.fields["which"].choices = [(str(p.pk), p.name) for p in persons]  # type: ignore[attr-defined]
        else:
            del self.fields["which"]
        if not self.record.voice.accused_open:
            self.fields["more"].widget = forms.HiddenInput()


class Note(forms.Form):
    text = Lines(label=_("内部备注"), help_text=_("居民看不到。"), rows=2)


class PublicCopy(forms.Form):
    title = forms.CharField(max_length=80, label=_("标题"))
    text = Lines(label=_("内容"), rows=6, most=5000)
    answer = Lines(label=_("答复"), rows=6, most=10000)


class UrgeTogether(forms.Form):
    reason = Lines(label=_("要说的话"), required=False, rows=2, most=500)


class DispatchTogether(forms.Form):
    to = Pick(label=_("派给哪个单位"), error_messages={"required": _("请选一个单位。")})
    reason = Lines(label=_("派单说明"), required=False, rows=2, most=500)


class Register(forms.Form):
    """代居民登记."""

    channel = forms.ChoiceField(
        choices=[(Channel.WINDOW, _("来访")), (Channel.TELEPHONE, _("来电")), (Channel.LETTER, _("来信"))],
        widget=forms.RadioSelect,
        label=_("怎么来的"),
    )
    text = Lines(label=_("居民原话"), rows=5, most=5000, help_text=_("照居民说的记，不改写。"))
    title = forms.CharField(
        max_length=80, required=False, label=_("标题"), help_text=_("一句话。不写就用原话的第一句。")
    )
    place = forms.TypedChoiceField(coerce=int, label=_("社区"))
    address = forms.CharField(max_length=200, required=False, label=_("地点"))
    kind = forms.ChoiceField(
        choices=[("", "—"), *Kind.choices, ("discipline", _("反映党员、干部违纪违法"))], label=_("类型")
    )
    topic = forms.ChoiceField(choices=[("", "—"), *Topic.choices], label=_("类别"))
    naming = forms.ChoiceField(
        choices=Naming.choices,
        widget=forms.RadioSelect,
        label=_("署名方式"),
        help_text=_("问居民愿意怎样。匿名的不留姓名和电话。"),
    )
    contact_name = forms.CharField(max_length=60, required=False, label=_("怎么称呼"))
    phone = forms.CharField(
        max_length=30,
        required=False,
        label=_("电话"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    accused_unit = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        label=_("反映的是哪个单位"),
        help_text=_("它和它的人从此看不到这件事，也不能办。"),
    )
    accused_words = forms.CharField(
        max_length=200,
        required=False,
        label=_("反映的是谁"),
        help_text=_("照居民说的写：姓名、职务或样子。对上是谁以前，只有受理派单的人看得到这件事。"),
    )

    def __init__(self, *args: Any, places: Sequence[Choice], units: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["place"].choices = [("", "—"), *((str(one.pk), one.name) for one in places)]  # type: ignore[attr-defined]
        self.fields["accused_unit"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("unit", "没有")),
            *((str(one.pk), one.name) for one in units),
        ]
        if len(places) == 1:
            self.fields["place"].initial = str(places[0].pk)
