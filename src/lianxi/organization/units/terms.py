"""Words of the tree: codes, sectors, which kind may lie below which, terms of committees, moves."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.units.terms import RESIDENT_UNIT_KINDS, UnitKind


class Scheme(models.TextChoices):
    """Which standard a code follows."""

    STATISTICS = "statistics", _("统计用区划代码（GB/T 2260）")
    CREDIT = "credit", _("统一社会信用代码（GB 32100）")
    ORGANIZATION = "organization", _("组织机构代码（GB/T 11714）")


SHORT_SCHEME: Final = {
    Scheme.STATISTICS: _("区划代码"),
    Scheme.CREDIT: _("信用代码"),
    Scheme.ORGANIZATION: _("机构代码"),
}
RULE_OF_SCHEME: Final = {Scheme.STATISTICS: "K-01", Scheme.CREDIT: "K-03", Scheme.ORGANIZATION: "K-04"}

CODE_PROBLEMS: Final = {
    "blank": _("没有填代码。"),
    "length": {
        Scheme.STATISTICS: _("区划代码是6位、9位或12位数字。"),
        Scheme.CREDIT: _("信用代码是18位。"),
        Scheme.ORGANIZATION: _("机构代码是9位，前8位加1位校验码。"),
    },
    "character": {
        Scheme.STATISTICS: _("区划代码只有数字。"),
        Scheme.CREDIT: _("信用代码不用字母I、O、Z、S、V，第3到8位是数字。"),
        Scheme.ORGANIZATION: _("机构代码只有数字和大写字母，最后一位是数字或X。"),
    },
    "checksum": _("校验码对不上，请逐位核对。代码确实这样发的，可以写明理由保留。"),
    "division": _("没有这样的区划代码：各段不能是000。"),
}
"""Sentence by the name of the problem (`lianxi.engines.codes`), and by the scheme where it matters."""


class Sector(models.TextChoices):
    """What sort of organisation a unit belongs to 组织类别 (R-08); the trades of delegates' seats."""

    OFFICE = "office", _("机关")
    INSTITUTION = "institution", _("事业单位")
    SCHOOL = "school", _("学校")
    STATE_FIRM = "state_firm", _("国企")
    PRIVATE_FIRM = "private_firm", _("非公企业")
    SOCIAL = "social", _("社会组织")
    COMMUNITY = "community", _("社区")
    RETIRED = "retired", _("离退休")
    MIGRANT = "migrant", _("流动党员")
    NEW_WORK = "new_work", _("新就业群体")


TWO_NEW: Final = frozenset({Sector.PRIVATE_FIRM, Sector.SOCIAL})
"""两新: new economic and new social organisations (R-08)."""


class Situation(models.TextChoices):
    """How a Party organisation stands to the unit that it is in 单位情况 (K-06)."""

    OWN = "own", _("法人单位建立")
    SAME = "same", _("与上级党组织相同")
    JOINT = "joint", _("联合组建")


_K = UnitKind
_AREAS = frozenset({_K.STREET, _K.COMMUNITY})
PARENTS: Final[dict[str, frozenset[str]]] = {
    _K.DISTRICT: frozenset(),
    _K.STREET: frozenset({_K.DISTRICT}),
    _K.OFFICE: frozenset({_K.STREET}),
    _K.COMMUNITY: frozenset({_K.STREET}),
    _K.RESIDENTS: frozenset({_K.COMMUNITY}),
    _K.COMMITTEE: frozenset({_K.STREET, _K.COMMUNITY}),
    _K.GENERAL_BRANCH: frozenset({_K.STREET, _K.COMMUNITY, _K.COMMITTEE}),
    _K.BRANCH: frozenset({_K.STREET, _K.COMMUNITY, _K.COMMITTEE, _K.GENERAL_BRANCH}),
    _K.JOINT_BRANCH: frozenset({_K.STREET, _K.COMMUNITY, _K.COMMITTEE, _K.GENERAL_BRANCH}),
    _K.GROUP: frozenset({_K.BRANCH, _K.JOINT_BRANCH}),
    **dict.fromkeys(RESIDENT_UNIT_KINDS, _AREAS | {_K.DISTRICT}),
}
"""Which kinds a unit may lie below. The district stands at the root."""

MAY_HAVE_NO_PARENT: Final = frozenset({_K.DISTRICT, _K.STREET})
"""A street may be the root of an installation of its own."""

ELECTED: Final = frozenset({_K.COMMUNITY, _K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH, _K.JOINT_BRANCH})
"""Bodies with a term. A street's working committee is dispatched by the district, not elected."""


class TermState(models.TextChoices):
    RUNNING = "running", _("任期内")
    SHIFT_ASKED = "shift_asked", _("请示提前或延期")
    ENDED = "ended", _("已换届")


class MoveState(models.TextChoices):
    WAITING = "waiting", _("等着")
    RUNNING = "running", _("正在做")
    DONE = "done", _("做好了")
    FAILED = "failed", _("没有做成")
