"""The rules by enumeration of every plan: slow, plain, independent of the engine. And random small demands."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from fractions import Fraction
from hashlib import sha256

from lianxi.engines.assignment import Bound, Demand, Group, Member

Plan = dict[str, str]


def plans(demand: Demand, closed: tuple[str, ...] = ()) -> list[Plan]:
    """Every placement that keeps areas, bars, designations and sizes."""
    names = list(demand.members)
    choices = []
    for name in names:
        member = demand.members[name]
        choices.append([member.fixed] if member.fixed else [
            g for g, group in demand.groups.items()
            if group.area == member.area and g not in member.barred and g not in closed
        ])  # fmt: skip
    found = []
    for pick in itertools.product(*choices):
        size = Counter(pick)
        plan = dict(zip(names, pick, strict=True))
        if all(g in closed or group.lo <= size[g] <= group.hi for g, group in demand.groups.items()) and kept(
            demand, plan, closed
        ):
            found.append(plan)
    return found


def kept(demand: Demand, plan: Plan, closed: tuple[str, ...]) -> bool:
    """Are the qualities of every group as asked?"""
    for name, group in demand.groups.items():
        people = [m for m, g in plan.items() if g == name]
        for quality, bound in group.qualities.items() if name not in closed else ():
            have = sum(quality in demand.members[m].qualities for m in people)
            least, most = (
                Fraction(x) * (len(people) if isinstance(x, str) else 1)
                for x in (bound.least, len(people) if bound.most is None else bound.most)
            )
            if not least <= have <= most:
                return False
    return True


def rank(demand: Demand, name: str, group: str) -> int:
    member = demand.members[name]
    if member.fixed:
        return 0
    return member.wishes.index(group) + 1 if group in member.wishes else demand.rank_count() + 1


def profile(demand: Demand, plan: Plan) -> tuple[int, ...]:
    count = Counter(rank(demand, name, group) for name, group in plan.items())
    return tuple(count[r] for r in range(demand.rank_count() + 2))


def better(rule: str, found: tuple[int, ...]) -> tuple[int, ...]:
    """The smaller, the better by the words of the rule."""
    listed, unlisted = found[1:-1], found[-1]
    if rule == "greedy-max":
        return (unlisted, *(-n for n in listed))
    if rule == "generous":
        return (unlisted, *reversed(listed))
    return (sum(k * n for k, n in enumerate(listed)) + len(listed) * unlisted,)


def lot(seed: str, name: str) -> tuple[bytes, str]:
    return sha256(f"{seed}|{name}".encode()).digest(), name


def best(demand: Demand, rule: str, seed: str, closed: tuple[str, ...] = ()) -> Plan | None:
    """The plan of the rule: enumerate, keep the best, let members choose among them in the order of the draw."""
    left = plans(demand, closed)
    if not left:
        return None
    if rule != "lottery":
        least = min(better(rule, profile(demand, plan)) for plan in left)
        left = [plan for plan in left if better(rule, profile(demand, plan)) == least]
    order = sorted((n for n, m in demand.members.items() if not m.fixed), key=lambda n: lot(seed, n))
    last = demand.rank_count() + 1
    for name in order:
        top = min(rank(demand, name, plan[name]) for plan in left)
        left = [plan for plan in left if rank(demand, name, plan[name]) == top]
    some = left[0]
    size = Counter(g for n, g in some.items() if rank(demand, n, g) != last)
    for name in order:
        if rank(demand, name, some[name]) != last:
            continue
        group = min({plan[name] for plan in left}, key=lambda g: (size[g], lot(seed, g)))
        left = [plan for plan in left if plan[name] == group]
        size[group] += 1
    assert len(left) == 1
    return left[0]


def bounds(dice: random.Random) -> dict[str, Bound]:
    """What a group asks of qualities."""
    asked = {q: Bound(dice.choice((0, 1, 1)), dice.choice((None, None, 1, 2))) for q in ("full", "leads")}
    return {q: bound for q, bound in asked.items() if dice.random() < 0.5}


def demand(dice: random.Random, *, qualities: float = 0.3, crossing: bool = False) -> Demand:
    """A random small demand: one or two areas, some designated, some barred, some without a wish, tight or loose sizes."""
    groups, members = {}, {}
    for area in ("north", "south")[: dice.choice((1, 1, 2))]:
        count, people = dice.randint(1, 4), dice.randint(0, 6)
        names = [f"{area[0]}{i}" for i in range(count)]
        asking = dice.random() < qualities
        for name in names:
            lo = dice.choice((0, 0, 0, 1, 1, 2))
            groups[name] = Group(area, lo, lo + dice.choice((0, 1, 1, 2, 3, 6)), bounds(dice) if asking else {})
        favourite = dice.choice((0.0, 0.5, 0.9))
        for i in range(people):
            ranked = sorted(names, key=lambda g: dice.random() - favourite * (g == names[0]))
            barred = frozenset(dice.sample(names, dice.randint(1, count - 1))) if count > 1 and dice.random() < 0.15 else frozenset()  # fmt: skip
            wishes = tuple(g for g in ranked[: dice.randint(0, 3)] if g not in barred)
            fixed = dice.choice(names) if dice.random() < 0.1 else None
            if fixed in barred:
                barred = frozenset()
            has = dice.choice(((), (), ("full",), ("full", "leads"), *((("leads",),) if crossing else ())))
            members[f"{area}·{i}"] = Member(area, wishes, fixed, barred, frozenset(has))
    return Demand(groups, members, dice.choice((None, None, 4)))
