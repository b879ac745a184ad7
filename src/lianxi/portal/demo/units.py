"""The invented tree: one street, eight communities, about 120 organisations of every kind."""

import datetime as dt
from random import Random
from types import SimpleNamespace

from lianxi.commons.units.models import Unit
from lianxi.commons.units.outlines import draw
from lianxi.commons.units.terms import UnitKind as K

COMMUNITIES = (
    ("望槐", "Wanghuai"), ("听松", "Tingsong"), ("栗园", "Liyuan"), ("汀兰", "Tinglan"),
    ("半亩", "Banmu"), ("麦浦", "Maipu"), ("东篱", "Dongli"), ("砚池", "Yanchi"),
)  # fmt: skip
OFFICES = (
    ("works", "街道市政维修组", "Municipal Works Group", "市政维修组"),
    ("safety", "街道平安办", "Safety Office", "平安办"),
    ("services", "街道公共服务办", "Public Services Office", "公共服务办"),
    ("building", "街道党建办", "Party Building Office", "党建办"),
    ("environment", "街道城管办", "City Management Office", "城管办"),
)
BRANCHES = ("第一", "第二", "第三", "第四", "第五")
RESIDENT_UNITS = (
    ("{c}小学", "{e} Primary School", K.SCHOOL), ("{c}苑物业服务有限公司", "{e} Property Services Co.", K.ENTERPRISE),
    ("{c}菜场有限公司", "{e} Food Market Co.", K.ENTERPRISE), ("{c}社区卫生服务站", "{e} Health Station", K.INSTITUTION),
    ("{c}志愿服务队", "{e} Volunteers", K.SOCIAL), ("{c}书店", "{e} Bookshop", K.ENTERPRISE), ("{c}律师事务所", "{e} Law Office", K.SOCIAL),
)  # fmt: skip
SINCE = dt.date(2020, 1, 1)


WEST, SOUTH = 123.0, 30.0
"""The corner of the invented street, in the open sea: nobody lives there."""


def _rings(lot: Random, columns: int = 4, rows: int = 2) -> list[list[list[float]]]:
    """Eight neighbouring outlines of about 700 by 800 metres; neighbours share their corners."""
    corner = {
        (x, y): [WEST + 0.0075 * (x + lot.uniform(-0.2, 0.2)), SOUTH + 0.0075 * (y + lot.uniform(-0.15, 0.15))]
        for x in range(columns + 1)
        for y in range(rows + 1)
    }
    return [
        [corner[x, y], corner[x + 1, y], corner[x + 1, y + 1], corner[x, y + 1], corner[x, y]]
        for y in range(rows - 1, -1, -1)
        for x in range(columns)
    ]


def build_units(lot: Random, since: dt.date = SINCE) -> SimpleNamespace:
    """Make the tree, standing since that day; gives the units by key, communities as a list."""
    made = SimpleNamespace(communities=[], committees=[], branches=[], groups=[], resident=[])

    def unit(name: str, name_en: str, kind: str, parent: Unit | None, code: str = "", short: str = "") -> Unit:
        return Unit.objects.create(
            name=name, name_en=name_en, kind=kind, parent=parent, code=code, short_name=short, since=since
        )

    made.district = unit("中共砚湖区委员会", "CPC Yanhu District Committee", K.DISTRICT, None, "999101", "砚湖区委")
    made.street = unit(
        "砚湖街道党工委", "Yanhu Street Working Committee", K.STREET, made.district, "999101001", "砚湖街道"
    )
    for key, name, name_en, short in OFFICES:
        setattr(made, key, unit(name, name_en, K.OFFICE, made.street, short=short))
    made.police = unit("区交通队砚湖中队", "District Traffic Police, Yanhu Squad", K.GOVERNMENT, made.street)
    for number, (name, english) in enumerate(COMMUNITIES, 1):
        community = unit(
            f"{name}社区党委",
            f"{english} Community Committee",
            K.COMMUNITY,
            made.street,
            f"999101001{number:03d}",
            f"{name}社区",
        )
        made.communities.append(community)
        made.committees.append(unit(f"{name}社区居委会", f"{english} Residents Committee", K.RESIDENTS, community))
        general = unit(f"{name}社区党总支", f"{english} General Branch", K.GENERAL_BRANCH, community)
        for branch_name in BRANCHES[: 3 + number % 3]:
            branch = unit(
                f"{name}社区{branch_name}党支部",
                f"{english} Branch {BRANCHES.index(branch_name) + 1}",
                K.BRANCH,
                general,
            )
            made.branches.append(branch)
            made.groups.append(unit(f"{name}{branch_name}支部第一党小组", f"{english} Group 1", K.GROUP, branch))
        for pattern, pattern_en, kind in RESIDENT_UNITS:
            made.resident.append(unit(pattern.format(c=name), pattern_en.format(e=english), kind, community))
    for unit_, ring in zip(made.communities, _rings(lot), strict=True):
        draw(unit_, [ring])
    made.estate = next(one for one in made.resident if one.name.startswith("半亩苑物业"))
    return made
