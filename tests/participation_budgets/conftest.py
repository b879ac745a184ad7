"""A round of projects at each of its steps."""

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.participation.budgets import services
from lianxi.participation.budgets.models import Proposal, Round
from tests.street import NOON

PROJECTS = (("路灯", 50), ("喷泉", 55), ("坡道", 30))
"""Near the example of the handbook: 105, five voters, lamps and fountain wanted by three, the ramp by two."""
OVER = NOON + dt.timedelta(days=16)
"""The first day after the days of public display."""
BALLOTS = ([1, 2], [1, 2], [1, 2], [3], [3])


@pytest.fixture
def lot() -> random.Random:
    return random.Random(26)


def led(
    street: SimpleNamespace,
    lot: random.Random,
    state: str,
    *,
    projects: Any = PROJECTS,
    ballots: Any = BALLOTS,
    budget: int = 105,
    most: int | None = None,
    at: dt.datetime = NOON,
) -> SimpleNamespace:
    """A round led to that state by the people who may: `round`, `codes`, `receipts`, `proposals`."""

    def act(who: Any, later: dt.timedelta = dt.timedelta()) -> dict[str, Any]:
        return {"actor": street.actor(who), "at": at + later}

    made = SimpleNamespace(codes=[], receipts=[], proposals=[])
    one = services.plan(
        street.wanghuai_committee,
        title="楼道小项目",
        budget=budget,
        source="服务群众经费",
        most=most,
        studied_on=at.date(),
        **act(street.secretary),
    )
    made.round = one
    if state == "draft":
        return made
    services.open_proposals(one, **act(street.director))
    for title, cost in projects:
        made.proposals.append(
            services.propose(one, title=title, text=title + "要修", asked=cost, **act(street.outsider))
        )
    if state != "proposing":
        services.close_proposals(one, **act(street.director))
    if state not in ("proposing", "project_review"):
        for proposal, (_title, cost) in zip(made.proposals, projects, strict=True):
            services.admit(proposal, cost=cost, **act(street.handler))
        services.open_vote(one, **act(street.secretary))
        made.codes = services.print_slips(one, number=max(len(ballots), 1) + 2, lot=lot, **act(street.clerk))
    if state in ("counting", "displayed", "published"):
        for number, choices in enumerate(ballots):
            services.give(one, name=f"居民{number}", door="1-101", kind="code", **act(street.clerk))
            made.receipts.append(services.cast(made.codes[number], choices=choices, lot=lot))
        services.close_vote(one, **act(street.director))
    if state in ("displayed", "published"):
        services.count(one, **act(street.director))
        services.display(one, **act(street.secretary))
    if state == "published":
        services.publish(one, **act(street.secretary, OVER - NOON))
    made.round = Round._base_manager.get(pk=one.pk)
    made.proposals = list(Proposal._base_manager.filter(round=one.pk))
    return made


@pytest.fixture
def walk(street: SimpleNamespace, lot: random.Random) -> Callable[..., Any]:
    """`walk("voting")`: a round led to that state by the people who may. Gives round, codes, receipts."""
    return partial(led, street, lot)
