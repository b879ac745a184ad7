"""Reading and writing Pabulib `.pb` files: sections META, PROJECTS, VOTES, columns parted by semicolons. https://pabulib.org/format

Stolicki, Szufa, Talmon, Pabulib: A Participatory Budgeting Library, arXiv:2012.06539.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .election import BadElection, Election, Number, Project

TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot: who (a number, never a name), points by project, further columns as they stand."""

    voter: str
    points: Mapping[str, Number]
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """A whole file. `doubled`: lines where a ballot names a project twice, with the project; it counts once."""

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    votes: tuple[Vote, ...]
    doubled: tuple[tuple[int, str], ...] = ()

    @property
    def budget(self) -> Number:
        """The money there is."""
        return _plain(Fraction(self.meta["budget"]))

    def election(self) -> Election:
        """The election, ballots merged."""
        return Election.of(self.budget, self.projects, (vote.points for vote in self.votes))


def read(text: str) -> PabulibFile:
    """Read a file.

    An ordinal ballot gives K points to its first project, K-1 to the second …, K the longest ballot allowed (`max_length`) or found (Borda).

    Raises:
        BadElection: with line and column, for anything missing, doubled, negative, not a number, unknown, or wrongly counted.
    """
    meta: dict[str, str] = {}
    places: dict[str, int] = {}
    projects: dict[str, Project] = {}
    votes: list[tuple[int, dict[str, str]]] = []
    section = ""
    header: list[str] = []
    for line, row in _rows(text):
        name = row[0].strip().upper() if len(row) == 1 else ""
        if name in ("META", "PROJECTS", "VOTES"):
            section, header = name, []
        elif not section:
            raise BadElection("文件须以META开头。", "the file must begin with META.", line=line)
        elif not header:
            header = _header(section, [cell.strip() for cell in row], line)
        elif section == "META":
            if row[0] in meta:
                raise BadElection(f"{row[0]}出现了两次。", f"{row[0]} is given twice.", line=line)
            meta[row[0].strip()] = row[1].strip() if len(row) > 1 else ""
            places[row[0].strip()] = line
        elif section == "PROJECTS":
            project = _project(header, row, line)
            if project.key in projects:
                raise BadElection(
                    f"项目编号{project.key}出现了两次。",
                    f"the project {project.key} is given twice.",
                    line=line,
                    column=1,
                )
            projects[project.key] = project
        else:
            votes.append((line, dict(zip(header, (cell.strip() for cell in row), strict=False))))
    return _whole(meta, places, projects, votes)


def write(file: PabulibFile) -> str:
    """The file as text; reading it again gives the same election. Names may hold semicolons, quotes and line ends."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    kind = file.meta.get("vote_type", "approval")
    meta = {**file.meta, "num_projects": str(len(file.projects)), "num_votes": str(len(file.votes)), "budget": _said(file.budget), "vote_type": kind}  # fmt: skip
    out.write("META\n")
    rows.writerow(["key", "value"])
    rows.writerows(meta.items())
    out.write("PROJECTS\n")
    extra = list(dict.fromkeys(name for project in file.projects for name in project.fields))
    rows.writerow(["project_id", "cost", "name", *extra])
    for project in file.projects:
        rows.writerow(
            [project.key, _said(project.cost), project.name, *(project.fields.get(name, "") for name in extra)]
        )
    out.write("VOTES\n")
    own = list(dict.fromkeys(name for vote in file.votes for name in vote.fields))
    pointed = kind in ("cumulative", "scoring")
    rows.writerow(["voter_id", "vote", *(["points"] if pointed else []), *own])
    for vote in file.votes:
        given = (
            sorted(vote.points.items(), key=lambda pair: -pair[1]) if kind == "ordinal" else list(vote.points.items())
        )
        cells = [vote.voter, ",".join(key for key, _ in given)]
        if pointed:
            cells.append(",".join(_said(points) for _, points in given))
        rows.writerow([*cells, *(vote.fields.get(name, "") for name in own)])
    return out.getvalue()


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    if "\0" in text:
        raise BadElection(
            "文件含有空字符。", "the file holds a null character.", line=text.count("\n", 0, text.index("\0")) + 1
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise BadElection("这一行读不通。", f"this line cannot be read ({error}).", line=reader.line_num) from None


def _header(section: str, header: list[str], line: int) -> list[str]:
    needed = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}[section]
    for name in needed:
        if name not in header:
            raise BadElection(f"{section}缺少{name}一列。", f"{section} has no column {name}.", line=line)
    for column, name in enumerate(header, 1):
        if name in header[: column - 1]:
            raise BadElection(f"{name}一列出现了两次。", f"the column {name} is given twice.", line=line, column=column)
    return header


def _project(header: list[str], row: list[str], line: int) -> Project:
    cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
    key = cells.pop("project_id", "")
    if not key or "," in key:
        raise BadElection("项目缺少编号，或编号含有逗号。", "a project without a key, or with a comma in it.", line=line, column=header.index("project_id") + 1)  # fmt: skip
    cost = _number(
        cells.pop("cost", ""), line, header.index("cost") + 1, f"项目{key}的费用", f"the cost of project {key}"
    )
    return Project(key, cost, cells.pop("name", ""), {k: v for k, v in cells.items() if v})


def _number(text: str, line: int, column: int | None, zh: str, en: str) -> Number:
    if not text:
        raise BadElection(f"缺少{zh}。", f"{en} is missing.", line=line, column=column)
    if not _NUMBER.fullmatch(text):
        raise BadElection(
            f"{zh}“{text[:40]}”不是数。", f"{en}, {text[:40]!r}, is not a number.", line=line, column=column
        )
    if text.startswith("-") and Fraction(text):
        raise BadElection(f"{zh}{text}小于0。", f"{en}, {text}, is below 0.", line=line, column=column)
    return _plain(Fraction(text))


def _whole(
    meta: dict[str, str],
    places: dict[str, int],
    projects: dict[str, Project],
    votes: list[tuple[int, dict[str, str]]],
) -> PabulibFile:
    if "budget" not in meta:
        raise BadElection("META缺少budget。", "META has no budget.")
    _number(meta["budget"], places["budget"], 2, "预算budget", "the budget")
    kind = meta.get("vote_type", "approval")
    if kind not in TYPES:
        raise BadElection(
            f"不认识选票类型{kind}。", f"the vote_type {kind} is not known.", line=places["vote_type"], column=2
        )
    for name, found in (("num_projects", len(projects)), ("num_votes", len(votes))):
        if name in meta and meta[name] != str(found):
            raise BadElection(
                f"{name}写的是{meta[name]}，文件中有{found}。",
                f"{name} says {meta[name]}, the file holds {found}.",
                line=places[name],
                column=2,
            )
    longest = max((len([k for k in cells.get("vote", "").split(",") if k.strip()]) for _, cells in votes), default=0)
    if kind == "ordinal" and meta.get("max_length", "").isdecimal():
        longest = max(longest, int(meta["max_length"][:9]))
    read_votes: dict[str, Vote] = {}
    doubled: list[tuple[int, str]] = []
    for line, cells in votes:
        voter = cells.pop("voter_id")
        if voter in read_votes:
            raise BadElection(f"投票人{voter}出现了两次。", f"the voter {voter} is given twice.", line=line, column=1)
        read_votes[voter] = Vote(voter, _points(kind, cells, projects, line, longest, doubled), cells)
    return PabulibFile(meta, tuple(projects.values()), tuple(read_votes.values()), tuple(doubled))


def _points(
    kind: str,
    cells: dict[str, str],
    projects: Mapping[str, Project],
    line: int,
    longest: int,
    doubled: list[tuple[int, str]],
) -> dict[str, Number]:
    keys = [key for key in (one.strip() for one in cells.pop("vote", "").split(",")) if key]
    given: list[Number] = [1] * len(keys)
    if kind in ("cumulative", "scoring"):
        said = [one.strip() for one in cells.pop("points", "").split(",") if one.strip()]
        if len(said) != len(keys):
            raise BadElection(
                f"选票有{len(keys)}个项目、{len(said)}个分数。",
                f"the ballot names {len(keys)} projects and {len(said)} points.",
                line=line,
            )
        given = [
            _number(one, line, None, f"给{key}的分数", f"the points for {key}")
            for key, one in zip(keys, said, strict=True)
        ]
    elif kind == "ordinal":
        given = [longest - place for place in range(len(keys))]
    found: dict[str, Number] = {}
    for key, points in zip(keys, given, strict=True):
        if key not in projects:
            raise BadElection(
                f"选票上的项目{key}不存在。", f"there is no project {key}, named on this ballot.", line=line
            )
        if key in found:
            doubled.append((line, key))
        else:
            found[key] = points
    if kind == "choose-1" and len(found) > 1:
        raise BadElection("选票只能选一个项目。", "this ballot may name one project only.", line=line)
    return found


def _plain(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


def _said(number: Number) -> str:
    """A number as a `.pb` file writes it: decimals where they end, else a fraction is refused by the reader, so it is never produced."""
    made = Fraction(number)
    if made.denominator == 1:
        return str(made.numerator)
    digits = 0
    while (made * 10**digits).denominator != 1:
        digits += 1
        if digits > 30:
            raise BadElection(f"{number}不能写成小数。", f"{number} cannot be written as a decimal.")
    text = str((made * 10**digits).numerator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}"
