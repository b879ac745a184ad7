"""What a participatory budget election is: a budget, projects with costs, ballots with points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

Number = int | Fraction


class BadElection(ValueError):
    """An election that cannot be computed: one sentence in Chinese and in English, with the place in the file if there is one."""

    def __init__(self, zh: str, en: str, *, line: int | None = None, column: int | None = None) -> None:
        zh, en = _one_line(zh), _one_line(en)
        if line is not None:
            zh = f"第{line}行{f'第{column}列' if column else ''}：{zh}"
            en = f"line {line}{f', column {column}' if column else ''}: {en}"
        super().__init__(en)
        self.zh, self.en, self.line, self.column = zh, en, line, column


def _one_line(text: str) -> str:
    """A sentence that quotes a file stays one line, and short: a quotation mark left open makes the rest of the file one value."""
    found = " ".join(text.split())
    return found if len(found) <= 300 else f"{found[:200]}…{found[-60:]}"


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its key, its cost in units of money (≥ 0; 0 is decided by hand), its name, further columns as published."""

    key: str
    cost: Number
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Election:
    """Projects in published order, and ballots merged: how many voters gave exactly these points.

    Attributes:
        budget: money there is, ≥ 0.
        projects: in published order, keys unique.
        ballots: points by project key (> 0 each; approval: 1) → number of voters. The empty ballot counts as a voter.
    """

    budget: Number
    projects: tuple[Project, ...]
    ballots: Mapping[tuple[tuple[str, Number], ...], int]

    @classmethod
    def of(cls, budget: Number, projects: Sequence[Project], ballots: Iterable[Mapping[str, Number]]) -> Election:
        """Merge identical ballots.

        Raises:
            BadElection: a budget or cost below 0, a key given twice, points below 0, or points for a project that is not there.
        """
        place = {project.key: number for number, project in enumerate(projects)}
        if budget < 0:
            raise BadElection(f"预算{budget}小于0。", f"the budget {budget} is below 0.")
        if len(place) < len(projects):
            seen: set[str] = set()
            twice = next(p.key for p in projects if p.key in seen or seen.add(p.key))  # type: ignore[func-returns-value]
            raise BadElection(f"项目编号{twice}出现了两次。", f"the project {twice} is given twice.")
        for project in projects:
            if project.cost < 0:
                raise BadElection(
                    f"项目{project.key}的费用{project.cost}小于0。",
                    f"the cost {project.cost} of project {project.key} is below 0.",
                )
        merged: dict[tuple[tuple[str, Number], ...], int] = {}
        for ballot in ballots:
            for key, points in ballot.items():
                if key not in place:
                    raise BadElection(f"选票上的项目{key}不存在。", f"there is no project {key}, named on a ballot.")
                if points < 0:
                    raise BadElection(
                        f"选票给项目{key}的分数{points}小于0。", f"a ballot gives {points} points, below 0, to {key}."
                    )
            made = tuple(sorted(((k, p) for k, p in ballot.items() if p), key=lambda pair: place[pair[0]]))
            merged[made] = merged.get(made, 0) + 1
        return cls(budget, tuple(projects), merged)

    @property
    def voters(self) -> int:
        """How many voted, empty ballots included."""
        return sum(self.ballots.values())

    def support(self) -> dict[str, Number]:
        """Points by project, all voters together (approval: number of supporters)."""
        found: dict[str, Number] = {project.key: 0 for project in self.projects}
        for ballot, count in self.ballots.items():
            for key, points in ballot:
                found[key] += points * count
        return found


class Tally:
    """An election in whole numbers: costs, budget and points scaled up, projects and merged ballots by number.

    `money` and `point` are the factors: a scaled cost is cost × money, scaled points are points × point.
    """

    def __init__(self, election: Election, order: Sequence[str] | None = None) -> None:
        costs = [project.cost for project in election.projects]
        self.money = lcm(*(Fraction(c).denominator for c in [election.budget, *costs]))
        self.point = lcm(*(Fraction(p).denominator for ballot in election.ballots for _, p in ballot))
        self.keys = [project.key for project in election.projects]
        self.cost = [int(cost * self.money) for cost in costs]
        self.budget = int(election.budget * self.money)
        self.count = list(election.ballots.values())
        self.voters = sum(self.count)
        number = {key: place for place, key in enumerate(self.keys)}
        self.supporters: list[list[tuple[int, int]]] = [[] for _ in self.keys]
        for group, ballot in enumerate(election.ballots):
            for key, points in ballot:
                self.supporters[number[key]].append((group, int(points * self.point)))
        self.weight = [sum(self.count[g] * s for g, s in group) for group in self.supporters]
        ranks = {key: rank for rank, key in enumerate(order)} if order else number
        self.tie = [(-self.weight[p], self.cost[p], ranks[key]) for p, key in enumerate(self.keys)]

    def share(self, extra: Number) -> Fraction:
        """Scaled money of one voter: the budget divided equally, and `extra` (unscaled) more for each."""
        return Fraction(self.budget, self.voters) + Fraction(extra) * self.money if self.voters else Fraction(0)
