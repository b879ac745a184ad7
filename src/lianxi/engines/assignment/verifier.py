"""Check a placement of members into groups (format lianxi-assignment/1). Standard library alone: run this file by itself.

    python verifier.py CERTIFICATE.json

What is checked: every member stands in one group that may be entered, designations and sizes are kept, the weights are
those of the rule, cost and profile add up; and that no placement costs less: with a price on each group, every member pays
at least the cheapest cost + price over the groups open to him or her, so every placement costs at least
    sum over members of that least, less the sum over groups of (hi × price if price > 0, lo × price if price < 0).
The certificate's own cost must equal this bound.
"""

from __future__ import annotations

import json
import sys
from typing import Any


class Wrong(Exception):
    """The certificate does not prove its placement; the text says what is wrong."""


def need(true: object, text: str) -> None:
    if not true:
        raise Wrong(text)


def whole(value: Any) -> int:
    """A whole number, as such or as text."""
    if isinstance(value, str) and value.lstrip("-").isdecimal() and value.isascii():
        return int(value)
    need(type(value) is int, f"{value!r} is not a whole number")
    return int(value)


def weights_of(rule: str, ranks: int, base: int) -> list[int]:
    if rule == "greedy-max":
        return [0, *(base ** (ranks - 1) - base ** (ranks - k) for k in range(1, ranks + 1)), base**ranks]
    if rule == "generous":
        return [0, *(base ** (k - 1) - 1 for k in range(1, ranks + 1)), base**ranks - 1]
    need(rule in ("linear", "lottery"), f"unknown rule {rule!r}")
    return [0, *range(ranks), ranks]


def verify(certificate: dict[str, Any]) -> int:
    """Raise Wrong unless the certificate proves its placement; return its cost."""
    c = certificate
    need(c["format"] == "lianxi-assignment/1", "unknown format")
    groups, members, where = c["groups"], c["members"], c["placement"]
    closed, ranks = set(c.get("closed", ())), c["ranks"]
    need(where.keys() == members.keys(), "not every member is placed exactly once")
    areas: dict[str, list[str]] = {}
    for g, group in groups.items():
        need(0 <= group["lo"] <= group["hi"], f"group {g}: sizes")
        if g not in closed:
            areas.setdefault(group["area"], []).append(g)
    weights = [whole(w) for w in c["weights"]]
    base = max(map(len, areas.values()), default=0) + 1
    need(weights == weights_of(c["rule"], ranks, base), "the weights are not those of the rule")
    size, profile = dict.fromkeys(groups, 0), [0] * (ranks + 2)
    for m, member in members.items():
        g, wishes = where[m], member["wishes"]
        need(g in groups and g not in closed and g not in member.get("barred", ()), f"member {m}: may not enter {g}")
        need(len(set(wishes)) == len(wishes) <= ranks, f"member {m}: wishes")
        size[g] += 1
        if "fixed" in member:
            need(g == member["fixed"], f"member {m}: designated elsewhere")
            profile[0] += 1
        else:
            need(groups[g]["area"] == member["area"], f"member {m}: another area")
            profile[wishes.index(g) + 1 if g in wishes else ranks + 1] += 1
    for g, group in groups.items():
        need((g in closed and not size[g]) or group["lo"] <= size[g] <= group["hi"], f"group {g}: {size[g]} members")
    need(profile == c["profile"], "the profile does not add up")
    cost = sum(n * w for n, w in zip(profile, weights, strict=True))
    need(cost == whole(c["cost"]), "the cost does not add up")
    if c["rule"] != "lottery":
        need(bound(groups, members, closed, areas, weights, c["prices"]) == cost, "the prices do not prove the cost")
    return cost


def bound(
    groups: Any, members: Any, closed: set[str], areas: dict[str, list[str]], weights: list[int], prices: Any
) -> int:
    """What every placement costs at least."""
    need(prices.keys() == groups.keys(), "a price for each group")
    price = {g: whole(p) for g, p in prices.items()}
    total = 0
    for g, group in groups.items():
        if g not in closed:
            total -= (group["hi"] if price[g] > 0 else group["lo"]) * price[g]
    pool = {a: min(price[g] for g in gs) for a, gs in areas.items()}
    for member in members.values():
        if "fixed" in member:
            total += price[member["fixed"]]
            continue
        barred = set(member.get("barred", ()))
        rest = min(price[g] for g in areas[member["area"]] if g not in barred) if barred else pool[member["area"]]
        total += min(
            [weights[-1] + rest]
            + [weights[i + 1] + price[g] for i, g in enumerate(member["wishes"]) if g not in closed]
        )
    return total


def main() -> int:
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            cost = verify(json.load(file))
    except (Wrong, KeyError, TypeError, ValueError, AttributeError) as wrong:
        print(f"WRONG: {wrong}")
        return 1
    print(f"OK: no placement costs less than {cost}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
