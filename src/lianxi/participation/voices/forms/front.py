"""What a resident can type: checked here for its shape, by the services for its meaning. What was typed is given back untouched."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import BadInput
from lianxi.commons.units.models import Unit

from ..queries import public
from ..services import DISCIPLINE, PHOTO_BYTES, PHOTOS_AT_MOST, TEXT_AT_MOST, clean_line, clean_text
from ..terms import Kind, Naming, Satisfied, Solved

BROKEN = "\ufffd"


class Words(forms.CharField):
    """A text without control and direction characters. `most`: characters; longer is refused in words, never cut off."""

    def __init__(self, *, most: int, lines: bool = False, **options: Any) -> None:
        self.most, self.lines = most, lines
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**options)
        self.max_length = most  # after __init__: the page counts along, but the browser does not cut off

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        return clean_text(text) if self.lines else clean_line(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if BROKEN in value:
            raise forms.ValidationError(_("有些字没有收对，请重新写一遍这一项。"))
        if len(value) > self.most:
            raise forms.ValidationError(
                _("写了%(n)d个字，最多%(most)d个。请短一些。") % {"n": len(value), "most": self.most}
            )


class Photos(forms.FileField):
    """Several photos. Their pictures are decoded by the service; here only their number is looked at."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            label=_("照片"),
            help_text=_("照片里的位置信息会自动去掉。请避开人脸和车牌。"),
            widget=_Files(
                attrs={
                    "accept": "image/jpeg,image/png,image/webp,image/gif",
                    "data-files": "photos",
                    "data-remove": _("去掉%(name)s") % {"name": "{name}"},
                    "data-most-bytes": str(PHOTO_BYTES),
                    "data-too-large": _("“%(name)s”超过20 MB，传不上来。换一张，或不传也行。") % {"name": "{name}"},
                }
            ),
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data or []) if file]
        if len(files) > PHOTOS_AT_MOST:
            raise forms.ValidationError(_("最多传%(n)d张照片。") % {"n": PHOTOS_AT_MOST})
        return files


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class SayForm(forms.Form):
    """有话要说: only the first field is required."""

    text = Words(
        most=TEXT_AT_MOST,
        lines=True,
        label=_("什么事"),
        help_text=_("什么地方、什么时候、希望怎么办。照平常说话写就行。"),
        error_messages={"required": _("请写一句什么事，至少5个字。")},
    )
    place = forms.ChoiceField(required=False, label=_("哪个社区"), choices=())
    address = Words(
        most=200, required=False, label=_("具体地点"), help_text=_("门牌、楼号，或旁边有什么。公开时会去掉。")
    )
    photos = Photos()
    kind = forms.ChoiceField(
        required=False,
        label=_("想要什么"),
        widget=forms.RadioSelect,
        choices=[*Kind.choices, (DISCIPLINE, _("反映党员、干部违纪违法"))],
        error_messages={"invalid_choice": _("请从这几类里选一类。")},
    )
    about = forms.BooleanField(required=False, label=_("是，请让无关的人来办"))
    accused_units = forms.MultipleChoiceField(required=False, label=_("单位"), choices=())
    accused_words = Words(
        most=100,
        required=False,
        label=_("哪个单位，或谁"),
        help_text=_("写单位名称，或姓名、职务。对方看不到您的名字和原话，这件事也不会交给他们办。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    naming = forms.ChoiceField(
        required=False,
        label=_("署名"),
        widget=forms.RadioSelect,
        choices=[
            (Naming.ANONYMOUS, _("匿名：不留姓名和电话，凭收件码查")),
            (Naming.CONFIDENTIAL, _("保密：留了联系方式，只有承办人和受理、督办的人能看")),
            (Naming.NAMED, _("实名：主办单位办这件事的人都能看到姓名和电话")),
        ],
        help_text=_("不选也行：留了联系方式按保密，没留按匿名。"),
    )
    contact_name = Words(
        most=60, required=False, label=_("怎么称呼您"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = Words(
        most=40,
        required=False,
        label=_("电话"),
        help_text=_("留了，承办人会先联系您。不留，凭收件码查。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = Words(
        most=200,
        required=False,
        label=_("电子邮箱"),
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "email"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        required=False, label=_("请留空"), widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args: Any, on: dt.date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.on = on
        self.found_units: list[Unit] = []
        self.places = {str(unit.pk): unit for unit in public.communities(on)}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("说不清，街道来定")),
            *((key, public.community_name(unit)) for key, unit in self.places.items()),
        ]
        data: Any = self.data
        typed = data.getlist("accused_units") if self.is_bound else []
        chosen = [key for key in typed if key.isascii() and key.isdigit()]
        self.units = {
            str(unit.pk): unit
            for unit in Unit.objects.filter(pk__in=[int(key) for key in chosen if len(key) < 10], kind__in=public.NAMED)
        }
        self.fields["accused_units"].choices = [(key, str(unit)) for key, unit in self.units.items()]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email:
            try:
                forms.EmailField().clean(email)
            except forms.ValidationError:
                raise forms.ValidationError(_("邮箱地址不完整，请再看一遍，或不留。")) from None
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kept = [name for name in ("contact_name", "phone", "email") if data.get(name)]
        if data.get("naming") == Naming.ANONYMOUS and kept:
            self.add_error("naming", _("匿名不保存姓名、电话和邮箱。要留下，请选“保密”；要匿名，请把它们清空。"))
        if data.get("naming") in (Naming.CONFIDENTIAL, Naming.NAMED) and not kept and not self.fields_of_account:
            self.add_error("naming", _("选了保密或实名，请留下称呼、电话或邮箱中的一项。"))
        if data.get("about"):
            self._whom(data)
        return data

    fields_of_account = False
    """Whether an account stands behind the form, so that no contact need be typed."""

    def _whom(self, data: dict[str, Any]) -> None:
        """Whom it is about: chosen units, or words. Words that fit several units are asked back, with the units to choose from."""
        words = data.get("accused_words", "")
        if not words and not data.get("accused_units"):
            if "accused_words" not in self.errors:
                self.add_error("accused_words", _("请写是哪个单位或谁。不知道名字，写职务也行。"))
            return
        chosen = [self.units[key] for key in data.get("accused_units", ())]
        if any(words in name for unit in chosen for name in (unit.name, unit.short_name, unit.name_en)):
            data["accused_words"] = ""  # what was typed to find the unit
        elif words and not chosen:
            found = public.units_named(words, self.on)
            exact = [unit for unit in found if words in (unit.name, unit.short_name, unit.name_en)]
            if len(exact) == 1 or len(found) == 1:
                data["accused_units"] = [str((exact or found)[0].pk)]
                self.units[data["accused_units"][0]] = (exact or found)[0]
                data["accused_words"] = ""
            elif found:
                self.found_units = found
                self.add_error("accused_words", _("有几个相近的单位，请在下面选；都不是，请写得再全一些。"))

    def refuse(self, error: BadInput) -> None:
        """Put the sentences of a service at their fields."""
        for name, texts in error.errors.items():
            to = {"accused": "accused_words", "title": "text", "topic": "kind"}.get(name, name)
            for text in texts:
                self.add_error(to if to in self.fields else None, text)


class RateForm(forms.Form):
    """评价: solved and satisfied are asked apart, and nothing is chosen beforehand."""

    solved = forms.ChoiceField(
        label=_("这事解决了吗"),
        choices=Solved.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选这事解决了没有。"), "invalid_choice": _("请选这事解决了没有。")},
    )
    satisfied = forms.ChoiceField(
        label=_("对办理满意吗"),
        choices=Satisfied.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选对办理满不满意。"), "invalid_choice": _("请选对办理满不满意。")},
    )
    comment = Words(
        most=2000,
        lines=True,
        required=False,
        label=_("还想说的"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AddForm(forms.Form):
    """补充情况."""

    text = Words(
        most=TEXT_AT_MOST,
        lines=True,
        label=_("补充什么"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写要补充什么。")},
    )
    photos = Photos()


class CodeForm(forms.Form):
    """查进度."""

    code = Words(
        most=60,
        label=_("收件码"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请输入收件码。")},
    )
