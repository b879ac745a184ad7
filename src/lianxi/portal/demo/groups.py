"""Rounds of Party groups in the demo: reported last year, open, waiting for the draw, with ties and objections, infeasible."""

import datetime as dt
from random import Random
from types import SimpleNamespace

from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit
from lianxi.organization.groups import services
from lianxi.organization.groups.models import Participant, Round, RoundGroup, Seat
from lianxi.organization.members.models import Member
from lianxi.organization.members.services import register

from .members import identity_of

DAY = dt.timedelta(days=1)
THEMES = (
    ("为老服务组", "陪老人看病、代买代办", "望槐里1号楼到6号楼", "会照顾老人"),
    ("楼道巡查组", "看堆物、飞线和灯", "望槐里7号楼到14号楼", "熟悉楼道"),
    ("调解和议事组", "邻里纠纷先劝一劝", "望槐里东区", "会听人说话"),
    ("绿化环境组", "绿地认养、垃圾分类", "望槐路沿街", ""),
    ("暑托和助学组", "假期带孩子写作业", "社区活动室", "当过老师更好"),
    ("流动党员联络组", "每月给在外的党员打电话", "全支部", "会用手机"),
    ("文体组", "合唱队、读报、健身", "社区活动室", ""),
)


class Rounds:
    """Walks rounds through the services as the people of the demo would."""

    def __init__(self, units: SimpleNamespace, people: SimpleNamespace, lot: Random, now: dt.datetime) -> None:
        self.units, self.people, self.lot, self.now = units, people, lot, now
        self.day = timezone.localtime(now).date()
        self.officer = actor_of(people.zhuangwenxi.pk, on=self.day)

    def secretary(self, unit: Unit) -> Actor:
        held = Posting.objects.held(self.day).filter(unit=unit, role=Role.SECRETARY).first()
        assert held is not None
        return actor_of(held.person_id, on=self.day)

    def moment(self, days: int, hour: int = 9) -> dt.datetime:
        """So many days ago (negative: to come), at an hour of the street."""
        local = timezone.localtime(self.now) - days * DAY
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)

    def begun(
        self,
        unit: Unit,
        title: str,
        *,
        began: int,
        closes: int,
        count: int = 5,
        spare: int = 2,
        functional: bool = False,
    ) -> Round:
        """A draft with `count` groups at most, that seat everyone with `spare` seats more in each."""
        made = services.begin(
            unit,
            title=title,
            closes_at=self.moment(closes, 18),
            actor=self.officer,
            at=self.moment(began),
            functional=functional,
        )
        branches = list(Participant.objects.filter(round=made).order_by().values_list("branch", flat=True).distinct())
        members = Participant.objects.filter(round=made).count()
        groups = max(2, min(count, members // 4))
        for n, (name, theme, place, wants) in enumerate(THEMES[:groups]):
            services.add_group(
                made, name=name, theme=theme, place=place, leader_wants=wants, lo=3,
                hi=max(3, -(-members // groups) + spare), branch=Unit.objects.get(pk=branches[n % len(branches)]),
                actor=self.officer, at=self.moment(began),
            )  # fmt: skip
        return made

    def answered(self, record: Round, *, share: float, popular: float, at: dt.datetime) -> None:
        """Some of the members answer; `popular`: how much more the first groups are wished for."""
        keys = list(RoundGroup.objects.filter(round=record).order_by("pk").values_list("pk", flat=True))
        weights = [popular ** (len(keys) - n) for n in range(len(keys))]
        people = Participant.objects.filter(round=record, designated=None).select_related("member__person", "round")
        people = people.exclude(member__person=self.people.songwendi)  # who looks at the demo chooses for her
        for one in people:
            if self.lot.random() > share:
                continue
            wishes: list[int] = []
            count = self.lot.choice((0, 1, 2, 3, 3, 3, 3))
            while len(wishes) < count:
                key = self.lot.choices(keys, weights)[0]
                wishes += [key] if key not in wishes else []
            if self.lot.random() < 0.3:
                services.enter_slip(one, wishes=wishes, actor=self.officer, at=at)
            else:
                actor = Actor(name=one.member.person.name, person_id=one.member.person_id)
                services.choose(one, wishes=wishes, actor=actor, at=at)

    def designated(self, record: Round, *, at: dt.datetime) -> None:
        """Two members designated with a reason, one of them to lead."""
        group = RoundGroup.objects.filter(round=record).select_related("round__unit").order_by("pk").first()
        some = list(
            Participant.objects.filter(round=record, kind="01").select_related("round__unit", "member__person")[3:5]
        )
        if group is None or len(some) < 2:
            return
        services.name_leader(group, leader=some[0], way="designated", actor=self.officer, at=at)
        services.designate(some[1], group=group, reason="是退休护士，组里要有一名", actor=self.officer, at=at)

    def placed(self, record: Round, *, days: int, seed: str) -> Round:
        """From closing to the plan, so many days ago."""
        at = self.moment(days, 19)
        record = services.close(record, actor=self.officer, at=at)
        record = services.draw(
            record,
            seed=seed,
            how="typed",
            witnesses="林岚、温如许",
            actor=self.officer,
            at=at + dt.timedelta(minutes=20),
        )
        return services.place_all(record, actor=self.officer, at=at + dt.timedelta(minutes=25))

    def led(self, record: Round, *, at: dt.datetime) -> None:
        """A leader for each group, recommended by its members."""
        for group in RoundGroup.objects.filter(round=record, leader=None).select_related("round__unit", "branch"):
            rows = Seat.objects.filter(group=group, participant__kind="01").select_related(
                "participant__member__person"
            )
            seat = rows.order_by("participant__number").first()
            if seat:
                services.name_leader(group, leader=seat.participant, way="recommended", actor=self.officer, at=at)


def join_member(units: SimpleNamespace, people: SimpleNamespace, *, today: dt.date, at: dt.datetime) -> None:
    """The member who logs in belongs to the branch whose round is open."""
    born = dt.date(1968, 4, 12)
    items = {
        "sex": "2", "identity": identity_of(born, 4990, "2"), "nationality": "01", "born_on": born, "education": "31", "kind": "01",
        "joined_on": dt.date(1996, 7, 1), "full_on": dt.date(1997, 7, 1), "work": "退休", "address": "望槐里3号楼2单元201室",
    }  # fmt: skip
    register(
        branch=units.branches[1], name=people.songwendi.name, items=items, person=people.songwendi,
        actor=actor_of(people.zhuangwenxi.pk, on=today), at=at, since=dt.date(2019, 5, 6),
    )  # fmt: skip


def build_rounds(units: SimpleNamespace, people: SimpleNamespace, now: dt.datetime) -> None:
    """One round in each state that one comes to see. Branches too small for groups have none."""
    it = Rounds(units, people, Random(now.year), now)  # noqa: S311 - its own draws, so that the rest of the street stays as it was
    year = it.day.year
    wanghuai, first, second, third = units.communities[0], units.branches[0], units.branches[1], units.branches[2]
    other, far = units.branches[4], units.branches[5]
    if min(Member.objects.filter(branch=one).count() for one in (first, second, third, other, far)) < 6:
        return
    last = it.begun(first, f"{year - 1}年党小组编组", began=330, closes=316, spare=3)
    it.designated(last, at=it.moment(329))
    last = services.open_round(last, actor=it.officer, at=it.moment(328))
    it.answered(last, share=0.9, popular=1.2, at=it.moment(320))
    last = it.placed(last, days=316, seed="3-6-1-1-4-2")
    it.led(last, at=it.moment(315))
    last = services.publish(last, objections_until=it.moment(310).date(), actor=it.officer, at=it.moment(315))
    boss = it.secretary(first)
    last = services.confirm(last, decided_on=it.moment(308).date(), due=5, present=4, actor=boss, at=it.moment(308))
    services.report(last, number=f"望一支〔{year}〕2号", actor=boss, at=it.moment(307))

    open_now = it.begun(second, f"{year}年党小组编组", began=6, closes=-5)
    open_now = services.open_round(open_now, actor=it.officer, at=it.moment(5))
    it.designated(open_now, at=it.moment(5))
    it.answered(open_now, share=0.55, popular=1.3, at=it.moment(3))

    tied = it.begun(third, f"{year}年党小组编组", began=20, closes=9, spare=0)
    tied = services.open_round(tied, actor=it.officer, at=it.moment(19))
    it.answered(tied, share=0.95, popular=3.0, at=it.moment(12))
    tied = it.placed(tied, days=9, seed="6-2-5-5-1-3")
    it.led(tied, at=it.moment(8))
    tied = services.publish(tied, objections_until=it.moment(-2).date(), actor=it.officer, at=it.moment(8))
    _unhappy(it, tied)

    drawn = it.begun(other, f"{year}年党小组编组", began=15, closes=1)
    drawn = services.open_round(drawn, actor=it.officer, at=it.moment(14))
    it.answered(drawn, share=0.8, popular=1.5, at=it.moment(7))
    services.close(drawn, actor=it.officer, at=it.moment(0, 8) if it.moment(0, 8) <= now else now)

    it.begun(far, f"{year}年党小组编组", began=2, closes=-12, spare=-3)
    it.begun(wanghuai, f"{year + 1}年志愿服务小组", began=1, closes=-20, count=7, spare=6, functional=True)


def _unhappy(it: Rounds, record: Round) -> None:
    """One member was moved by hand, one objects."""
    seats = list(
        Seat.objects.filter(round=record, rank__gte=0).select_related("participant__round__unit", "participant__member__person", "group")
        .order_by("-rank", "participant__number")
    )  # fmt: skip
    sizes = {one.pk: Seat.objects.filter(group=one).count() for one in RoundGroup.objects.filter(round=record)}
    for seat in seats:
        free = RoundGroup.objects.filter(round=record).exclude(pk=seat.group_id).order_by("pk")
        room = next((one for one in free if sizes[one.pk] < one.hi), None)
        if room is not None and sizes[seat.group_id] > seat.group.lo:
            services.move(
                seat.participant, group=room, reason="住在这一片，走动方便", actor=it.officer, at=it.moment(6)
            )
            break
    outside = next((one for one in seats if one.rank == 0), seats[-1])
    actor = Actor(name=str(outside.participant), person_id=outside.participant.member.person_id)
    services.object_to(
        outside.participant, text="孩子小，晚上出不来，想去白天活动的小组。", actor=actor, at=it.moment(4)
    )
