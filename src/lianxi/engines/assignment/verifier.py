"""Check a placement of members into groups (format lianxi-assignment/1). Standard library alone; run this file by itself:

    python verifier.py CERTIFICATE.json

Proof that nothing costs less: put a price on each group. Every member pays at least the cheapest cost + price that is open to
him or her, so every placement costs at least
    the sum of these least payments, less for each group its most members × price (price above 0) or its least × price (below 0).
The certificate holds if its own placement costs just that (or its stated gap more). A bound on a quality has a price too: it is
paid by those who have the quality; where the bound is a share p/q of the group, everybody in the group is paid back that share.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

NONE: frozenset[str] = frozenset()


class Wrong(Exception):
    """The certificate does not prove its placement; the text says what is wrong."""


def need(true: object, text: str) -> None:
    if not true:
        raise Wrong(text)


def number(value: Any) -> Any:
    """A whole number, or text that writes one or a fraction p/q."""
    if isinstance(value, str):
        return Fraction(value) if "/" in value else int(value)
    need(type(value) is int, f"{value!r} is not a whole number")
    return value


class Certificate:
    """The certificate's parts, read once."""

    def __init__(self, data: dict[str, Any]) -> None:
        need(data["format"] == "lianxi-assignment/1", "the format is not lianxi-assignment/1")
        self.data, self.groups, self.members = data, data["groups"], data["members"]
        self.where, self.ranks, self.seed = data["placement"], data["ranks"], data["seed"]
        self.lottery, self.closed = data["rule"] == "lottery", set(data.get("closed", ()))
        need(type(self.ranks) is int and self.ranks >= 0 and isinstance(self.seed, str), "ranks or seed")
        self.areas: dict[str, list[str]] = {}
        for g, group in self.groups.items():
            need(type(group["lo"]) is type(group["hi"]) is int and 0 <= group["lo"] <= group["hi"], f"group {g}: sizes")
            if g not in self.closed:
                self.areas.setdefault(group["area"], []).append(g)
        self.asked = {g: group["qualities"] for g, group in self.groups.items() if group.get("qualities")}
        self.weights = [number(w) for w in data["weights"]]
        self.barred = {m: frozenset(member["barred"]) for m, member in self.members.items() if member.get("barred")}
        self.free: dict[str, list[str]] = {a: [] for a in self.areas}  # by area, who is not designated
        for m, member in self.members.items():
            if "fixed" not in member:
                self.free.setdefault(member["area"], []).append(m)
        self.size = Counter(self.where.values())

    def rank(self, m: str) -> int:
        """0 designated, k for the k-th wish, ranks + 1 for a group that was not wished."""
        member, g = self.members[m], self.where[m]
        wishes = member["wishes"]
        return 0 if "fixed" in member else wishes.index(g) + 1 if g in wishes else self.ranks + 1


def places(c: Certificate) -> None:
    """Every member stands in one group that he or she may enter."""
    need(c.where.keys() == c.members.keys(), "not every member is placed exactly once")
    need(c.closed <= c.groups.keys(), "a closed group that does not exist")
    names: dict[str, set[str]] = {}
    for g, group in c.groups.items():
        names.setdefault(group["area"], set()).add(g)
    nothing: set[str] = set()
    for m, member in c.members.items():
        g, wishes = c.where[m], member["wishes"]
        here = names.get(member["area"], nothing)
        if g not in c.groups or g in c.closed or (g != member["fixed"] if "fixed" in member else g not in here):
            raise Wrong(f"member {m}: may not be in {g}")
        if not len(set(wishes)) == len(wishes) <= c.ranks or not here.issuperset(wishes):
            raise Wrong(f"member {m}: wishes")
    for m, barred in c.barred.items():
        need(barred <= c.groups.keys(), f"member {m}: barred from a group that does not exist")
        need(c.where[m] not in barred and not barred & set(c.members[m]["wishes"]), f"member {m}: barred")


def sizes(c: Certificate) -> None:
    """Sizes and qualities are kept."""
    for g, group in c.groups.items():
        size = c.size[g]
        need(size == 0 if g in c.closed else group["lo"] <= size <= group["hi"], f"group {g}: {size} members")
        for q, bound in c.asked.get(g, {}).items() if g not in c.closed else ():
            have = sum(q in c.members[m].get("qualities", ()) for m, here in c.where.items() if here == g)
            least, most = limits(bound, size)
            need(least <= have <= most, f"group {g}: {have} of {q}")


def limits(bound: dict[str, Any], size: int) -> tuple[Any, Any]:
    """Least and most of a quality in a group of this size; a bound with a slash is a share of the size."""
    least, most = bound.get("least", 0), bound.get("most", size)
    need(number(least) >= 0 and number(most) >= 0, "a bound below 0")
    return tuple(number(x) * (size if isinstance(x, str) and "/" in x else 1) for x in (least, most))


def weights(c: Certificate) -> None:
    """The weights are those of the rule: base B is above the number of members that one exchange can move."""
    nodes = [len(c.free[a]) if any(g in c.asked for g in gs) else len(gs) for a, gs in c.areas.items()]
    base = 1 + max(nodes, default=0)
    rule, k = c.data["rule"], range(1, c.ranks + 1)
    if rule == "greedy-max":
        want = [0, *(base ** (c.ranks - 1) - base ** (c.ranks - r) for r in k), base**c.ranks]
    elif rule == "generous":
        want = [0, *(base ** (r - 1) - 1 for r in k), base**c.ranks - 1]
    else:
        need(rule in ("linear", "lottery"), f"unknown rule {rule!r}")
        want = [0, *(r - 1 for r in k), c.ranks]
    need(c.weights == want, "the weights are not those of the rule")


def sums(c: Certificate) -> None:
    """Profile and cost add up."""
    profile = [0] * (c.ranks + 2)
    for m in c.members:
        profile[c.rank(m)] += 1
    need(profile == c.data["profile"] and all(type(n) is int for n in c.data["profile"]), "the profile does not add up")
    need(
        sum(n * w for n, w in zip(profile, c.weights, strict=True)) == number(c.data["cost"]),
        "the cost does not add up",
    )


def cheapest(c: Certificate) -> Any:
    """What every placement costs at least; the same as payments(c)[0], quickly where only groups have prices."""
    if c.barred or c.asked or c.data.get("quality_prices"):
        return payments(c)[0]
    price = {g: number(p) for g, p in c.data["prices"].items()}
    need(price.keys() == c.groups.keys(), "a price for each group")
    last = c.weights[-1]
    pools = {a: last + min(price[g] for g in gs) for a, gs in c.areas.items()}
    far = max(pools.values(), default=0)
    pays = {**price, **dict.fromkeys(c.closed, far)}
    weights, total = c.weights[1:], 0
    for member in c.members.values():
        if "fixed" in member:
            total += price[member["fixed"]]
        else:
            least = pools[member["area"]]
            for weight, g in zip(weights, member["wishes"], strict=False):
                if weight + pays[g] < least:
                    least = weight + pays[g]
            total += least
    for g, group in c.groups.items():
        if g not in c.closed:
            total -= (group["hi"] if price[g] > 0 else group["lo"]) * price[g]
    return total


def payments(c: Certificate) -> tuple[Any, dict[str, list[tuple[Any, str | None]]]]:
    """For each member the cheapest cost + price, and the options that have it: (rank, group) or (ranks + 1, None)."""
    price, of = {g: number(p) for g, p in c.data["prices"].items()}, c.data.get("quality_prices", {})
    need(price.keys() == c.groups.keys(), "a price for each group")
    need(
        all(q in c.asked.get(g, ()) for g, ps in of.items() for q in ps), "a price for a quality that is not asked for"
    )
    extra = {g: [(q, number(p), share(c, g, q, number(p))) for q, p in ps.items()] for g, ps in of.items() if ps}

    def pay(g: str, has: Iterable[str]) -> Any:
        return price[g] + sum(p * ((q in has) - s) for q, p, s in extra.get(g, ()))

    pools: dict[Any, Any] = {}
    none: list[tuple[Any, str | None]] = [(c.ranks + 1, None)]
    total: Any = 0
    tight: dict[str, list[tuple[Any, str | None]]] = {}
    for m, member in c.members.items():
        has, barred = tuple(member.get("qualities", ())), c.barred.get(m, NONE)
        if "fixed" in member:
            total += pay(member["fixed"], has)
            continue
        kind = (member["area"], has, barred)
        if kind not in pools:
            pools[kind] = min(pay(g, has) for g in c.areas[member["area"]] if g not in barred)
        least, options = c.weights[-1] + pools[kind], none
        for r, g in enumerate(member["wishes"], 1):
            if g not in c.closed:
                pays = c.weights[r] + (pay(g, has) if extra else price[g])
                if pays <= least:
                    options = [(r, g)] if pays < least else [*options, (r, g)]
                    least = pays
        total += least
        tight[m] = options
    for g, group in c.groups.items():
        if g not in c.closed:
            total -= (group["hi"] if price[g] > 0 else group["lo"]) * price[g]
            for q, p, s in extra.get(g, ()):
                total -= 0 if s else p * limits(c.asked[g][q], group["hi"])[p > 0]
    return total, tight


def share(c: Certificate, g: str, q: str, p: Any) -> Any:
    """The share p/q of the bound that a price stands for; 0 for a bound in whole members."""
    bound = c.asked[g][q].get("most" if p > 0 else "least", 0)
    need(p <= 0 or "most" in c.asked[g][q], f"group {g}: a price above 0 for {q} without a bound above")
    return number(bound) if isinstance(bound, str) and "/" in bound else 0


def prices(c: Certificate) -> None:
    """The prices prove that no placement costs less, up to the stated gap."""
    least, gap = cheapest(c), number(c.data.get("gap", 0))
    need(gap >= 0 and number(c.data["cost"]) - least == gap, "the prices do not prove the cost")


def lot(c: Certificate, name: str) -> tuple[bytes, str]:
    """The place of a name in the draw."""
    return hashlib.sha256(f"{c.seed}|{name}".encode()).digest(), name


def draw(c: Certificate) -> None:
    """Members chose in the order of the draw: nobody's better place was still possible when the number came.

    Looked at backwards: at each number only later members could still move, along places that cost the least.
    """
    tight = everything(c) if c.lottery else payments(c)[1]
    price = dict.fromkeys(c.groups, 0) if c.lottery else {g: number(p) for g, p in c.data["prices"].items()}
    for area, gs in c.areas.items():
        if not any(g in c.asked for g in gs):
            Draw(c, gs, sorted(c.free[area], key=lambda m: lot(c, m)), price, tight).look()


def everything(c: Certificate) -> dict[str, list[tuple[int, str | None]]]:
    """Under the lottery every place may be chosen."""
    found: dict[str, list[tuple[int, str | None]]] = {}
    for m, member in c.members.items():
        found[m] = [(r + 1, g) for r, g in enumerate(member["wishes"]) if g not in c.closed]
        found[m].append((c.ranks + 1, None))
    return found


class Draw:
    """One area: nodes are its groups, its pools of those outside their wishes (by their bars), and the free seats."""

    def __init__(self, c: Certificate, gs: list[str], people: list[str], price: Any, tight: Any) -> None:
        self.c, self.people, self.tight = c, people, tight
        names: list[Any] = [*gs, *{c.barred.get(m, NONE): 0 for m in people}, None]
        self.bit = {name: 1 << i for i, name in enumerate(names)}
        self.into = dict.fromkeys(self.bit.values(), 0)  # which nodes lead to a node
        self.size = size = {g: c.size[g] for g in gs}
        self.lots = {g: lot(c, g) for g in gs}
        for g in gs:
            self.link(g, None, price[g] == 0 and size[g] < c.groups[g]["hi"])
            self.link(None, g, price[g] == 0 and size[g] > c.groups[g]["lo"])
        self.open: dict[Any, list[str]] = {}  # the groups that a pool leads to
        for pool in names[len(gs) : -1]:
            allowed = [g for g in gs if g not in pool]
            least = min(price[g] for g in allowed)
            self.open[pool] = [g for g in allowed if price[g] == least]
            for g in self.open[pool]:
                self.link(pool, g, True)

    def link(self, u: Any, v: Any, is_open: bool) -> None:
        if is_open:
            self.into[self.bit[v]] |= self.bit[u]

    def leading(self, goal: Any) -> int:
        """The nodes from which a walk leads to the goal."""
        seen = front = self.bit[goal]
        while front:
            low = front & -front
            new = self.into[low] & ~seen
            seen |= new
            front = front ^ low | new
        return seen

    def look(self) -> None:
        c, last = self.c, self.c.ranks + 1
        pool = {m: c.barred.get(m, NONE) for m in self.people}
        rank = {m: c.rank(m) for m in self.people}
        unlisted = [m for m in self.people if rank[m] == last]
        plain = dict(self.into)
        for m in unlisted:
            self.link(c.where[m], pool[m], True)
        for m in reversed(self.people):
            mine, tight = rank[m], self.tight[m]
            here = pool[m] if mine == last else c.where[m]
            better = [g for r, g in tight if r < mine]
            back = self.leading(here) if better else 0
            need(not any(self.bit[g] & back for g in better), f"member {m}: the draw gave a better place")
            for _, g in tight:
                self.link(here, pool[m] if g is None else g, True)
        self.into = plain
        for m in reversed(unlisted):
            g, allowed = c.where[m], self.open[pool[m]]
            self.size[g] -= 1
            first, back = (self.size[g], self.lots[g]), self.leading(g)
            earlier = [h for h in allowed if self.bit[h] & back and (self.size[h], self.lots[h]) < first]
            need(g in allowed and not earlier, f"member {m}: another group was emptier")
            self.link(g, pool[m], True)


STEPS = (
    (places, "每名成员都在一个可以进的组里，指定都照办了", "every member stands in one group that may be entered"),
    (sizes, "人数和条件都符合", "sizes and qualities are kept"),
    (weights, "各志愿的权数就是规则规定的", "the weights are those of the rule"),
    (sums, "志愿分布和总数都算得对", "profile and cost add up"),
    (prices, "各组的价格证明没有更好的方案", "the prices prove that nothing costs less"),
    (draw, "同样好的方案里，是按抽签号选的", "among equally good placements the draw decided"),
)


def plain(data: Any) -> Any:
    """Without what says nothing, and sets in one order: so that a demand and its certificate compare."""
    if not isinstance(data, dict):
        return data
    kept = {k: sorted(v) if k in ("barred", "qualities") and isinstance(v, list) else plain(v) for k, v in data.items()}
    return {k: v for k, v in kept.items() if v not in ([], {}, None) and not (k == "least" and v == 0)}


def check(certificate: dict[str, Any], source: str | None = None) -> Iterator[tuple[bool, str, str]]:
    """One line for each thing checked: whether it holds, and what, in Chinese and in English; stops at the first that fails."""
    c = Certificate(certificate)
    if source is not None:
        want = json.loads(source)
        same = all(plain(certificate.get(key)) == plain(want.get(key)) for key in ("groups", "members"))
        yield same, "与所给的名单一致" if same else "与所给的名单不一致", "it answers the demand given"
    for step, zh, en in STEPS:
        if not (step is prices and c.lottery):
            try:
                step(c)
            except Wrong as wrong:
                yield False, f"不成立：{zh}（{wrong}）", f"does not hold: {en} ({wrong})"
                return
            yield True, zh, en


def verify(certificate: dict[str, Any], *, drawn: bool = True) -> int:
    """Return the cost of a placement that the certificate proves to be the rule's. Raises Wrong, or what a lacking key raises.

    drawn: also look at the draw (slower; without it another equally good placement would pass).
    """
    c = Certificate(certificate)
    for step, _, _ in STEPS:
        if not (step is prices and c.lottery) and (drawn or step is not draw or c.lottery):
            step(c)
    return int(number(certificate["cost"]))


def main() -> int:
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            lines = list(check(json.load(file)))
    except (Wrong, LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as wrong:
        lines = [(False, f"证书不完整：{wrong}", f"the certificate is incomplete: {wrong}")]
    for holds, zh, en in lines:
        print(f"{'OK   ' if holds else 'WRONG'} {zh} · {en}")
    return 0 if all(holds for holds, _, _ in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
