"""Records of the newer rooms: seat plans, rounds of groups, rounds of projects, secret votes, each at several of its steps."""

import datetime as dt
import random
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.delegates.quotas import services as quotas
from lianxi.organization.groups import services as groups
from lianxi.organization.groups.models import Objection, Participant, RoundGroup
from lianxi.organization.members import services as members
from lianxi.participation.budgets import services as projects
from tests.commons_ballotbox.conftest import vote
from tests.delegates_quotas.conftest import PEOPLE, rows
from tests.organization import items
from tests.participation_budgets.conftest import led

DAY = dt.timedelta(days=1)
NAMES = ("宋闻笛", "梁书砚", "何静姝", "方既明", "唐晚舟", "冯映雪", "董怀谷")

Walked = list[tuple[str, str]]
"""Person → address of a record at another step than the one the table of addresses points to."""


def furnish(s: SimpleNamespace, now: dt.datetime, lot: random.Random) -> None:
    """Add the records to the world: `s.records` for the table, `s.walked` for the records at other steps.

    `s.visitors`: the people of the table, and who is needed for a step only.
    """
    s.walked, s.visitors = [], dict(s.people)
    _seats(s, now)
    _groups(s, now)
    _projects(s, now, lot)
    _polls(s, lot)


def _seats(s: SimpleNamespace, now: dt.datetime) -> None:
    above = Person.objects.create(name="尹书简")
    Posting.objects.create(person=above, unit=s.district, role=Role.ORGANISER, since=dt.date(2025, 1, 1))
    s.visitors["higher"] = above
    actor, on = s.actor(s.organiser), (now - 30 * DAY).date()

    def begun(title: str, seats: int = 72, **more: Any) -> Any:
        return quotas.begin(s.top, title=title, kind="conference", seats=seats, actor=actor, at=now, **more)

    def counted(plan: Any, people: Any = PEOPLE) -> Any:
        return quotas.put_figures(plan, on=on, rows=rows(people), actor=actor, at=now)

    def computed(title: str, **more: Any) -> Any:
        return quotas.compute(counted(begun(title, **more)), actor=actor, at=now)

    alone = {"weight_members": Fraction(1), "weight_organizations": Fraction(0), "weight_population": Fraction(0)}
    alike = tuple((name, (12, 12, 12, 12, 12)) for name in ("甲", "乙", "丙"))
    tied = quotas.compute(counted(begun("有并列的会议", seats=4, **alone), alike), actor=actor, at=now)
    drafted, ready = (
        counted(begun("在编的会议", held_on=now.date() + 9 * DAY, due_on=now.date() + DAY)),
        computed("已算的会议"),
    )
    submitted = quotas.submit(computed("待批的会议"), actor=actor, at=now)
    plan = quotas.submit(computed("砚湖街道党员代表会议"), actor=actor, at=now)
    plan = quotas.approve(plan, approval="砚组〔2026〕41号", actor=s.actor(above), at=now)
    plan = quotas.publish(plan, actor=actor, at=now)
    s.records["/delegates/"] = {"pk": plan.pk, "verb": "revise", "key": plan.trades.all()[0].pk}
    s.records["/public/seats/"] = {"pk": plan.pk}
    trade = drafted.trades.all()[1].pk
    trades = ("trades/", "trades/new/", f"trades/{trade}/", f"trades/{trade}/remove/")
    acts = {
        drafted: (*trades, "figures/", "settle/", "freeze/", "compute/", "bounds/", "aims/", "drop/"),
        tied: ("draw-ties/", "vote-ties/"),
        ready: ("submit/", "print/", "?seats=80", "?cell=0-0", "adopt/?seats=80"),
        submitted: ("take-back/",),
        plan: ("nominated/", "?cell=3-1"),
    }
    for one, parts in acts.items():
        s.walked += [("organiser", f"/delegates/{one.pk}/{part}") for part in ("", *parts)]
    s.walked += [("higher", f"/delegates/{submitted.pk}/{part}") for part in ("", "approve/", "return/")]


def _groups(s: SimpleNamespace, now: dt.datetime) -> None:
    actor = s.actor(s.organiser)
    for n, name in enumerate(NAMES):
        more: dict[str, Any] = {} if n else {"kind": "02", "joined_on": now.date() - 200 * DAY, "full_on": None}
        members.register(branch=s.first, name=name, phone="", items=items(serial=10 + n, **more), actor=actor, at=now - 20 * DAY)  # fmt: skip

    def laid_out(title: str, closes_at: dt.datetime, begun_at: dt.datetime) -> Any:
        made = groups.begin(s.first, title=title, closes_at=closes_at, actor=actor, at=begun_at)
        for name in "甲乙丙":
            groups.add_group(made, name=f"{name}组", branch=s.first, lo=3, hi=5, theme="巡楼", place="3号院", meets=12, actor=actor, at=begun_at)  # fmt: skip
        return made

    def own(record: Any) -> Any:
        return Participant.objects.select_related("member__person", "round__unit").get(
            round=record, member=s.members["zhou"]
        )

    def first(record: Any) -> Any:
        found = RoundGroup.objects.filter(round=record).select_related("round__unit", "branch").first()
        assert found is not None
        return found

    draft = laid_out("2028年编组", now + 3 * DAY, now)
    choosing = groups.open_round(laid_out("2027年编组", now + 3 * DAY, now), actor=actor, at=now)
    then = now - 10 * DAY
    told = groups.open_round(laid_out("2026年编组", then + DAY, then), actor=actor, at=then)
    zhou = own(told)
    groups.choose(zhou, wishes=[first(told).pk], actor=s.actor(zhou.member.person), at=then)
    told = groups.close(told, actor=actor, at=then + 2 * DAY)
    told = groups.draw(told, seed="3-1-4-1", how="typed", witnesses="林岚", actor=actor, at=then + 2 * DAY)
    told = groups.place_all(told, actor=actor, at=then + 2 * DAY)
    told = groups.publish(told, objections_until=(now + DAY).date(), actor=actor, at=then + 3 * DAY)
    groups.object_to(own(told), text="想离家近", actor=s.actor(zhou.member.person), at=now - DAY)
    objection = Objection.objects.get(participant=zhou)
    keys = {"pk": told.pk, "group": first(told).pk, "person": zhou.pk, "objection": objection.pk}
    s.records["/groups/"] = keys | {"verb": "confirm"}
    s.records["/groups/<int:pk>/groups/"] = keys | {"verb": "leader"}
    s.records["/groups/<int:pk>/roll/"] = keys | {"verb": "move"}
    s.records["/g/"] = {"pk": told.pk}
    parts = {
        draft: ("", "change/", "open/", "groups/new/", "roll/", f"groups/{first(draft).pk}/", f"groups/{first(draft).pk}/change/", "cancel/"),
        choosing: (
            "", "extend/", "close/", "roll/?view=silent", "print/slips/", f"groups/{first(choosing).pk}/amend/",
            f"roll/{own(choosing).pk}/", f"roll/{own(choosing).pk}/slip/", f"roll/{own(choosing).pk}/designate/",
        ),
        told: ("copy/", "roll/?view=answered"),
    }  # fmt: skip
    s.walked += [("organiser", f"/groups/{one.pk}/{part}") for one, several in parts.items() for part in several]
    s.walked.append(("member", f"/g/{choosing.pk}/"))


def _projects(s: SimpleNamespace, now: dt.datetime, lot: random.Random) -> None:
    states = ("draft", "proposing", "project_review", "voting", "counting", "displayed", "published")
    at = {state: led(s, lot, state, at=now - 20 * DAY if state == "published" else now) for state in states}
    done = at["published"]
    s.records["/projects/"] = {"pk": done.round.pk, "code": at["voting"].codes[0]}
    s.records["/projects/follow/"] = {"code": projects.follow_code(at["proposing"].proposals[0], lot=lot)}
    s.records["/rounds/"] = {"pk": done.round.pk, "verb": "withdraw"}
    s.records["/rounds/proposals/"] = {"pk": at["project_review"].proposals[0].pk, "verb": "admit"}
    parts = {
        "draft": ("change/", "open/"),
        "proposing": ("close_proposals/",),
        "project_review": ("open_vote/", "reopen_proposals/"),
        "voting": ("roll/", "slips/", "close_vote/"),
        "counting": ("sheets/", "count/", "draw/", "display/"),
        "displayed": ("publish/",),
    }
    shown = at["displayed"].round
    raised = projects.object_to(shown, text="我家的票没有算进去", entitled=True, actor=s.actor(s.outsider), at=now)
    s.records["/rounds/objections/"] = {"pk": raised.pk, "verb": "reject"}
    for state, several in parts.items():
        pk = at[state].round.pk
        s.walked += [("director", f"/rounds/{pk}/{part}") for part in ("", *several)]
        if state != "draft":
            s.walked.append(("anybody", f"/projects/{pk}/"))
    s.walked.append(("anybody", f"/projects/{at['proposing'].round.pk}/propose/"))
    s.walked.append(("anybody", f"/projects/{shown.pk}/object/"))
    s.walked.append(("director", f"/rounds/proposals/{at['project_review'].proposals[0].pk}/decline/"))


def _polls(s: SimpleNamespace, lot: random.Random) -> None:
    states = ("draft", "preparing", "poll_open", "added_up", "counted", "published")
    at = {state: vote(s, lot, state, rule="B-07").poll for state in states}
    done = at["published"]
    s.records["/polls/"] = {"pk": done.pk, "verb": "withdraw", "step": "certificate"}
    s.records["/vote/"] = {"uuid": done.uuid, "digest": "0" * 64}
    parts = {
        "draft": ("question/", "roll/", "roll/?draw=members", "trustees/", "prepare/"),
        "preparing": ("roll/", "open/", "reopen_draft/"),
        "poll_open": ("attendance/", "close/"),
        "added_up": (),
        "counted": ("result/", "publish/"),
    }
    for state, several in parts.items():
        s.walked += [("secretary", f"/polls/{at[state].pk}/{part}") for part in ("", *several)]
        if state != "draft":
            s.walked += [("anybody", f"/vote/{at[state].uuid}/{part}") for part in ("", "hall/")]
    s.walked += [("publisher", f"/polls/{at[state].pk}/trustee/") for state in ("preparing", "poll_open", "added_up")]
    s.walked += [("anybody", f"/vote/{at['poll_open'].uuid}/ballots/"), ("clerk", f"/polls/{at['preparing'].pk}/")]
