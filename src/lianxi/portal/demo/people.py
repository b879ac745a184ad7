"""The people of the demo: those who log in, and those who only have a name."""

import datetime as dt
from random import Random
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_noop as _

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

PASSWORD = "lianxi-demo-2026"  # noqa: S105 - the demo's, printed for everybody
FAMILY = "苏陆周许林沈容何庄骆温孟乔程叶顾季柏阮宁祁岑卫冉尹"
GIVEN = (
    "砚秋",
    "亦远",
    "知行",
    "既白",
    "清和",
    "如许",
    "知秋",
    "望舒",
    "青禾",
    "未晚",
    "叙言",
    "闻溪",
    "书简",
    "南乔",
    "怀瑾",
    "若谷",
    "听澜",
    "映川",
    "慕白",
    "景行",
    "思齐",
    "子衿",
    "允文",
    "以宁",
)
START = dt.date(2024, 3, 1)

PEOPLE = (
    # account        name      what he or she comes to do
    ("linlan", "林岚", _("望槐社区党委书记：看本社区民情，催办，参加二次办理")),
    ("luyanqiu", "陆砚秋", _("望槐社区居委会承办人：办理、写答复")),
    ("shenjibai", "沈既白", _("望槐社区居委会主任：审核答复、批延期")),
    ("zhouyiyuan", "周亦远", _("街道受理台：受理、派单")),
    ("xuzhixing", "许知行", _("街道督办：回访、催办、看统计")),
    ("luoqinghe", "骆清和", _("街道公开审核：审公开件")),
    ("wenruxu", "温如许", _("望槐社区窗口：代居民登记")),
    ("hexuyan", "何叙言", _("街道市政维修组承办人")),
    ("zhuangwenxi", "庄闻溪", _("街道组织员：单位、党员、名额方案")),
    ("mengzhiqiu", "孟知秋", _("半亩苑物业负责人：被反映方，看不到反映他的事")),
    ("suqinghe", "苏青禾", _("居民：看自己反映的事")),
    ("songwendi", "宋闻笛", _("望槐社区第二党支部党员：选党小组")),
    ("chengweiwan", "程未晚", _("没有职务的人：什么也看不到")),
    ("guyun", "顾允文", _("系统管理员：管账号，看不到民情和党员")),
    ("jianyining", "简以宁", _("街道安全管理员：安排三员，看职务和权限")),
    ("wenzhixin", "温知新", _("街道审计管理员：看任职和账号的经过")),
    ("yinshujian", "尹书简", _("区委组织部组织员：批复名额方案")),
)


def build_people(units: SimpleNamespace, lot: Random) -> SimpleNamespace:
    """Make persons, postings and accounts; gives persons by account name, and the handlers by unit key."""
    made = SimpleNamespace(handlers={}, heads={})
    password = make_password(PASSWORD)
    numbers = iter(range(1, 10_000))

    def person(name: str, login: str = "") -> Person:
        one = Person.objects.create(name=name, phone=f"1390000{next(numbers):04d}")
        if login:
            Account.objects.create(username=login, person=one, password=password)
            setattr(made, login, one)
        return one

    def post(who: Person, unit: Unit, role: str, head: bool = False) -> None:
        Posting.objects.create(person=who, unit=unit, role=role, head=head, since=START)

    for login, name, _what in PEOPLE:
        person(name, login)
    street = units.street
    for login, unit, role, head in (
        ("linlan", units.communities[0], Role.SECRETARY, True), ("luyanqiu", units.committees[0], Role.HANDLER, False),
        ("shenjibai", units.committees[0], Role.DIRECTOR, True), ("zhouyiyuan", street, Role.DISPATCHER, False),
        ("xuzhixing", street, Role.SUPERVISOR, False), ("luoqinghe", street, Role.PUBLISHER, False),
        ("wenruxu", units.communities[0], Role.CLERK, False), ("hexuyan", units.works, Role.HANDLER, False),
        ("zhuangwenxi", street, Role.ORGANISER, False), ("mengzhiqiu", units.estate, Role.DIRECTOR, True),
        ("guyun", street, Role.SYSTEM_ADMIN, False), ("jianyining", street, Role.SECURITY_ADMIN, False),
        ("wenzhixin", street, Role.AUDIT_ADMIN, False), ("yinshujian", units.district, Role.ORGANISER, False),
    ):  # fmt: skip
        post(getattr(made, login), unit, role, head)
    made.handlers[units.committees[0].pk], made.heads[units.committees[0].pk] = made.luyanqiu, made.shenjibai
    made.handlers[units.works.pk] = made.hexuyan

    def fresh() -> Person:
        return person(lot.choice(FAMILY) + lot.choice(GIVEN))

    for unit in (*units.committees, units.works, units.safety, units.services, units.environment, units.police):
        if unit.pk not in made.handlers:
            made.handlers[unit.pk] = fresh()
            post(made.handlers[unit.pk], unit, Role.HANDLER)
        if unit.pk not in made.heads:
            made.heads[unit.pk] = fresh()
            post(made.heads[unit.pk], unit, Role.DIRECTOR, True)
    for community in units.communities[1:]:
        post(fresh(), community, Role.SECRETARY, True)
    for branch in units.branches:
        post(fresh(), branch, Role.SECRETARY, True)
    for school in units.resident:
        if school.pk != units.estate.pk:
            post(fresh(), school, Role.DIRECTOR, True)
    return made
