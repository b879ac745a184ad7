"""The trades of a plan 行业: added, changed, moved, taken away, bounded. Figures that stand already go with their trade."""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from ..models import PlanTrade, PlanUnit, SeatPlan
from ..terms import MOST_TRADES
from ..workflow import WALK
from .plans import UNSETTLED

FIELDS = ("name", "name_en", "sign", "sectors", "words", "rest", "front_line", "leaders", "at_least", "at_most", "source")  # fmt: skip
"""What a trade is made of, as `add_trade` and `change_trade` take it."""


@transaction.atomic
def set_trades(
    plan: SeatPlan, *, trades: list[dict[str, Any]], actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """改行业: the trades anew, in order, each with some of `FIELDS`.

    The figures by trade are counted again at the next freezing. Raises BadInput.
    """
    names = [one["name"].strip() for one in trades]
    if not trades or len(trades) > MOST_TRADES or len(set(names)) != len(names) or not all(names):
        raise BadInput({"trades": _("行业有1到%(most)d个，名称不重复。") % {"most": MOST_TRADES}})
    for one in trades:
        _fit("trades", one["name"], one.get("at_least"), one.get("at_most"))
    done = WALK.take(
        "settle", plan, actor=actor, at=at, seen=seen, facts={"trades": "、".join(names)}, counted_on=None, **UNSETTLED
    )
    PlanTrade.objects.filter(plan=done).delete()
    PlanTrade.objects.bulk_create(PlanTrade(plan=done, number=n, **one) for n, one in enumerate(trades))
    PlanUnit.objects.filter(plan=done).update(people=[0] * len(trades))
    return done


def _fit(field: str, name: Any, low: Fraction | None, high: Fraction | None) -> None:
    """Raises BadInput for shares outside 0 to 1, or the wrong way round."""
    if any(share is not None and not 0 <= share <= 1 for share in (low, high)) or (
        low is not None and high is not None and low > high
    ):
        raise BadInput({field: _("“%(name)s”的比例要在0到1之间，不少于的不大于不超过的。") % {"name": name}})


@transaction.atomic
def add_trade(plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None, **values: Any) -> SeatPlan:
    """增加行业: a trade at the end, with `FIELDS`; nobody counts in it until the figures are frozen or typed again. Raises BadInput."""
    trades = _locked(plan)
    if len(trades) >= MOST_TRADES:
        raise BadInput({"name": _("最多%(most)d个行业。") % {"most": MOST_TRADES}})
    values = _checked(trades, None, values)
    done = _settled(plan, {"trade": "add", "name": values["name"]}, actor, at, seen)
    _only_rest(done, values)
    PlanTrade.objects.create(plan=done, number=len(trades), **values)
    _people(done, lambda people: [*people[: len(trades)], *[0] * (len(trades) - len(people)), 0])
    return done


@transaction.atomic
def change_trade(
    plan: SeatPlan, key: int, *, actor: Actor, at: dt.datetime, seen: int | None = None, **values: Any
) -> SeatPlan:
    """改行业: another name, other bounds, other members that count in it. What was counted stays as it was. Raises BadInput."""
    trades = _locked(plan)
    trade = _one(trades, key)
    values = _checked(trades, trade, {name: getattr(trade, name) for name in FIELDS} | values)
    facts = {"trade": "change", "name": values["name"], "was": trade.name}
    done = _settled(plan, facts, actor, at, seen)
    _only_rest(done, values)
    for name, value in values.items():
        setattr(trade, name, value)
    trade.save()
    return done


@transaction.atomic
def move_trade(
    plan: SeatPlan, key: int, *, to: int, actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """调行业的次序: the trade to a place counted from 0; its figures move with it. Raises BadInput."""
    trades = _locked(plan)
    trade = _one(trades, key)
    if not 0 <= to < len(trades):
        raise BadInput({"trades": _("没有这个位置。")})
    rest = [one for one in trades if one != trade]
    after = [*rest[:to], trade, *rest[to:]]
    if after == trades:
        return SeatPlan.objects.get(pk=plan.pk)
    done = _settled(plan, {"trade": "move", "name": trade.name, "to": to + 1}, actor, at, seen)
    places = [trades.index(one) for one in after]
    _people(done, lambda people: [people[n] if n < len(people) else 0 for n in places])
    _number(done, after)
    return done


@transaction.atomic
def remove_trade(
    plan: SeatPlan, key: int, *, into: int | None, actor: Actor, at: dt.datetime, seen: int | None = None
) -> SeatPlan:
    """去掉行业: its members, and the posts and sectors that count in it, go over `into` another trade (its key). Raises BadInput."""
    trades = _locked(plan)
    trade = _one(trades, key)
    if len(trades) == 1:
        raise BadInput({"into": _("至少要有一个行业。")})
    heir = next((one for one in trades if one.pk == into and one != trade), None)
    if heir is None:
        raise BadInput({"into": _("请选它的党员算到哪个行业。")})
    done = _settled(plan, {"trade": "remove", "name": trade.name, "into": heir.name}, actor, at, seen)
    gone, gain = trades.index(trade), trades.index(heir)

    def merged(people: list[int]) -> list[int]:
        whole = [*people, *[0] * (len(trades) - len(people))]
        whole[gain] += whole[gone]
        return [n for place, n in enumerate(whole) if place != gone]

    _people(done, merged)
    trade.delete()
    heir.sectors = [*heir.sectors, *(one for one in trade.sectors if one not in heir.sectors)]
    heir.words = [*heir.words, *(one for one in trade.words if one not in heir.words)]
    heir.rest = heir.rest or trade.rest
    heir.save()
    _number(done, [one for one in trades if one.pk not in (None, key)])
    return done


@transaction.atomic
def set_bounds(
    plan: SeatPlan,
    *,
    shares: Mapping[int, tuple[Fraction | None, Fraction | None]],
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> SeatPlan:
    """定行业比例: trade (its key) → at least, at most, as shares of all seats. The counts stay. Raises BadInput."""
    trades = {one.pk: one for one in PlanTrade.objects.filter(plan=plan)}
    for key, (low, high) in shares.items():
        if key not in trades:
            raise BadInput({"trades": _("没有这个行业。")})
        _fit(f"at_least_{key}", trades[key], low, high)
    done = WALK.take("settle", plan, actor=actor, at=at, seen=seen, facts={"bounds": True}, **UNSETTLED)
    for key, (low, high) in shares.items():
        PlanTrade.objects.filter(plan=done, pk=key).update(at_least=low, at_most=high)
    return done


def _locked(plan: SeatPlan) -> list[PlanTrade]:
    """The trades in their order; two people at work on them wait for one another at the plan."""
    SeatPlan.objects.select_for_update().filter(pk=plan.pk).first()
    return list(PlanTrade.objects.filter(plan=plan).order_by("number"))


def _one(trades: list[PlanTrade], key: int) -> PlanTrade:
    found = next((one for one in trades if one.pk == key), None)
    if found is None:
        raise BadInput({"trades": _("没有这个行业。")})
    return found


def _checked(trades: list[PlanTrade], own: PlanTrade | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a trade as they are kept. Raises BadInput."""
    found = {name: values[name] for name in FIELDS if name in values}
    found["name"] = str(found.get("name") or "").strip()
    found["sign"] = str(found.get("sign") or found["name"]).strip()[:1]
    low, high = (
        (None if value is None else Fraction(value)) for value in (found.get("at_least"), found.get("at_most"))
    )
    if not found["name"]:
        raise BadInput({"name": _("请写行业的名称。")})
    if any(one.name == found["name"] for one in trades if one != own):
        raise BadInput({"name": _("已经有叫“%(name)s”的行业。") % {"name": found["name"]}})
    _fit("at_least", found["name"], low, high)
    return found | {"at_least": low, "at_most": high}


def _only_rest(plan: SeatPlan, values: Mapping[str, Any]) -> None:
    """One trade takes whoever fits none."""
    if values.get("rest"):
        PlanTrade.objects.filter(plan=plan, rest=True).update(rest=False)


def _settled(plan: SeatPlan, facts: dict[str, Any], actor: Actor, at: dt.datetime, seen: int | None) -> SeatPlan:
    return WALK.take("settle", plan, actor=actor, at=at, seen=seen, facts=facts, **UNSETTLED)


def _people(plan: SeatPlan, change: Callable[[list[int]], list[int]]) -> None:
    units = list(PlanUnit.objects.filter(plan=plan))
    for one in units:
        one.people = change(list(one.people))
    PlanUnit.objects.bulk_update(units, ["people"], batch_size=500)


def _number(plan: SeatPlan, trades: list[PlanTrade]) -> None:
    """Number them in this order. Past the numbers in use first: two trades never have the same."""
    PlanTrade.objects.filter(plan=plan).update(number=F("number") + MOST_TRADES)
    for number, one in enumerate(trades):
        PlanTrade.objects.filter(pk=one.pk).update(number=number)
