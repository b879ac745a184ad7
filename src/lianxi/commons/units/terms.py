"""Kinds of units 单位类别."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    DISTRICT = "district", _("区委")
    STREET = "street", _("街道党工委")
    OFFICE = "office", _("街道科室")
    COMMUNITY = "community", _("社区党委")
    RESIDENTS = "residents", _("居民委员会")
    COMMITTEE = "committee", _("基层党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    JOINT_BRANCH = "joint_branch", _("联合党支部")
    GROUP = "group", _("党小组")
    GOVERNMENT = "government", _("机关")
    INSTITUTION = "institution", _("事业单位")
    SCHOOL = "school", _("学校")
    ENTERPRISE = "enterprise", _("企业")
    SOCIAL = "social", _("社会组织")


PARTY_KINDS = frozenset(
    {
        UnitKind.DISTRICT,
        UnitKind.STREET,
        UnitKind.COMMUNITY,
        UnitKind.COMMITTEE,
        UnitKind.GENERAL_BRANCH,
        UnitKind.BRANCH,
        UnitKind.JOINT_BRANCH,
        UnitKind.GROUP,
    }
)
"""Units of the Party's own tree 党组织."""

BRANCH_KINDS = frozenset({UnitKind.BRANCH, UnitKind.JOINT_BRANCH})
"""Units that members belong to."""

RESIDENT_UNIT_KINDS = frozenset(
    {
        UnitKind.GOVERNMENT,
        UnitKind.INSTITUTION,
        UnitKind.SCHOOL,
        UnitKind.ENTERPRISE,
        UnitKind.SOCIAL,
    }
)
"""Resident units 驻区单位: whoever has a seat in the area without belonging to its administration."""
