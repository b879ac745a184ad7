"""Secret votes in the demo street, one in each phase, made through the services. Their cards and keys are drawn by the demo's lot:
whoever reads this file could vote in them."""

import datetime as dt
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Poll, Trustee
from lianxi.commons.ballotbox.queries.ceremony import input_for
from lianxi.commons.ballotbox.queries.election import GROUP, certificates_of
from lianxi.commons.ballotbox.services.checking import checked, known, read
from lianxi.commons.ballotbox.services.receiving import put_in
from lianxi.commons.ballotbox.services.sharing import sum_of
from lianxi.commons.ballotbox.terms import Kind, Step, Verdict
from lianxi.commons.permissions import system
from lianxi.commons.permissions.actor import actor_of
from lianxi.engines.ballots import ballot as ballots
from lianxi.engines.ballots import ceremony, channels, chinese, credentials
from lianxi.engines.ballots.strict import parsed, written
from lianxi.engines.ballots.tally import partly_decrypted

from .people import FAMILY, GIVEN

YES, NO, NEITHER = [1, 0], [0, 1], [0, 0]
UNTIL = ("draft", "preparing", "open", "closed", "counted", "published")
CARDS_SHOWN = 4
HOURS = {
    "begin": -192, "name": -168, "prepare": -144, "certificate": -120, "polynomial": -96, "output": -72, "cards": -48, "open": 0,
    "attendance": 0.8, "close": 0.9, "share": 1.1, "count": 1.3, "publish": 1.6,
}  # fmt: skip
"""When each step is taken, in hours from the beginning of the vote."""
FAVOUR, OPPOSE, ABSTAIN = chinese.FAVOUR, chinese.OPPOSE, chinese.ABSTAIN


@dataclass(frozen=True, slots=True)
class Open:
    """The vote that a visitor can take part in: its address, and cards that nobody has used."""

    uuid: str
    title: str
    cards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a trustee of the demo has on a stick: the seed of the key, of a vote that a visitor can lead on."""

    vote: str
    login: str
    name: str
    seed: str


@dataclass(slots=True)
class _Told:
    """A vote of the demo: what is asked, how far it is led, what is cast."""

    title: str
    kind: str
    items: tuple[str, ...]
    until: str
    days: int
    ballots: tuple[Any, ...] = ()
    voters: int = 8
    most: int = 1
    roster: tuple[str, ...] = ()
    rule: str = Verdict.NONE
    about: str = ""
    place: str = "望槐社区党群服务中心二楼"
    more: dict[str, Any] = field(default_factory=dict)


VOTES = (
    _Told(
        "明年党建服务项目征求意见", Kind.CHOICE, ("暑期托管班", "独居老人送餐", "楼道党员值班", "夜校开课"), "draft", -12, most=2,
        about="先听听大家的想法，结果供党委研究。",
    ),
    _Told(
        "党员活动室改造表决", Kind.MOTIONS, ("同意把活动室改到一楼，方便年纪大的党员", "同意用党费支出不超过三万元"), "preparing", -6,
        rule=Verdict.MEETING, about="支委会已经讨论过两次，方案贴在公告栏。",
    ),
    _Told(
        "联席会议议题表决", Kind.MOTIONS, ("同意七家驻区单位错时开放停车场", "同意联合成立护学队"), "open", 0,
        ([YES, YES], [YES, NEITHER], [NO, YES], [YES, YES]), voters=9, about="区域化党建联席会议第四次会议。",
    ),
    _Told(
        "志愿服务时间征求意见", Kind.CHOICE, ("周六上午", "周六下午", "周日上午", "工作日晚上"), "closed", 2,
        ([[0, 1, 0, 1, 0]], [[0, 1, 0, 0, 1]], [[0, 0, 1, 0, 0]], [[1, 0, 0, 0, 0]], [[0, 1, 0, 0, 0]]), voters=6, most=2,
    ),
    _Told(
        "设立楼门党小组表决", Kind.MOTIONS, ("同意按楼门设立五个党小组", "同意每月十日为党小组活动日"), "counted", 4,
        ([YES, YES], [YES, NO], [YES, NO], [YES, YES], [YES, NO], [NO, NEITHER]), voters=8, rule=Verdict.MEETING,
    ),
    _Told(
        "优秀党务工作者推荐", Kind.CANDIDATES, ("周望舒", "卫青禾", "柏书简", "岑映川", "顾怀瑾"), "published", 20,
        (
            ([FAVOUR, FAVOUR, FAVOUR, ABSTAIN, ABSTAIN], []), ([FAVOUR, FAVOUR, OPPOSE, ABSTAIN, OPPOSE], ["祁以宁"]),
            ([FAVOUR, ABSTAIN, FAVOUR, FAVOUR, ABSTAIN], []), ([OPPOSE, FAVOUR, FAVOUR, OPPOSE, ABSTAIN], ["祁以宁"]),
            ([FAVOUR, FAVOUR, ABSTAIN, ABSTAIN, FAVOUR], []), ([ABSTAIN] * 5, []),
        ),
        voters=7, most=3, roster=("祁以宁", "阮听澜"), about="推荐结果供党委研究，不是选举。",
    ),
)  # fmt: skip


class Polls:
    """Leads votes through the services as the people of the demo would."""

    def __init__(self, units: SimpleNamespace, people: SimpleNamespace, lot: Random, now: dt.datetime) -> None:
        self.unit, self.people, self.lot, self.now = units.communities[0], people, lot, now
        self.day, self.begins = timezone.localtime(now).date(), now
        self.trustees = [people.luyanqiu, people.hexuyan, people.songwendi]
        self.kept: list[Kept] = []

    def who(self, person: Person, step: str) -> dict[str, Any]:
        return {"actor": actor_of(person.pk, on=self.day), "at": self.at(step)}

    def at(self, step: str) -> dt.datetime:
        return self.begins + dt.timedelta(hours=HOURS[step])

    def lead(self, step: str) -> dict[str, Any]:
        return self.who(self.people.linlan, step)

    def walk(self, told: _Told) -> Open | None:
        """Lead a vote as far as it is told; an open one gives the cards that are left."""
        far = UNTIL.index(told.until)
        self.begins = (
            self.now - dt.timedelta(days=told.days, hours=2) if far > 1 else self.now + dt.timedelta(hours=120)
        )
        poll = services.begin(
            self.unit, items=told.items, roster=told.roster, title=told.title, kind=told.kind, about=told.about, most=told.most,
            rule=told.rule, revote=True, opens_on=self.day - dt.timedelta(days=told.days), place=told.place, draw=self.lot.randrange,
            **self.lead("begin"),
        )  # fmt: skip
        if not far:
            return None
        services.set_roll(poll, self._names(told.voters), source="typed", **self.lead("begin"))
        services.set_trustees(poll, self.trustees, threshold=2, giver=self.people.wenruxu, **self.lead("name"))
        poll = services.prepare(poll, **self.lead("prepare"))
        keys = self._certificates(poll, whole=far > 1)
        if far == 1:
            return None
        outputs = self._key(poll, keys)
        cards = [credentials.credential(self.lot.randrange) for _one in range(told.voters)]
        services.make_cards(
            poll,
            [str(credentials.public_of(GROUP, poll.uuid, one)) for one in cards],
            **self.who(self.people.wenruxu, "cards"),
        )
        poll = services.open_poll(poll, **self.lead("open"))
        for card, chosen in zip(cards, told.ballots, strict=False):
            self._cast(poll, card, chosen)
        if told.until == "open":
            return Open(poll.uuid, poll.title, tuple(cards[len(told.ballots) :][:CARDS_SHOWN]))
        self._count(poll, keys, outputs, len(told.ballots), shares=2 if far > 3 else 1)
        if told.until == "published":
            services.publish(poll, **self.lead("publish"))
            services.publish_archive(poll.pk, at=self.at("publish"))
        return None

    def _names(self, count: int) -> list[tuple[str, str]]:
        drawn: dict[str, None] = {}
        while len(drawn) < count:
            drawn[self.lot.choice(FAMILY) + self.lot.choice(GIVEN)] = None
        return [(name, "") for name in drawn]

    def _places(self, poll: Poll) -> list[Trustee]:
        return list(Trustee._base_manager.filter(poll=poll.pk).select_related("person__account").order_by("number"))

    def _certificates(self, poll: Poll, *, whole: bool) -> list[channels.Keys]:
        """The first step of the key; where it is not to be whole, the last trustee has not come yet."""
        places = self._places(poll)
        made = [channels.Keys(GROUP, channels.seed(self.lot.randrange)) for _one in places]
        for place, keys in list(zip(places, made, strict=True))[: None if whole else -1]:
            said = ceremony.certificate(keys, self.lot.randrange).told()
            services.hand_in(
                poll, place, Step.CERTIFICATE, written(said).encode(), **self.who(place.person, "certificate")
            )
            self.kept.append(Kept(poll.title, place.person.account.username, place.name, keys.seed))
        return made

    def _key(self, poll: Poll, keys: list[channels.Keys]) -> list[ceremony.Output]:
        names, places, outputs = certificates_of(poll), self._places(poll), []
        for place, mine in zip(places, keys, strict=True):
            spread = ceremony.polynomial(mine, names, poll.threshold, self.lot.randrange).told()
            services.hand_in(
                poll, place, Step.POLYNOMIAL, written(spread).encode(), **self.who(place.person, "polynomial")
            )
        for place, mine in zip(places, keys, strict=True):
            text = input_for(poll, place)
            assert text is not None
            given = ceremony.read_input(GROUP, text, "")
            made = ceremony.output(mine, names, given, self.lot.randrange)
            services.hand_in(
                poll, place, Step.OUTPUT, written(made.told()).encode(), **self.who(place.person, "output")
            )
            outputs.append(made)
        return outputs

    def _cast(self, poll: Poll, card: str, chosen: Any) -> None:
        facts = known(poll)
        if facts.form:
            marks, written_in = chosen
            text = chinese.cast(facts.election, facts.form, card, marks, written_in, self.lot.randrange).text
        else:
            text = ballots.cast(facts.election, card, chosen, self.lot.randrange).text
        checked(facts, read(facts, text))
        key = str(credentials.public_of(GROUP, poll.uuid, card))
        put_in(poll.pk, text, sha256(text).hexdigest(), sha256(key.encode()).hexdigest())

    def _count(
        self,
        poll: Poll,
        keys: list[channels.Keys],
        outputs: list[ceremony.Output],
        cast: int,
        *,
        shares: int,
    ) -> None:
        services.record_attendance(poll, cards_given=cast, attended=cast, **self.lead("attendance"))
        services.close_poll(poll, **self.lead("close"))
        services.add_up(poll.pk, actor=system("ballotbox.add_up"), at=self.at("close"))
        poll = Poll._base_manager.select_related("unit", "giver").get(pk=poll.pk)
        election = known(poll).election
        for place, mine, made in list(zip(self._places(poll), keys, outputs, strict=True))[:shares]:
            secret = ceremony.private_key(mine, made.private_key)
            share = partly_decrypted(election, sum_of(poll), secret, self.lot.randrange)
            text = written({"owner": place.number, "decryption": parsed(share.text())}).encode()
            services.hand_in(poll, place, Step.SHARE, text, **self.who(place.person, "share"))
        if shares >= poll.threshold:
            services.count(poll.pk, actor=system("ballotbox.count"), at=self.at("count"))


def build_polls(units: SimpleNamespace, people: SimpleNamespace, now: dt.datetime) -> tuple[Open, list[Kept]]:
    """A vote in each phase; gives the open one, and the trustees' keys of those that are not counted yet."""
    it = Polls(units, people, Random(now.year), now)  # noqa: S311 - the demo's; nobody's vote hangs on it
    found = [it.walk(told) for told in VOTES]
    waits = {told.title for told in VOTES if told.until in ("preparing", "open", "closed")}
    return next(one for one in found if one is not None), [one for one in it.kept if one.vote in waits]
