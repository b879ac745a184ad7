"""States, kinds and words of seat plans 名额方案."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What the delegates are sent to."""

    PRIMARY = "primary", _("基层党员代表大会")
    COUNTY = "county", _("区、县党代表大会")
    CONFERENCE = "conference", _("党员代表会议")


class State(models.TextChoices):
    DRAFTING = "quota_drafting", _("草拟")
    COMPUTED = "quota_computed", _("已算出")
    TIED = "quota_tied", pgettext_lazy("seats of equal claim", "有并列")
    INFEASIBLE = "quota_infeasible", _("排不出")
    SUBMITTED = "quota_submitted", _("待上级批复")
    RETURNED = "quota_returned", pgettext_lazy("state of a plan", "退回")
    APPROVED = "quota_approved", _("已批复")
    PUBLISHED = "quota_published", _("已公布")
    SUPERSEDED = "quota_superseded", _("已被新方案代替")
    DROPPED = "quota_dropped", pgettext_lazy("state of a plan", "作废")


WORKING: Final = (State.DRAFTING, State.COMPUTED, State.TIED, State.INFEASIBLE, State.RETURNED)
"""States in which the convening organisation still works on the plan."""
PUBLIC: Final = (State.PUBLISHED, State.SUPERSEDED)
SETTLED: Final = (State.APPROVED, State.PUBLISHED)


class Outcome(models.TextChoices):
    """How a calculation ended."""

    DONE = "done", _("算出来了")
    TIED = "tied", _("有并列，等表决或抽签")
    INFEASIBLE = "infeasible", _("要求互相矛盾，排不出")


class Method(models.TextChoices):
    """How seats go to the units in step A."""

    WEBSTER = "webster", _("除数法，四舍五入（圣拉古）")
    HAMILTON = "hamilton", _("最大余数法")
    DHONDT = "dhondt", _("除数法，向下取整（洪德）")


class TieWay(models.TextChoices):
    VOTED = "voted", _("表决定的次序")
    DRAWN = "drawn", _("会上抽签")


class Aim(models.TextChoices):
    """Groups that overlap with units and trades: guidance, counted at nomination."""

    WOMEN = "women", _("女党员")
    YOUNG = "young", _("45岁及以下")
    MINORITY = "minority", _("少数民族党员")


YOUNG_UNTIL: Final = 45
"""Years of age that count as young, as the label says."""

TRADES: Final = (
    # key, name, English, sign, sectors, words in a member's post, front line, leaders
    ("office", "机关事业", "Offices", "机", ("office", "institution", "community"), ("公务员", "社区工作者", "干部", "会计"), False, True),
    ("school", "教育卫生", "Education, health", "教", ("school",), ("教师", "医生", "护士", "药师"), True, False),
    ("two_new", "两新组织", "Two-new sector", "新", ("private_firm", "social", "new_work"), ("个体", "外卖", "快递", "司机", "律师", "自由职业"), True, False),
    ("front", "生产一线", "Production", "产", ("state_firm", "migrant"), ("工人", "工程师", "技术", "农民"), True, False),
    ("retired", "离退休", "Retired", "退", ("retired",), ("退休", "离休"), False, False),
)  # fmt: skip
"""The trades a new plan begins with. Whoever fits none of them counts in the last but one (生产一线) or where the plan says."""

REST: Final = "front"

KIND_RULE: Final = {Kind.PRIMARY: "E-09", Kind.COUNTY: "E-38"}
"""Which rule gives the number of delegates; a conference has none."""

MOST_SEATS: Final = 5000
MOST_UNITS: Final = 2000
MOST_TRADES: Final = 40
