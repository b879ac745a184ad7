"""What a state, a trust mark, an event looks like: icon, word, tone. One table for every page (docs/look.md §6)."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Look:
    """Icon of the sprite, tone of the chip (`neutral blue green ochre violet ink outlined`) and the word."""

    icon: str
    tone: str
    word: Text = ""


PLAIN: Final = Look("circle", "neutral")

STATES: Final[dict[str, Look]] = {
    "received": Look("inbox", "neutral", _("待受理")),
    "accepted": Look("inbox", "blue", _("已受理")),
    "dispatched": Look("send", "blue", _("已派")),
    "objected": Look("arrow-back-up", "neutral", _("派单异议")),
    "in_hand": Look("progress", "blue", _("办理中")),
    "awaiting_resident": Look("player-pause", "violet", _("待补充")),
    "in_review": Look("file-search", "blue", _("待审核")),
    "answered": Look("circle-check", "green", _("已答复")),
    "call_back": Look("phone", "blue", _("回访")),
    "closed": Look("checks", "green", _("办结")),
    "unsatisfied": Look("rotate-2", "neutral", _("不满意")),
    "second_handling": Look("rotate-2", "blue", _("二次办理")),
    "reopened": Look("refresh", "blue", _("重新办理")),
    "review": Look("scale", "blue", _("复查")),
    "re_review": Look("scale", "blue", _("复核")),
    "final": Look("checks", "green", _("终结")),
    "declined": Look("door-exit", "neutral", _("不予受理")),
    "withdrawn": Look("arrow-back-up", "neutral", _("已撤回")),
    "merged": Look("git-merge", "outlined", _("并案")),
    "draft": Look("pencil", "neutral", _("草案")),
    "published": Look("eye", "green", _("已公开")),
    "taken_down": Look("eye-off", "neutral", _("已撤下")),
    "quota_drafting": Look("pencil", "neutral", _("草拟")),
    "quota_computed": Look("list-check", "blue", _("已算出")),
    "quota_tied": Look("equal", "ochre", _("有并列")),
    "quota_infeasible": Look("circle-x", "ink", _("排不出")),
    "quota_submitted": Look("file-search", "violet", _("待上级批复")),
    "quota_returned": Look("arrow-back-up", "ochre", _("退回")),
    "quota_approved": Look("circle-check", "green", _("已批复")),
    "quota_published": Look("eye", "green", _("已公布")),
    "quota_superseded": Look("replace", "neutral", _("已被新方案代替")),
    "quota_dropped": Look("trash", "neutral", _("作废")),
    "tie": Look("equal", "ochre", _("同票")),
    "running": Look("progress", "blue", _("正在做")),
    "done": Look("circle-check", "green", _("做好了")),
    "failed": Look("circle-x", "ink", _("没有做成")),
    "stopped": Look("player-pause", "violet", _("停下了")),
    "undone": Look("arrow-back-up", "neutral", _("已撤回")),
    "proposing": Look("notes", "blue", _("征集项目")),
    "project_review": Look("file-search", "blue", _("审核项目")),
    "voting": Look("checks", "blue", _("投票")),
    "counting": Look("list-check", "blue", _("计票")),
    "proposed": Look("hourglass", "violet", _("待审核")),
    "admitted": Look("circle-check", "green", _("列入投票")),
    "not_admitted": Look("circle-x", "neutral", _("不列入")),
    "displayed": Look("speakerphone", "violet", _("公示")),
    "objection_open": Look("hourglass", "violet", _("等答复")),
    "objection_upheld": Look("circle-check", "green", _("成立")),
    "objection_rejected": Look("circle-x", "neutral", _("不成立")),
    "preparing": Look("key", "violet", _("制作密钥和选票卡")),
    "poll_open": Look("checks", "blue", _("投票中")),
    "poll_closed": Look("hourglass", "violet", _("已截止，待开票")),
    "counted": Look("circle-check", "green", _("已开票")),
    "waiting": Look("hourglass", "violet", _("等着")),
}
"""By the code of the state in lower case; an unknown code is a neutral circle with the page's own word."""

TRUST: Final[dict[str, Look]] = {
    "S": Look("file-check", "green", _("已核原文")),
    "P": Look("file-alert", "ochre", _("转载件，待核")),
    "C": Look("file-alert", "ochre", _("转述件，待核")),
    "Q": Look("file-alert", "ochre", _("题库转述，待核")),
    "M": Look("file-alert", "ochre", _("没有见到原文，待核")),
    "D": Look("file-alert", "ochre", _("推算，待核")),
    "L": Look("map-pin", "neutral", _("外地规定")),
    "own": Look("pencil", "outlined", _("本地")),
}
"""By the trust mark of a rulebook entry; `own` is a rule of this street."""

DUE: Final[dict[str, Look]] = {
    "late": Look("clock-exclamation", "ink"),
    "today": Look("clock", "ochre"),
    "tomorrow": Look("clock", "ochre"),
    "stopped": Look("player-pause", "violet", _("时限已停")),
}


def state_look(code: object) -> Look:
    """The look of a state, by its code (a string or an enumeration member; case does not matter)."""
    return STATES.get(str(getattr(code, "value", code)).lower(), PLAIN)


def trust_look(mark: object) -> Look:
    """The look of a trust mark: `S`, `P`, `M-h` … or `own`."""
    text = str(getattr(mark, "value", mark) or "")
    return TRUST.get(text) or TRUST.get(text[:1].upper()) or TRUST["M"]
