"""The computation, the draw, display and publication; and a vote held elsewhere, from its file."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit
from lianxi.engines import budgeting
from lianxi.engines.budgeting import BadElection, PabulibFile, Project, Vote

from ..models import Ballot, Proposal, Result, Round, Sheet
from ..terms import Channel, ProposalState
from ..workflow import PROPOSALS, WALK
from .rounds import BUDGET_AT_MOST, plan
from .typed import plain
from .voting import KEY_BITS

BALLOTS_AT_MOST = 20_000


def file_of(one: Round) -> PabulibFile:
    """Projects and ballots as a Pabulib file. Ballots stand in the order of their content and are numbered anew: the order tells nothing."""
    projects = tuple(
        Project(str(p.number), p.cost or 0, p.title)
        for p in Proposal._base_manager.filter(round=one.pk, state=ProposalState.ADMITTED).order_by("number")
    )
    cast = list(Ballot._base_manager.filter(round=one.pk).values_list("choices", flat=True))
    cast += [sheet.first for sheet in Sheet._base_manager.filter(round=one.pk) if sheet.agreed]
    votes = tuple(
        Vote(str(number), dict.fromkeys(map(str, sorted(chosen)), 1)) for number, chosen in enumerate(sorted(cast), 1)
    )
    meta: dict[str, str] = {
        "description": one.title,
        "country": "China",
        "unit": one.unit.name,
        "instance": str(one.created_at.year),
        "num_projects": str(len(projects)),
        "num_votes": str(len(votes)),
        "budget": str(one.budget),
        "vote_type": "approval",
        "rule": "equalshares/add1u",
        "currency": "CNY",
        "language": "zh",
    }
    if one.most:
        meta["max_length"] = str(one.most)
    return PabulibFile(meta, projects, votes)


def computed(one: Round, order: Sequence[int]) -> tuple[dict[str, Any], str, list[list[str]]]:
    """Certificate, file and open ties of the round as it stands. The verifier accepted the certificate."""
    file = file_of(one)
    text = budgeting.write(file)
    election = file.election()
    unit = 1
    while election.voters and one.budget // election.voters > 1000 * unit:
        unit *= 10
    keys = [project.key for project in file.projects]
    drawn = [str(number) for number in order if str(number) in keys]
    outcome = budgeting.equal_shares(
        election, unit=unit, order=[*drawn, *(key for key in keys if key not in drawn)] if drawn else None
    )
    made = budgeting.certificate(election, outcome, source=hashlib.sha256(text.encode()).hexdigest())
    return made, text, [list(group) for group in budgeting.undecided(election, outcome)]


@transaction.atomic
def count(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Result:
    """计算结果. May be done again until it is published."""
    now = WALK.take("count", one, actor=actor, at=at, seen=seen)
    return _keep(now, actor, at)


@transaction.atomic
def draw(
    one: Round, *, order: Sequence[int], note: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Result:
    """登记抽签: the order drawn in a meeting, all projects that tied; everything is computed again by it.

    Raises BadInput unless the order names each tied project once.
    """
    result = Result._base_manager.filter(round=one.pk).first()
    tied = sorted({int(key) for group in (result.ties if result else []) for key in group} | set(one.order))
    if sorted(order) != tied or not tied:
        raise BadInput({"order": _("请按抽出的先后写全这些编号：%(numbers)s") % {"numbers": "、".join(map(str, tied))}})
    how = plain(note)
    if len(how) < 2:
        raise BadInput({"note": _("请写在哪里、由谁、怎么抽的。")})
    now = WALK.take("draw", one, actor=actor, at=at, seen=seen, order=list(order), order_note=how)
    return _keep(now, actor, at)


def _keep(one: Round, actor: Actor, at: dt.datetime) -> Result:
    try:
        certificate, text, ties = computed(one, one.order)
    except BadElection as bad:
        raise BadInput({"count": bad.zh}) from None
    found, _made = Result._base_manager.update_or_create(
        round=one,
        defaults={"certificate": certificate, "file": text, "ties": ties, "at": at, "by_id": actor.person_id},
    )
    return found


@transaction.atomic
def display(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """公示结果: everybody reads it and may object, for at least the days of F-30. By another than who counted (S-23)."""
    day = timezone.localtime(at).date()
    last = day + dt.timedelta(days=int(rule("F-30", on=day, at=one.unit).value))
    return WALK.take(
        "display", one, actor=actor, at=at, seen=seen, publisher_id=actor.person_id, displayed_on=day, ends_on=last
    )


@transaction.atomic
def publish(one: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Round:
    """公布结果: the days of display are over and every objection is answered."""
    return WALK.take(
        "publish", one, actor=actor, at=at, seen=seen, publisher_id=actor.person_id, published_at=at, ends_on=None
    )


@transaction.atomic
def import_file(unit: Unit, *, text: str, source: str, actor: Actor, at: dt.datetime, lot: Random) -> Round:
    """A vote held elsewhere, from its Pabulib file, to be counted here. Approval ballots and choose-1 only.

    Raises NotPermitted; BadInput with line and column of the file.
    """
    try:
        file = budgeting.read(text)
    except BadElection as bad:
        raise BadInput({"file": bad.zh}) from None
    kind = file.meta.get("vote_type", "approval")
    costs = [file.budget, *(project.cost for project in file.projects)]
    if kind not in ("approval", "choose-1"):
        raise BadInput({"file": _("这里只能导入勾选的票（approval、choose-1），文件是%(kind)s。") % {"kind": kind}})
    if any(not isinstance(cost, int) or not 0 < cost <= BUDGET_AT_MOST for cost in costs):
        raise BadInput({"file": _("预算和费用须是大于0的整数元。")})
    if len(file.votes) > BALLOTS_AT_MOST or len(file.projects) > 500:
        raise BadInput({"file": _("最多500个项目、20000张票；更大的请用命令行。")})
    title = plain(file.meta.get("description", ""))[:80] or str(_("导入的一轮"))
    one = plan(unit, title=title, budget=int(file.budget), source=source, actor=actor, at=at, imported=True)
    numbers = {project.key: number for number, project in enumerate(file.projects, 1)}
    for project in file.projects:
        made = Proposal(
            round=one, number=numbers[project.key], title=plain(project.name)[:60] or project.key, text=plain(project.name) or project.key,
            asked=int(project.cost), cost=int(project.cost), state=ProposalState.ADMITTED,
        )  # fmt: skip
        PROPOSALS.begin(made, verb="import", actor=actor, at=at, facts={"key": project.key[:60]})
    keys: set[int] = set()
    while len(keys) < len(file.votes):
        keys.add(lot.getrandbits(KEY_BITS))
    Ballot._base_manager.bulk_create(
        [
            Ballot(id=key, round=one, choices=sorted(numbers[k] for k in vote.points), channel=Channel.FILE)
            for key, vote in zip(keys, file.votes, strict=True)
        ]
    )
    return one
