"""What the parts page shows: invented people, places and figures, one of every state of every component."""

import datetime as dt
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COTTON = Path(__file__).parent / "templates" / "cotton"

CHIPS = (
    "received",
    "in_hand",
    "awaiting_resident",
    "in_review",
    "objected",
    "answered",
    "second_handling",
    "closed",
    "declined",
    "draft",
)


class Say(forms.Form):
    """An example form, never sent anywhere."""

    text = forms.CharField(
        label=gettext_lazy("什么事"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("什么地方、什么时候、希望怎么办。照平常说话写就行。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("想要什么"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("help", gettext_lazy("求助、报修")),
            ("complaint", gettext_lazy("投诉")),
            ("idea", gettext_lazy("建议")),
            ("ask", gettext_lazy("咨询")),
        ],
    )
    place = forms.ChoiceField(
        label=gettext_lazy("社区"), required=False, choices=[("", gettext_lazy("说不清")), ("w", "望槐"), ("l", "栗园")]
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"), required=False, help_text=gettext_lazy("留了，有进展发短信给您，只有承办人能看。")
    )
    hidden_from = forms.BooleanField(label=gettext_lazy("说的是某个单位或工作人员，请让无关的人来办"), required=False)


class Count(forms.Form):
    """One field that is wrong."""

    present = forms.IntegerField(label=gettext_lazy("实到人数"))

    def clean_present(self) -> int:
        value: int = self.cleaned_data["present"]
        if value > 163:
            raise forms.ValidationError(_("实到%(value)s人，多于应到163人。请对签到表。") % {"value": value})
        return value


def _rule(text: str, trust: str = "S", url: str = "#rule") -> dict[str, str]:
    return {"citation": text, "url": url, "trust": trust}


def checks() -> list[dict[str, Any]]:
    """Four checks: one open, one due, two met."""
    return [
        {
            "label": _("首次联系"),
            "required": _("受理后1个工作日"),
            "found": _("11月16日10:20电话，当天"),
            "passed": True,
            "rule": _rule(_("本街道规则Y-01"), "own"),
        },
        {
            "label": _("答复三项写全"),
            "required": _("事实、意见、依据3项"),
            "found": _("2项，缺“依据”"),
            "passed": False,
            "rule": _rule(_("信访工作条例第三十二条")),
        },
        {
            "label": _("办结期限"),
            "required": _("受理后5个工作日"),
            "found": _("第5个工作日，今天18:00止"),
            "passed": True,
            "due": True,
            "rule": _rule(_("信访工作条例第三十四条")),
        },
        {
            "label": _("承办人没有利害关系"),
            "required": _("与事项无直接利害关系"),
            "found": _("没有"),
            "passed": True,
            "rule": _rule(_("信访工作条例第二十八条"), "P"),
        },
    ]


def history(at: dt.datetime) -> list[dict[str, Any]]:
    """A short history, newest first."""
    day = dt.timedelta(days=1)
    return [
        {"icon": "pencil", "title": _("答复稿第2版"), "at": at, "who": "陆砚秋", "text": _("写明断线位置和更换数量。")},
        {
            "icon": "tool",
            "title": _("灯已修好"),
            "at": at - 3 * day,
            "who": "陆砚秋",
            "text": _("换灯头4盏，接断线1处。凭证："),
            "links": [(_("验收单"), "#a"), (_("照片2张"), "#b")],
        },
        {
            "icon": "user-x",
            "title": _("周亦远回避，改派陆砚秋"),
            "at": at - 7 * day,
            "who": _("林岚批准"),
            "text": _("理由：与供应商有亲属关系。"),
        },
        {"icon": "inbox", "title": _("收到"), "at": at - 8 * day, "who": _("手机"), "text": ""},
    ]


def everything(at: dt.datetime) -> dict[str, Any]:
    """The context of the parts pages."""
    good, wrong, count = Say(), Say({"text": "", "kind": "help"}), Count({"present": 172})
    wrong.is_valid()
    count.is_valid()
    return {
        "chips": CHIPS,
        "trusts": ("S", "P", "L", "own"),
        "dues": [
            {"kind": "late", "text": _("逾期2个工作日")},
            {"kind": "today", "text": _("今天18:00")},
            {"kind": "tomorrow", "text": _("明天")},
            {"kind": "later", "text": _("11月25日")},
            {"kind": "stopped", "text": _("时限已停")},
        ],
        "checks": checks(),
        "history": history(at),
        "form": good,
        "wrong": wrong,
        "count": count,
        "rule": _rule(_("信访工作条例第三十条")),
        "steps": [
            {"title": _("公示"), "state": "done", "date": _("11月9日—11月13日"), "rule": _rule("E-14")},
            {"title": _("投票"), "state": "done", "date": "14:40—15:10", "rule": _rule("E-27")},
            {"title": _("计票"), "state": "now", "date": _("15:10起"), "rule": _rule("E-29")},
            {"title": _("宣布结果"), "state": "come", "rule": _rule("E-34")},
            {"title": _("归档"), "state": "come"},
        ],
        "views": [
            {"label": _("全部在办"), "url": "#all", "count": 86, "current": True},
            {"label": _("快到期"), "url": "#soon", "count": 12},
            {"label": _("逾期"), "url": "#late", "count": 3},
            {"label": _("二次办理"), "url": "#second", "count": 4},
        ],
        "filters": [
            {
                "label": _("在办，8个社区"),
                "set": True,
                "options": [
                    {"label": _("全部社区"), "url": "?"},
                    {"label": "望槐", "url": "?place=1", "current": True},
                ],
            },
            {
                "label": _("类别"),
                "set": False,
                "options": [{"label": _("市政设施"), "url": "?kind=1"}, {"label": _("噪声"), "url": "?kind=2"}],
            },
        ],
        "crumbs": [(_("民情"), "#voices")],
        "owner_due": {"kind": "today", "text": _("今天18:00")},
        "bar_labels": [_("市政设施"), _("物业"), _("噪声"), _("环境卫生")],
        "bar_series": [(_("收到"), [31, 22, 17, 9]), (_("办结"), [28, 19, 17, None])],
        "line_labels": [_("%(n)s月") % {"n": n} for n in range(1, 12)],
        "line_series": [
            (_("收到"), [61, 55, 72, 80, 78, 90, 104, 98, 87, 92, 86]),
            (_("按期答复"), [52, 50, 66, 77, 75, 84, 99, 93, 80, 88, 79]),
            (_("满意"), [40, 41, 52, 60, 61, 70, 80, 77, 70, 74, 66]),
        ],
        "props": props(),
    }


def props() -> list[tuple[str, str]]:
    """Name and comment of every component, read from the files themselves."""
    found = []
    for file in sorted(COTTON.glob("*.html")):
        text = file.read_text()
        inside = text.partition("{% comment %}")[2].partition("{% endcomment %}")[0]
        found.append((f"c-{file.stem.replace('_', '-')}", inside.strip()))
    return found
