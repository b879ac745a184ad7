#!/usr/bin/env python3
"""Check a certificate of equal shares: python verifier.py CERTIFICATE.json [BALLOTS.pb]. Standard library only; whole numbers only.

The rule. Every voter holds the same share. Of the projects whose supporters can bring the cost, the one of the least rate is bought (rate: the
most one point of support pays, divided by the cost); each supporter pays price × points, or all that is left. When nothing can be bought it ends.
Every share is raised by one unit of money as long as the projects so bought cost no more than the budget; then by support, what still fits.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import Any

FORMAT = "lianxi-equal-shares/1"


def number(found: Any) -> Fraction:
    """An integer, "p/q" or a decimal in a string; never a float, never below 0."""
    written = type(found) is str and re.fullmatch(r"\d+(/\d*[1-9]\d*|\.\d+)?", found, re.ASCII)
    if written or (type(found) is int and found >= 0):
        return Fraction(found)
    raise ValueError(f"not a number of at least 0: {found!r}")


class Count:
    """The election of a certificate, scaled to whole numbers."""

    def __init__(self, certificate: dict[str, Any]) -> None:
        election = certificate["election"]
        costs = {key: number(cost) for key, cost in election["projects"]}
        ballots = [(times, {key: number(points) for key, points in ballot}) for times, ballot in election["ballots"]]
        if len(costs) != len(election["projects"]) or any(type(n) is not int or n < 1 for n, _ in ballots):
            raise ValueError("a project given twice, or a count of ballots below 1")
        if any(
            len(b) != len(raw[1]) or not all(b.values())
            for (_, b), raw in zip(ballots, election["ballots"], strict=False)
        ):
            raise ValueError("a ballot names a project twice or with no points")
        budget = number(election["budget"])
        self.money = lcm(*(value.denominator for value in [budget, *costs.values()]))
        self.point = lcm(*(value.denominator for _, ballot in ballots for value in ballot.values()))
        self.budget, self.cost = int(budget * self.money), {key: int(cost * self.money) for key, cost in costs.items()}
        self.times = [times for times, _ in ballots]
        self.voters = sum(self.times)
        self.fans: dict[str, list[tuple[int, int]]] = {key: [] for key in costs}
        for who, (_, ballot) in enumerate(ballots):
            for key, points in ballot.items():
                self.fans[key].append((who, int(points * self.point)))
        self.weight = {key: sum(self.times[who] * points for who, points in fans) for key, fans in self.fans.items()}
        self.by_cost = {"cost": True, "cardinality": False}[certificate["rule"]["utility"]]
        order = {key: place for place, key in enumerate(certificate["order"])}
        if sorted(order) != sorted(costs) or len(order) != len(certificate["order"]):
            raise ValueError("the order does not name every project once")
        self.tie = {key: (-self.weight[key], self.cost[key], order[key]) for key in costs}
        self.able = [key for key in costs if 0 < self.cost[key] <= self.budget and self.weight[key]]

    def price(self, key: str, left: list[int], below: int) -> Fraction | None:
        """Least price at which the supporters bring the cost, or None. `left` is over the common denominator `below`."""
        payers = [(left[who], points, self.times[who]) for who, points in self.fans[key]]
        need, weight = self.cost[key] * below, self.weight[key]
        if sum(had * times for had, _, times in payers) < need:
            return None
        while True:  # whoever has less than the price asks pays all; the others bear the rest
            poor = [one for one in payers if one[0] * weight < need * one[1]]
            if not poor:
                return Fraction(need, weight * below)
            payers = [one for one in payers if one[0] * weight >= need * one[1]]
            need -= sum(had * times for had, _, times in poor)
            weight -= sum(points * times for _, points, times in poor)

    def pay(self, key: str, price: Fraction, left: list[int], below: int) -> tuple[list[int], int]:
        """Balances after a purchase, over a new common denominator."""
        whole = lcm(below, price.denominator)
        each, more = int(price * whole), whole // below
        left = [had * more for had in left]
        for who, points in self.fans[key]:
            left[who] = max(0, left[who] - each * points)
        return left, whole

    def rate(self, key: str, price: Fraction) -> Fraction:
        """What is compared between projects."""
        return price / self.cost[key] if self.by_cost else price

    def least(self) -> dict[str, Fraction]:
        """Rates as if every supporter could pay: no project is ever cheaper."""
        return {key: self.rate(key, Fraction(self.cost[key], self.weight[key])) for key in self.able}

    def run(self, share: Fraction) -> list[str]:
        """Buy until nothing can be bought; rates only rise, so an old one is a lower bound."""
        bought: list[str] = []
        left, below = [share.numerator] * len(self.times), share.denominator
        least = self.least()
        while True:
            best: tuple[Fraction, str, Fraction] | None = None
            for key in sorted(least, key=lambda one: (least[one], self.tie[one])):
                if best and least[key] > best[0]:
                    break
                price = self.price(key, left, below)
                if price is None:
                    del least[key]
                    continue
                least[key] = self.rate(key, price)
                if best is None or (least[key], self.tie[key]) < (best[0], self.tie[best[1]]):
                    best = (least[key], key, price)
            if best is None:
                return bought
            del least[best[1]]
            bought.append(best[1])
            left, below = self.pay(best[1], best[2], left, below)

    def fill(self, bought: list[str]) -> list[str]:
        """By support, then cheaper, then the order: what still fits."""
        left, found = self.budget - sum(self.cost[key] for key in bought), []
        for key in sorted(self.able, key=lambda one: self.tie[one]):
            if key not in bought and self.cost[key] <= left:
                left -= self.cost[key]
                found.append(key)
        return found

    def share(self, extra: Fraction | int) -> Fraction:
        """What each voter holds."""
        return Fraction(self.budget, self.voters) + extra * self.money


def check(
    certificate: dict[str, Any], source: str | None = None, rounds: bool = True
) -> Iterator[tuple[bool, str, str]]:
    """Lines (holds, Chinese, English). Without `rounds` the rounds before the last are not run again."""
    yield certificate["format"] == FORMAT, "格式为" + FORMAT, "the format is " + FORMAT
    count, rule = Count(certificate), certificate["rule"]
    if source is not None:
        same = certificate["input"] in [hashlib.sha256((mark + source).encode()).hexdigest() for mark in ("", "\ufeff")]
        yield same, "选票文件的SHA-256与证书一致", "the ballot file has the SHA-256 of the certificate"
        same = published(source) == published_here(certificate)
        yield (
            same,
            "证书中的项目与选票就是文件中的项目与选票",
            "projects and ballots of the certificate are those of the file",
        )
    units, unit, completion = certificate["units"], number(rule["unit"]), rule["completion"]
    sound = rule["name"] == "equal-shares" and completion in ("none", "add1", "add1u") and unit > 0
    sound = sound and type(units) is int and units >= 0 and (completion != "none" or units == 0)
    yield sound, "规则写得完整", "the rule is complete"
    share = count.share(units * unit) if count.voters else Fraction(0)
    yield (
        number(certificate["share"]) * count.money == share,
        f"每人份额为{certificate['share']}",
        f"each share is {certificate['share']}",
    )
    left, below, least = [share.numerator] * len(count.times), share.denominator, count.least()
    for place, step in enumerate(certificate["steps"], 1):
        key, price = step["project"], number(step["price"]) * count.money / count.point
        good = least.pop(key, None) is not None and count.price(key, left, below) == price
        rate, level = (count.rate(key, price) if good else Fraction(0)), []
        for other in [one for one in least if least[one] <= rate]:
            asked = count.price(other, left, below)
            least[other] = count.rate(other, asked) if asked is not None else rate + 1  # no longer paid
            good = good and least[other] >= rate
            if least[other] == rate:
                level.append(other)
        good = good and sorted(level) == sorted(step.get("tied", []))
        good = good and step.get("tie", "") == broken(count, key, level)
        yield (
            good,
            f"第{place}步：{key}的支持者恰好付清费用，且没有更划算的项目",
            f"step {place}: the supporters of {key} bring exactly its cost, and no project was better value for them",
        )
        if not good:
            return
        left, below = count.pay(key, price, left, below)
    rest = [key for key in least if count.price(key, left, below) is not None]
    yield not rest, "此后没有哪个项目的支持者付得起", "after that no project can be paid by its supporters"
    bought = [step["project"] for step in certificate["steps"]]
    spent = sum(count.cost[key] for key in bought)
    yield spent <= count.budget, "没有超出预算", "the budget is not overspent"
    if completion != "none" and count.voters:
        done = 0  # rounds that neither overspent nor bought everything
        while rounds and done < units and within(count, count.run(count.share(done * unit))):
            done += 1
        yield (
            done == units or not rounds,
            f"份额每次增加{unit}，前{units}次之后都还要再加",
            f"raising the share by {unit}, each of the {units} rounds before called for another",
        )
        if len(bought) == len(count.able):
            yield certificate["stop"] == "everything", "想要的项目都已买下", "everything wanted is bought"
        else:
            more = sum(count.cost[key] for key in count.run(count.share((units + 1) * unit)))
            yield (
                certificate["stop"] == "overspends" and more > count.budget,
                "再增加一次就会超出预算",
                "one more round would overspend",
            )
    else:
        yield certificate["stop"] == "none" and units == 0, "份额不再增加", "shares are not raised"
    then = count.fill(bought) if completion == "add1u" else []
    yield certificate["then"] == then, "余下的钱按支持多少补足", "what is left is spent by support"
    yield (
        certificate["greedy"] == count.fill([]),
        "只按支持多少的结果也相符",
        "the outcome by support alone is right too",
    )
    free = [key for key, cost in count.cost.items() if not cost]
    yield certificate["by_hand"] == free, "不花钱的项目另行决定", "projects that cost nothing are decided by hand"
    total = spent + sum(count.cost[key] for key in certificate["then"])
    yield (
        number(certificate["spent"]) * count.money == total,
        f"共用{certificate['spent']}",
        f"{certificate['spent']} is spent",
    )


def broken(count: Count, key: str, level: list[str]) -> str:
    """What decided between equals: "support", "cost", "order"; "wrong" if another came first."""
    if any(count.tie[other] < count.tie[key] for other in level):
        return "wrong"
    same = [count.tie[other][1] for other in level if count.tie[other][0] == count.tie[key][0]]
    return "" if not level else "support" if not same else "order" if count.cost[key] in same else "cost"


def within(count: Count, bought: list[str]) -> bool:
    """Whether a round calls for another: not overspent, and something wanted is left."""
    return sum(count.cost[key] for key in bought) <= count.budget and len(bought) < len(count.able)


def published_here(certificate: dict[str, Any]) -> tuple[Any, ...]:
    """Budget, projects and ballots of a certificate, comparable."""
    election = certificate["election"]
    ballots: dict[Any, int] = {}
    for times, ballot in election["ballots"]:
        key = tuple(sorted((project, number(points)) for project, points in ballot))
        ballots[key] = ballots.get(key, 0) + times
    return number(election["budget"]), [(key, number(cost)) for key, cost in election["projects"]], ballots


def published(source: str) -> tuple[Any, ...]:
    """The same of a .pb file, read independently."""
    meta: dict[str, str] = {}
    projects: list[dict[str, str]] = []
    votes: list[dict[str, str]] = []
    part, head = "", list[str]()
    for row in csv.reader(io.StringIO(source.lstrip("\ufeff"), newline=""), delimiter=";"):
        row = [cell.strip() for cell in row]
        if row in (["META"], ["PROJECTS"], ["VOTES"]):
            part, head = row[0], []
        elif any(row) and not head:
            head = row
        elif any(row) and part == "META":
            meta[row[0]] = row[1]
        elif any(row):
            (projects if part == "PROJECTS" else votes).append(dict(zip(head, row, strict=False)))
    kind, ballots = meta.get("vote_type", "approval"), dict[Any, int]()
    named = [[key.strip() for key in vote["vote"].split(",") if key.strip()] for vote in votes]
    longest = max(
        [len(keys) for keys in named] + ([int(meta["max_length"])] if "max_length" in meta else []), default=0
    )
    for vote, keys in zip(votes, named, strict=False):
        points = vote["points"].split(",") if kind in ("cumulative", "scoring") else []
        found: dict[str, Fraction] = {}
        for place, key in enumerate(keys):
            found.setdefault(
                key, number(points[place].strip()) if points else Fraction(longest - place if kind == "ordinal" else 1)
            )
        made = tuple(sorted((key, value) for key, value in found.items() if value))
        ballots[made] = ballots.get(made, 0) + 1
    return number(meta["budget"]), [(one["project_id"], number(one["cost"])) for one in projects], ballots


def main(names: list[str]) -> int:
    """Print every line; exit status 0 only if all hold."""
    with open(names[0], encoding="utf-8") as file:
        certificate = json.load(file, parse_float=str)
    source = None
    if len(names) > 1:
        with open(names[1], encoding="utf-8", newline="") as file:
            source = file.read()
    good = True
    try:
        for holds, zh, en in check(certificate, source):
            good = good and holds
            print("✓" if holds else "✗", zh, "·", en)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        good = False
        print("✗ 证书写法不对 · the certificate is malformed:", repr(error))
    print("✓ 全部核验通过 · everything holds" if good else "✗ 核验不通过 · this certificate does not hold")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
