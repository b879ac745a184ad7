"""Rounds of residents' projects in the demo street: finished after an objection, on display, in progress, tied, and one where nothing can be bought."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions.actor import ANYBODY, actor_of
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit
from lianxi.participation.budgets import services
from lianxi.participation.budgets.models import Objection, Round

from .people import FAMILY, GIVEN

Projects = tuple[tuple[str, str, int], ...]

DONE: Projects = (
    ("8号楼前加一段无障碍坡道", "轮椅和婴儿车能直接进楼。", 18_000),
    ("中心花园装六盏路灯", "晚上散步看得清路。", 26_000),
    ("电动车充电棚加顶", "下雨天充电不淋雨。", 32_000),
    ("活动室添一套乒乓球台", "老人和孩子都能打。", 6_800),
    ("听书角和图书更新", "给孩子放学后有个去处。", 9_500),
    ("小喷泉景观", "在入口做一个喷泉。", 48_000),
    ("楼道扶手加装", "六层没有电梯的楼，每层加扶手。", 15_600),
    ("宠物便纸箱十处", "减少草地上的粪便。", 4_200),
)
TASTES = ((0, 6, 4), (1, 2, 5), (1, 5), (3, 4, 7), (2, 5, 1), (0, 3, 6), (5, 1, 2))
"""Which projects people like together; many like the fountain, so that by votes alone others get nothing."""
NOW: Projects = (
    ("儿童滑梯换新", "旧滑梯裂了，换一座。", 22_000),
    ("晾衣区搭架子", "三栋楼之间统一搭晾衣架。", 8_600),
    ("路口装反光镜", "出入口转弯看得见来车。", 3_200),
    ("长椅十张", "沿健步道放长椅。", 12_000),
)
TIED: Projects = (
    ("东门修雨棚", "等车不淋雨。", 20_000),
    ("西门修雨棚", "等车不淋雨。", 20_000),
    ("公告栏换新", "旧公告栏锈了。", 3_000),
)
DEAR: Projects = (
    ("加装一部电梯", "六层楼的老人上下方便。", 480_000),
    ("地下车库改造", "增加四十个车位。", 950_000),
)


@dataclass(slots=True)
class _Desk:
    """Who acts for a community."""

    committee: Unit
    secretary: Person
    director: Person
    handler: Person
    day: dt.date

    def who(self, person: Person, at: dt.datetime) -> dict[str, Any]:
        return {"actor": actor_of(person.pk, on=self.day), "at": at}


def residents_projects(units: SimpleNamespace, people: SimpleNamespace, *, lot: Random, at: dt.datetime) -> None:
    """Walk seven rounds through the services of the pages."""
    desks = [_desk(units, people, place, at.date()) for place in range(4)]
    past = at - dt.timedelta(days=70)
    _walk(
        desks[0],
        "望槐社区2026年楼院小项目",
        90_000,
        DONE,
        "published",
        lot=lot,
        at=past,
        ballots=_liked(96, lot),
        paper=12,
        misread=7,
    )
    _walk(
        desks[0],
        "望槐社区儿童和安全项目",
        30_000,
        NOW,
        "voting",
        lot=lot,
        at=at - dt.timedelta(days=9),
        ballots=_spread(24, 4, lot),
    )
    _walk(
        desks[0],
        "望槐社区雨棚和公告栏",
        25_000,
        TIED,
        "counting",
        lot=lot,
        at=at - dt.timedelta(days=16),
        ballots=[[1, 2], [1, 2], [1, 3], [2, 3]] * 4,
    )
    _walk(desks[1], "听松社区大件改造", 60_000, DEAR, "published", lot=lot, at=past, ballots=_spread(15, 2, lot))
    _walk(
        desks[2],
        "栗园社区服务群众经费项目",
        80_000,
        NOW[:3],
        "proposing",
        lot=lot,
        at=at - dt.timedelta(days=5),
        ballots=[],
    )
    _walk(desks[3], "汀兰社区明年的小项目", 50_000, (), "draft", lot=lot, at=at - dt.timedelta(days=1), ballots=[])
    shown = at - dt.timedelta(days=6)
    one = _walk(
        desks[2],
        "栗园社区秋季小项目",
        24_000,
        NOW,
        "displayed",
        lot=lot,
        at=shown,
        ballots=_spread(31, 4, lot),
        paper=4,
    )
    secretary = desks[2].who(desks[2].secretary, at - dt.timedelta(days=2))
    first = _objected(one, "3号楼好几户说没有领到票。", at=at - dt.timedelta(days=4))
    services.reject_objection(
        first, reason="领票登记里3号楼有11户，窗口开到晚上8点，通知贴在每个单元门口。", **secretary
    )
    _objected(one, "2号纸票看着像勾了长椅，请再对照一次。", at=at - dt.timedelta(days=1))


def _desk(units: SimpleNamespace, people: SimpleNamespace, place: int, day: dt.date) -> _Desk:
    committee = units.committees[place]
    secretary = Posting.objects.filter(unit=units.communities[place], role=Role.SECRETARY, head=True).first()
    assert secretary is not None
    return _Desk(committee, secretary.person, people.heads[committee.pk], people.handlers[committee.pk], day)


def _liked(number: int, lot: Random) -> list[list[int]]:
    return [sorted({one + 1 for one in lot.choice(TASTES) if lot.random() < 0.85}) for _ in range(number)]


def _spread(number: int, projects: int, lot: Random) -> list[list[int]]:
    return [[n for n in range(1, projects + 1) if lot.random() < 0.5] for _ in range(number)]


def _walk(
    desk: _Desk,
    title: str,
    budget: int,
    projects: Projects,
    until: str,
    *,
    lot: Random,
    at: dt.datetime,
    ballots: list[list[int]],
    paper: int = 0,
    misread: int = 0,
) -> Round:
    """Lead a round to a state; the last `paper` ballots are of paper.

    `misread`: so many of them were entered one row too low, by both, until somebody objected.
    """
    director, secretary, handler = (desk.who(one, at) for one in (desk.director, desk.secretary, desk.handler))
    one = services.plan(
        desk.committee, title=title, budget=budget, source="社区服务群众经费", studied_on=at.date(),
        about="谁都能提，先审核，一人一票。用平等份额算，每个人的票一样有分量。", most=4, **director,
    )  # fmt: skip
    if until == "draft":
        return one
    services.open_proposals(one, ends_on=at.date() + dt.timedelta(days=14), **director)
    made = [
        services.propose(one, title=name, text=text, asked=cost, actor=desk.who(desk.handler, at)["actor"], at=at)
        for name, text, cost in projects
    ]
    if until == "proposing":
        services.decline(made[-1], reason="属于市政道路，已转街道市政维修组办。", **handler)
        return one
    services.close_proposals(one, **director)
    for proposal, (_name, _text, cost) in zip(made, projects, strict=True):
        services.admit(proposal, cost=cost, **handler)
    services.open_vote(one, ends_on=at.date() + dt.timedelta(days=14), **secretary)
    codes = services.print_slips(one, number=len(ballots) + 20, lot=lot, **handler)
    for number, chosen in enumerate(ballots):
        on_paper = number >= len(ballots) - paper
        name, door = lot.choice(FAMILY) + lot.choice(GIVEN), f"{lot.randrange(1, 20)}号楼{number + 101}室"
        services.give(one, name=name, door=door, kind="paper" if on_paper else "code", **handler)
        if not on_paper:
            services.cast(codes[number], choices=chosen, lot=lot)
    if until == "voting":
        return one
    services.close_vote(one, **director)
    papers = dict(enumerate(ballots[len(ballots) - paper :], 1))
    for number, chosen in papers.items():
        row_below = sorted({one_of % len(projects) + 1 for one_of in chosen})
        for clerk in (handler, secretary):
            services.enter_sheet(one, number=number, choices=row_below if number <= misread else chosen, **clerk)
    services.count(one, **director)
    if until == "counting":
        return one
    services.display(one, **secretary)
    if misread:
        at += dt.timedelta(days=6)
        director, secretary, handler = (
            desk.who(one_of, at) for one_of in (desk.director, desk.secretary, desk.handler)
        )
        objection = _objected(one, "我去看了开箱，有几张纸票好像录错了行。", at=at - dt.timedelta(days=3))
        reason = f"当众对照，1号到{misread}号纸票确实录低了一行，改正后重新计算。"
        services.uphold_objection(objection, reason=reason, **secretary)
        for number in range(1, misread + 1):
            for clerk in (handler, secretary):
                services.enter_sheet(one, number=number, choices=papers[number], **clerk)
        services.count(one, **director)
        services.display(one, **secretary)
    if until == "published":
        services.publish(one, **desk.who(desk.secretary, at + dt.timedelta(days=20)))
    return one


def _objected(one: Round, text: str, *, at: dt.datetime) -> Objection:
    return services.object_to(one, text=text, entitled=True, actor=ANYBODY, at=at)
