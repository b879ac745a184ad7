#!/usr/bin/env python3
"""Is this apportionment right? One file, Python's standard library alone:  python verifier.py CERTIFICATE [FILE THAT WAS COMPUTED]

It believes nothing that it can work out itself. A table of seats x is best possible if there are divisors r (rows) and c (columns) such that every
cell's quotient weight / (r·c) lies between the signposts x - 1 + p/q and x + p/q (but a cell at its cap may lie above, one at its floor below), and
a column that may have least … most seats has c = 1 in between, c ≤ 1 at its least, c ≥ 1 at its most. Draw unit → trade where a quotient lies on the upper
signpost, trade → unit where it lies on the lower: best tables differ exactly in the cells inside strongly connected components.
(Balinski & Demange 1989; Pukelsheim 2017.) A seat plan is three such steps; see `plan`.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, comb, floor, lcm
from typing import Any

FORMAT = "lianxi-apportionment/1"
PLAN = "lianxi-seat-plan/1"
PROOF = {"format", "seats", "row_divisors", "col_divisors", "unique", "ties", "order", "input", "a", "b", "c"}
STATES = 5000  # ways to share the tied seats of a block are counted while so many states suffice
Line = tuple[bool, str, str]
Cells = set[tuple[int, int]]


def number(found: Any) -> Fraction | int:
    """An integer, or a text such as "12", "0.35", "3/10". Nothing else: a float is not exact."""
    if type(found) is int:
        return found
    if isinstance(found, bool) or not isinstance(found, int | str) or len(str(found)) > 4000:
        raise ValueError(f"not an exact number: {found!r}")
    exact = Fraction(found)
    return exact.numerator if exact.denominator == 1 else exact


def whole(found: Any) -> int:
    """A count of seats."""
    if type(found) is not int or found < 0:
        raise ValueError(f"not a count: {found!r}")
    return found


def digest(demand: dict[str, Any]) -> str:
    """SHA-256 of the demand as canonical JSON."""
    text = json.dumps(demand, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Question:
    """A table's demand: weights w, seats of rows R, least and most seats of columns, floors f and caps u (None: none) of cells, first signpost."""

    def __init__(self, w: Any, R: Any, columns: Any, f: Any, u: Any, first: Fraction, names: Any) -> None:
        self.w = [[number(one) for one in line] for line in w]
        self.R = [whole(one) for one in R]
        self.columns = [(whole(low), whole(high)) for low, high in columns]
        height, width = len(self.R), len(self.columns)
        self.f = [[whole(one) for one in line] for line in f] if isinstance(f, list) else [[whole(f)] * width] * height
        none: list[list[int | None]] = [[None] * width] * height
        self.u = none if u is None else [[None if one is None else whole(one) for one in line] for line in u]
        self.first, self.rows, self.cols = first, names[0], names[1]
        shapes = [[len(line) for line in one] for one in (self.w, self.f, self.u)]
        if shapes != [[width] * height] * 3:
            raise ValueError("a table has the wrong shape")
        if len(set(self.rows)) != height or len(set(self.cols)) != width or not 0 < first <= 1:
            raise ValueError("a name is given twice or is missing, or the rounding is not above 0 and up to 1")
        if any(one < 0 for line in self.w for one in line):
            raise ValueError("a weight is negative")


class Proved:
    """What the divisors of a table prove: `wrong` cells (none if it is best), cells that may `gain` or `lose` a seat at no loss."""

    def __init__(self, q: Question, x: list[list[int]], r: list[Fraction | int], c: list[Fraction | int]) -> None:
        self.totals = [sum(line[j] for line in x) for j in range(len(c))]
        if len(x) != len(q.R) or any(len(line) != len(c) for line in x):
            raise ValueError("the seats have the wrong shape")
        self.fits = [sum(line) for line in x] == q.R
        self.fits = self.fits and all(low <= n <= high for n, (low, high) in zip(self.totals, q.columns, strict=True))
        for line, fs, us in zip(x, q.f, q.u, strict=True):
            self.fits = self.fits and all(f <= n for n, f in zip(line, fs, strict=True))
            self.fits = self.fits and all(u is None or n <= u for n, u in zip(line, us, strict=True))
        if len(r) != len(q.R) or len(c) != len(q.columns) or any(one <= 0 for one in (*r, *c)):
            raise ValueError("divisors must be positive, one for each row and column")
        self.wrong: list[tuple[int, int]] = []
        self.gain: Cells = set()
        self.lose: Cells = set()
        a, b = q.first.numerator, q.first.denominator
        parts = [(one.numerator, one.denominator * b) for one in c]
        for i, weights in enumerate(q.w):
            seats, fs, us = x[i], q.f[i], q.u[i]
            top, bottom = r[i].numerator, r[i].denominator
            for j, (weight, n, (cn, cd)) in enumerate(zip(weights, seats, parts, strict=True)):
                left = weight * bottom * cd  # weight · b, against r · c · (signpost · b)
                right = top * cn
                cap = us[j]
                if cap is None or n < cap:
                    upper = right * (n * b + a)
                    if left >= upper:
                        (self.gain.add if left == upper else self.wrong.append)((i, j))
                if n > fs[j]:
                    lower = right * ((n - 1) * b + a)
                    if left <= lower:
                        (self.lose.add if left == lower else self.wrong.append)((i, j))
        self.grows = {j for j, (low, high) in enumerate(q.columns) if self.totals[j] < high}
        self.shrinks = {j for j, (low, high) in enumerate(q.columns) if self.totals[j] > low}
        self.levels = all(c[j] <= 1 for j in self.grows) and all(c[j] >= 1 for j in self.shrinks)
        self.room = [(total - low, high - total) for total, (low, high) in zip(self.totals, q.columns, strict=True)]
        self.grows, self.shrinks = {j for j in self.grows if c[j] == 1}, {j for j in self.shrinks if c[j] == 1}

    def arcs(self, settled: Cells) -> dict[Any, list[Any]]:
        """Which seat may make room for which: (0, row) → (1, column) and back; (2, 0) stands for all columns that may grow or shrink."""
        found: dict[Any, list[Any]] = {}
        for i, j in self.gain - settled:
            found.setdefault((0, i), []).append((1, j))
        for i, j in self.lose - settled:
            found.setdefault((1, j), []).append((0, i))
        for j in self.grows:
            found.setdefault((1, j), []).append((2, 0))
        found[2, 0] = [(1, j) for j in self.shrinks]
        return found

    def blocks(self) -> list[list[Any]]:
        """The ties: [cells, cells that have the seat, number of ways or None], sorted."""
        part = components(self.arcs(set()))
        inside: dict[int, list[tuple[int, int]]] = {}
        for i, j in sorted(self.gain | self.lose):
            if (0, i) in part and part.get((0, i)) == part.get((1, j)):
                inside.setdefault(part[0, i], []).append((i, j))
        return [
            [cells, [one for one in cells if one in self.lose], self.ways(cells)] for cells in sorted(inside.values())
        ]

    def ways(self, cells: list[tuple[int, int]]) -> int | None:
        """In how many ways the seats of a block can lie: row by row, with the sums of the columns as state."""
        cols = sorted({j for _, j in cells})
        sums = [sum((i, j) in self.lose for i, j in cells if j == k) for k in cols]
        low = [n - (self.room[k][0] if k in self.shrinks else 0) for n, k in zip(sums, cols, strict=True)]
        high = [n + (self.room[k][1] if k in self.grows else 0) for n, k in zip(sums, cols, strict=True)]
        states = {(0,) * len(cols): 1}
        for row in sorted({i for i, _ in cells}):
            step = {(state, sum((i, j) in self.lose for i, j in cells if i == row)): n for state, n in states.items()}
            for at in (cols.index(j) for i, j in cells if i == row):
                fresh = dict(step)
                for (state, left), n in step.items():
                    if left and state[at] < high[at]:
                        key = (*state[:at], state[at] + 1, *state[at + 1 :]), left - 1
                        fresh[key] = fresh.get(key, 0) + n
                step = fresh
                if len(step) > STATES:
                    return None
            states = {state: n for (state, left), n in step.items() if not left}
        return sum(n for state, n in states.items() if all(one <= two for one, two in zip(low, state, strict=True)))

    def first_by(self, order: list[tuple[int, int]]) -> bool:
        """Whether each cell, in this order, has its open seat unless those before it leave no way to give it one."""
        settled: Cells = set()
        for i, j in order:
            settled.add((i, j))
            if (i, j) in self.gain:
                arcs = self.arcs(settled)
                seen, ahead = {(1, j)}, [(1, j)]
                while ahead:
                    for near in arcs.get(ahead.pop(), ()):
                        if near == (0, i):
                            return False
                        if near not in seen:
                            seen.add(near)
                            ahead.append(near)
        return True


def components(arcs: dict[Any, list[Any]]) -> dict[Any, int]:
    """Strongly connected components: two searches, forwards and back (Kosaraju)."""
    back: dict[Any, list[Any]] = {}
    for one, others in arcs.items():
        for other in others:
            back.setdefault(other, []).append(one)
    done: dict[Any, None] = {}
    seen = set()
    for root in arcs:
        work = [(root, False)]
        while work:
            one, left = work.pop()
            if left:
                done[one] = None
            elif one not in seen:
                seen.add(one)
                work += [(one, True), *((near, False) for near in arcs.get(one, ()))]
    part: dict[Any, int] = {}
    for at, root in enumerate(reversed(done)):
        ahead = [root]
        while ahead:
            one = ahead.pop()
            if one not in part:
                part[one] = at
                ahead += back.get(one, ())
    return part


def ranked(
    order: dict[str, Any], cells: list[tuple[int, int]], rows: list[str], cols: list[str]
) -> list[tuple[int, int]]:
    """Tied cells in their public order: by lot, SHA-256 of "seed|unit|trade"; or as voted, what is not listed last."""
    names = [(rows[i], cols[j]) for i, j in cells]
    if order["kind"] == "lot":
        lots = [hashlib.sha256(f"{order['seed']}|{unit}|{trade}".encode()).hexdigest() for unit, trade in names]
        return [cells[at] for at in sorted(range(len(cells)), key=lambda at: (lots[at], at))]
    if order["kind"] != "vote":
        raise ValueError("an order is a vote or a lot")
    listed = [tuple(one) for one in order["listed"]]
    rank = {one: at for at, one in reversed(list(enumerate(listed)))}
    claims = [min(rank.get(one, len(rank)) for one in ((u, t), (u, ""), ("", t), (t, ""))) for u, t in names]
    return [cells[at] for at in sorted(range(len(cells)), key=lambda at: (claims[at], at))]


def ties_hold(told: dict[str, Any], blocks: list[list[Any]], order: Any, holds: bool) -> Iterator[Line]:
    """Lines about ties: exactly those told, and decided by the order if there is one."""
    listed = [
        [
            sorted(tuple(map(whole, cell)) for cell in tie["cells"]),
            whole(tie["open"]),
            tie["solutions"],
            sorted(tie["rows"]),
            sorted(tie["cols"]),
        ]
        for tie in told["ties"]
    ]
    found = [
        [cells, len(held), ways, sorted({i for i, _ in cells}), sorted({j for _, j in cells})]
        for cells, held, ways in blocks
    ]
    right = sorted(listed, key=lambda tie: tie[0]) == found and told["unique"] is (not blocks)
    yield (
        right,
        "并列情况如实列出" if found else "答案唯一",
        "the ties are exactly those listed" if found else "the answer is unique",
    )
    if order is not None and blocks:
        yield holds, "并列席位按公布的顺序决定", "the tied seats follow the published order"


def table(q: Question, told: dict[str, Any], order: Any, name: str = "") -> Iterator[Line]:
    """A table is in its bounds, best possible, and its ties are told."""
    x = [[whole(one) for one in line] for line in told["seats"]]
    proved = Proved(q, x, [number(one) for one in told["row_divisors"]], [number(one) for one in told["col_divisors"]])
    yield proved.fits, f"{name}各项合计与上下限相符", f"{name}totals, least and most seats add up"
    where = (
        "".join(f"；{q.rows[i]}×{q.cols[j]}不符" for i, j in proved.wrong[:1]),
        "".join(f"; not {q.rows[i]} × {q.cols[j]}" for i, j in proved.wrong[:1]),
    )
    right = not proved.wrong and proved.levels
    yield (
        right,
        f"{name}每格的得数都在两个取整界之间：没有更合比例的分法{where[0]}",
        f"{name}every quotient lies between its signposts: no table is better{where[1]}",
    )
    blocks = proved.blocks()
    cells = [cell for block in blocks for cell in block[0]]
    yield from ties_hold(
        told, blocks, order, order is None or proved.first_by(ranked(order, sorted(cells), q.rows, q.cols))
    )


def remainders(q: Question, told: dict[str, Any], order: Any, name: str = "") -> Iterator[Line]:
    """Largest remainders in one row: quotas min(u, max(f, w / divisor)), their whole parts, then the largest remainders."""
    x, divisor = [whole(one) for one in told["seats"][0]], number(told["row_divisors"][0])
    if x == q.f[0] and sum(x) == q.R[0]:
        yield True, f"{name}席位正好等于最少席位之和", f"{name}the seats are just the floors"
        yield from ties_hold(told, [], order, True)
        return
    limits = [(f, f if not w else u) for w, f, u in zip(q.w[0], q.f[0], q.u[0], strict=True)]
    quotas = [max(Fraction(f), Fraction(w) / divisor) for w, (f, _) in zip(q.w[0], limits, strict=True)]
    quotas = [one if u is None else min(Fraction(u), one) for one, (_, u) in zip(quotas, limits, strict=True)]
    up = [n - floor(one) for n, one in zip(x, quotas, strict=True)]
    rest = [one - floor(one) for one in quotas]
    fits = (
        divisor > 0
        and sum(quotas) == sum(x) == q.R[0]
        and len(x) == len(quotas)
        and all(number(one) == 1 for one in told["col_divisors"])
    )
    yield fits, f"{name}应得数合计等于总席位", f"{name}the quotas add up to the seats"
    least, most = (
        min((one for one, n in zip(rest, up, strict=True) if n), default=Fraction(1)),
        max((one for one, n in zip(rest, up, strict=True) if not n), default=Fraction(0)),
    )
    yield (
        set(up) <= {0, 1} and least >= most and least > 0,
        f"{name}余数大者先得",
        f"{name}the largest remainders come first",
    )
    cells = [(0, j) for j, one in enumerate(rest) if one == least] if least == most else []
    held = [cell for cell in cells if up[cell[1]]]
    blocks = [[cells, held, comb(len(cells), len(held))]] if cells else []
    yield from ties_hold(
        told, blocks, order, order is None or set(ranked(order, cells, q.rows, q.cols)[: len(held)]) == set(held)
    )


def totals(q: Question, shares: list[Fraction], told: dict[str, Any], x: list[list[int]], order: Any) -> Iterator[Line]:
    """Step B: the seats of the trades are the best that any table can have.

    Share / divisor rounds to the seats; and where a unit could give a seat of trade j to trade k, the divisor of k is not above that of j. So no exchange
    of seats, through whatever units, gains. With one divisor for all, nothing was skipped.
    """
    t, d = [whole(one) for one in told["seats"]], [number(one) for one in told["divisors"]]
    some = range(len(t))
    fits = [sum(line[j] for line in x) for j in some] == t and all(
        low <= n <= high for n, (low, high) in zip(t, q.columns, strict=True)
    )
    yield fits, "乙 各行业席位与表相符，并在上下限之内", "B: the trades' seats agree with the table and their bounds"
    claim = [shares[j] / (t[j] + q.first) if t[j] < q.columns[j][1] else None for j in some]
    hold = [shares[j] / (t[j] - 1 + q.first) if t[j] > q.columns[j][0] else None for j in some]
    right = (
        all(one > 0 for one in d)
        and all(one is None or one <= d[j] for j, one in enumerate(claim))
        and all(one is None or one >= d[j] for j, one in enumerate(hold))
    )
    step = [[False] * len(t) for _ in t]
    for ws, line, fs, us in zip(q.w, x, q.f, q.u, strict=True):
        take = [k for k, cap in enumerate(us) if ws[k] and (cap is None or line[k] < cap)]
        for j in (j for j in some if line[j] > fs[j]):
            for k in take:
                step[j][k] = True
    right = right and all(d[k] <= d[j] for j in some for k in some if step[j][k] and j != k)
    yield (
        right,
        "乙 得数取整即各行业席位，任何可行的调换都不更合比例",
        "B: the quotients round to the seats, and no exchange that a table allows is better",
    )
    for via in some:
        step = [[step[j][k] or (step[j][via] and step[via][k]) for k in some] for j in some]
    names = q.cols
    told_skips = {one["trade"]: one for one in told["skips"]}
    floor_ = min((one for one in hold if one is not None), default=None)
    needed = {names[k] for k, one in enumerate(claim) if one is not None and floor_ is not None and one > floor_}
    good = needed <= set(told_skips) and len(told_skips) == len(told["skips"])
    for name, one in told_skips.items():
        k, full = names.index(name), {names.index(other) for other in one["full"]}
        here = claim[k]
        rest = [at_hold for j, at_hold in enumerate(hold) if j not in full and at_hold is not None]
        good = good and k in full and one["seat"] == t[k] + 1 and one["have"] == sum(t[j] for j in full)
        good = (
            good
            and not any(step[j][i] for j in some if j not in full for i in full)
            and here is not None
            and any(other <= here for other in rest)
        )
    yield (
        good,
        "乙 跳过的席位确实无处安排" if told_skips else "乙 没有跳过席位",
        "B: the seats skipped could not be placed" if told_skips else "B: no seat was skipped",
    )
    pairs = [
        (j, k) for j in some for k in some if j != k and hold[j] is not None and hold[j] == claim[k] and step[j][k]
    ]
    group = {j: j for pair in pairs for j in pair}
    for _ in pairs:
        for j, k in pairs:
            group[j] = group[k] = min(group[j], group[k])
    blocks = []
    for one in sorted(set(group.values())):
        cells = [(0, j) for j in sorted(group) if group[j] == one]
        held = [cell for cell in cells if any(cell[1] == j for j, _ in pairs)]
        blocks.append([cells, held, len(cells) if len(held) == 1 else None])
    place = {j: at for at, (_, j) in enumerate(ranked(order, [(0, j) for j in some], [""], names))} if order else {}
    yield from ties_hold(told, blocks, order, all(place[j] < place[k] for j, k in pairs) if order else True)


def plan(certificate: dict[str, Any], order: Any) -> Iterator[Line]:
    """The three steps: A units by their measures, B trades by seat-weighted shares, C the table between them. Each is recomputed from the figures."""
    S, counts = whole(certificate["seats"]), [[whole(one) for one in line] for line in certificate["counts"]]
    units, trades = [one[0] for one in certificate["units"]], [one[0] for one in certificate["trades"]]
    claims = [Fraction(0)] * len(units)
    for m, measure in enumerate(("members", "organisations", "population"), 1):
        weight = Fraction(number(certificate["weights"][measure]))
        column = [number(one[m]) for one in certificate["units"]]
        if weight:
            claims = [one + weight * part / sum(column) for one, part in zip(claims, column, strict=True)]
    a, b, c = certificate["a"], certificate["b"], certificate["c"]
    bounds = certificate["unit_bounds"]
    first = Fraction(1) if certificate["rule"] == "dhondt" else Fraction(1, 2)
    asked = Question(
        [[str(one) for one in claims]],
        [S],
        [[0, S]] * len(units),
        [[low for low, _ in bounds]],
        [[high for _, high in bounds]],
        first,
        ([""], units),
    )
    one_row = {**a, "seats": [a["seats"]], "row_divisors": [a["divisor"]], "col_divisors": [1] * len(units)}
    yield from (remainders if certificate["rule"] == "hamilton" else table)(asked, one_row, order, "甲 ")
    base = lcm(*(sum(line) or 1 for line in counts))
    shares = [
        Fraction(
            sum(n * line[j] * (base // (sum(line) or 1)) for n, line in zip(a["seats"], counts, strict=True)), base
        )
        for j in range(len(trades))
    ]
    limits = [[ceil(number(low) * S), floor(min(number(high), 1) * S)] for _, low, high in certificate["trades"]]
    rounding = Fraction(*certificate["rounding"])
    cells = certificate["cell_floor"], certificate["cell_cap"]
    yield from totals(
        Question(counts, a["seats"], limits, *cells, rounding, (units, trades)), shares, b, c["seats"], order
    )
    yield from table(
        Question(counts, a["seats"], [[n, n] for n in b["seats"]], *cells, rounding, (units, trades)), c, order, "丙 "
    )


def agrees(certificate: dict[str, Any], source: str) -> bool:
    """Whether the file that was computed asks what the certificate answers, as far as it says so."""
    asked = json.loads(source)
    if certificate["format"] == PLAN:
        units = [
            [one["code"], *(number(one.get(m, 0)) for m in ("members", "organisations", "population"))]
            for one in asked["units"]
        ]
        counts = [[one.get("trades", {}).get(trade[0], 0) for trade in certificate["trades"]] for one in asked["units"]]
        told = [[one[0], *map(number, one[1:])] for one in certificate["units"]]
        return units == told and counts == certificate["counts"] and asked["seats"] == certificate["seats"]
    weights = asked.get("votes", asked.get("weights"))
    same = [[number(one) for one in line] for line in weights] == [
        [number(one) for one in line] for line in certificate["weights"]
    ]
    same = same and asked["row_seats"] == certificate["row_seats"]
    if asked.get("col_seats") is None:
        return same
    return (
        same
        and [one if isinstance(one, list) else [one, one] for one in asked["col_seats"]] == certificate["col_seats"]
    )


def check(certificate: dict[str, Any], source: str | None = None) -> Iterator[Line]:
    """Check a certificate; one line for each thing: whether it holds, what in Chinese, what in English.

    A certificate that lacks something raises KeyError, TypeError or ValueError.
    """
    demand = {
        key: one
        for key, one in certificate.items()
        if key not in PROOF or (key == "seats" and certificate["format"] == PLAN)
    }
    yield certificate["input"] == digest(demand), "题目与其校验值相符", "the demand agrees with its SHA-256"
    if source is not None:
        yield (
            agrees(certificate, source),
            "题目与计算所用的文件相符",
            "the demand agrees with the file that was computed",
        )
    order = certificate["order"]
    if certificate["format"] == PLAN:
        yield from plan(certificate, order)
        return
    if certificate["format"] != FORMAT:
        raise ValueError(f"unknown format {certificate['format']!r}")
    names = certificate["codes"]["rows"], certificate["codes"]["cols"]
    q = Question(
        certificate["weights"],
        certificate["row_seats"],
        certificate["col_seats"],
        certificate["floor"],
        certificate["cap"],
        Fraction(*certificate["rounding"]),
        names,
    )
    if certificate.get("rule", "divisor") == "hamilton":
        if len(q.R) != 1:
            raise ValueError("largest remainders have one row")
        yield from remainders(q, certificate, order)
    else:
        yield from table(q, certificate, order)


def main(paths: list[str]) -> int:
    """Check files; exit status 0 only if everything holds."""
    if not 1 <= len(paths) <= 2:
        print("python verifier.py CERTIFICATE [FILE]", file=sys.stderr)
        return 2
    try:
        texts = []
        for path in paths:
            with open(path, encoding="utf-8-sig") as file:
                texts.append(file.read())
        lines = list(check(json.loads(texts[0]), texts[1] if len(texts) > 1 else None))
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        lines = [
            (False, f"证书不完整或写法不对（{error!r}）", f"the certificate is incomplete or malformed ({error!r})")
        ]
    for holds, chinese, english in lines:
        print(f"{'✓' if holds else '✗'} {chinese}\n  {english}")
    return 0 if all(holds for holds, _, _ in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
