"""Words of the register, coded by the national standards (K-05)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("未知的性别")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSAID = "9", _("未说明的性别")


class Kind(models.TextChoices):
    """GB/T 4762, its first two entries."""

    FULL = "01", _("正式党员")
    PROBATIONARY = "02", _("预备党员")


class Education(models.TextChoices):
    """GB/T 4658, by its first digit."""

    DOCTOR = "11", _("博士研究生")
    MASTER = "14", _("硕士研究生")
    BACHELOR = "21", _("大学本科")
    COLLEGE = "31", _("大学专科")
    VOCATIONAL = "41", _("中等专科")
    SKILLED = "47", _("技工学校")
    SENIOR = "61", _("普通高中")
    JUNIOR = "71", _("初中")
    PRIMARY = "81", _("小学")
    OTHER = "90", _("其他")


class Standing(models.TextChoices):
    """State of membership 党籍状态."""

    NORMAL = "normal", _("正常")
    SUSPENDED = "suspended", _("停止党籍")
    LEFT = "left", _("出党")
    DIED = "died", _("去世")
    MERGED = "merged", pgettext_lazy("record of a person", "已合并")


CURRENT: Final = frozenset({Standing.NORMAL, Standing.SUSPENDED})
"""States in which a person belongs to a branch."""

NATIONALITIES: Final = {
    f"{number:02d}": name
    for number, name in enumerate(
        (
            *("汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族"),
            *("瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族"),
            *("拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族", "羌族"),
            *("布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族", "塔吉克族", "怒族", "乌孜别克族"),
            *("俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族"),
            *("门巴族", "珞巴族", "基诺族"),
        ),
        1,
    )
}
"""GB/T 3304, 01 to 56. Names are not translated one by one: English has the codes' romanisation below."""

ROMANISED: Final = dict(
    zip(
        NATIONALITIES,
        [
            "Han",
            "Mongol",
            "Hui",
            "Zang",
            "Uygur",
            "Miao",
            "Yi",
            "Zhuang",
            "Buyei",
            "Chosen",
            "Man",
            "Dong",
            "Yao",
            "Bai",
            "Tujia",
            "Hani",
            "Kazak",
            "Dai",
            "Li",
            "Lisu",
            "Va",
            "She",
            "Gaoshan",
            "Lahu",
            "Sui",
            "Dongxiang",
            "Naxi",
            "Jingpo",
            "Kirgiz",
            "Tu",
            "Daur",
            "Mulao",
            "Qiang",
            "Blang",
            "Salar",
            "Maonan",
            "Gelao",
            "Xibe",
            "Achang",
            "Pumi",
            "Tajik",
            "Nu",
            "Uzbek",
            "Russ",
            "Ewenki",
            "Deang",
            "Bonan",
            "Yugur",
            "Gin",
            "Tatar",
            "Derung",
            "Oroqen",
            "Hezhen",
            "Monba",
            "Lhoba",
            "Jino",
        ],
        strict=True,
    )
)
"""Romanised names as the same standard gives them."""


class WayIn(models.TextChoices):
    """How an affiliation began."""

    REGISTERED = "registered", _("登记")
    IMPORTED = "imported", _("导入")
    JOINED = "joined", _("入党")
    TRANSFERRED = "transferred", _("转入")
    REORGANISED = "reorganised", _("组织调整")


class WayOut(models.TextChoices):
    """How an affiliation ended."""

    TRANSFERRED = "transferred", _("转出")
    LEFT = "left", _("出党")
    DIED = "died", _("去世")
    REORGANISED = "reorganised", _("组织调整")
    MERGED = "merged", _("合并重复登记")


class TransferState(models.TextChoices):
    REQUESTED = "requested", _("等接收方")
    ACCEPTED = "accepted", _("接收方已同意")
    DONE = "done", _("已转接")
    REFUSED = "refused", _("接收方不同意")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_TRANSFERS: Final = frozenset({TransferState.REQUESTED, TransferState.ACCEPTED})


class Outcome(models.TextChoices):
    """How a probation ended."""

    FULL = "full", _("按期转正")
    CANCELLED = "cancelled", _("取消预备党员资格")


AGES: Final = (
    ("-35", _("35岁以下"), 0, 35),
    ("36-54", _("36至54岁"), 36, 54),
    ("55-69", _("55至69岁"), 55, 69),
    ("70-", _("70岁以上"), 70, 200),
)
"""Bands of the age filter: key, label, from, to (years, both included)."""


class PartKind(models.TextChoices):
    """What shows that a member takes part, as B-05 names it."""

    ACTIVITY = "activity", _("参加组织生活")
    DUES = "dues", _("交党费")
    WORK = "work", _("做党分配的工作")
