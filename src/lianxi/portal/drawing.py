"""`python -m lianxi.portal.drawing`: draw every walk into its page of the handbook, from its rows."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
HEAD = """# {title}

Drawn from the rows of `{source}` by `python -m lianxi.portal.drawing`; a test holds both together.
Words of the states and steps stand in `terms.py` and in the rows.
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A walk as its page shows it: heading (empty on a page of one walk), states, first states."""

    heading: str
    walk: Any
    states: Any
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of walks. `source`: the file of the rows, from the package."""

    file: str
    title: str
    source: str
    drawings: tuple[Drawing, ...]

    def text(self) -> str:
        """The whole page: each walk as a diagram and as a table of its rows."""
        parts = [HEAD.format(title=self.title, source=self.source)]
        return "\n".join([*parts, *(_drawn(one) for one in self.drawings)])


def pages() -> Iterator[Page]:
    """Every page of walks. Needs Django's apps to be ready."""
    from lianxi.commons.ballotbox import workflow as ballotbox
    from lianxi.commons.ballotbox.terms import State as Poll
    from lianxi.commons.papers import workflow as papers
    from lianxi.commons.papers.terms import State as Import
    from lianxi.delegates.quotas import workflow as quotas
    from lianxi.delegates.quotas.terms import State as Quota
    from lianxi.organization.groups import workflow as groups
    from lianxi.organization.groups.terms import State as Group
    from lianxi.organization.members import workflow as members
    from lianxi.organization.members.terms import TransferState
    from lianxi.organization.units import workflow as units
    from lianxi.organization.units.terms import TermState
    from lianxi.participation.budgets import terms as budget
    from lianxi.participation.budgets import workflow as budgets
    from lianxi.participation.voices import workflow as voices
    from lianxi.participation.voices.terms import State as Voice

    yield Page(
        "voices_walk.md", "The walk of a voice 民情的一路", "participation/voices/workflow.py",
        (Drawing("", voices.WALK, Voice, ("received",)),),
    )  # fmt: skip
    yield Page(
        "budgets_walk.md", "The walks of residents' projects 居民项目的一路", "participation/budgets/workflow.py",
        (
            Drawing("A round 一轮", budgets.WALK, budget.State, ("draft", "counting")),
            Drawing("A proposal 提的项目", budgets.PROPOSALS, budget.ProposalState, ("proposed",)),
            Drawing("An objection 异议", budgets.OBJECTIONS, budget.ObjectionState, ("objection_open",)),
        ),
    )  # fmt: skip
    yield Page(
        "ballotbox_walk.md", "The walk of a secret vote 无记名投票的一路", "commons/ballotbox/workflow.py",
        (Drawing("", ballotbox.WALK, Poll, ("draft",)),),
    )  # fmt: skip
    yield Page(
        "groups_walk.md", "The walk of a round of Party groups 编组的一路", "organization/groups/workflow.py",
        (Drawing("", groups.WALK, Group, ("drafting",)),),
    )  # fmt: skip
    yield Page(
        "organization_walk.md", "The walks of terms and of transfers 任期和组织关系转接的一路",
        "organization/units/workflow.py` and `organization/members/workflow.py",
        (
            Drawing("The term of a committee 任期", units.WALK, TermState, ("running",)),
            Drawing("A transfer 组织关系转接", members.WALK, TransferState, ("requested",)),
        ),
    )  # fmt: skip
    yield Page(
        "imports_walk.md", "The walk of an import 导入的一路", "commons/papers/workflow.py",
        (Drawing("", papers.WALK, Import, ("waiting",)),),
    )  # fmt: skip
    yield Page(
        "quotas_walk.md", "The walk of a seat plan 名额方案的一路", "delegates/quotas/workflow.py",
        (Drawing("", quotas.WALK, Quota, ("quota_drafting",)),),
    )  # fmt: skip


def _drawn(one: Drawing) -> str:
    from lianxi.commons.workflow.walk import diagram

    def words(states: tuple[str, ...]) -> str:
        return "、".join(str(one.states(state).label) for state in states)

    rows = [
        f"| `{row.verb}` | {row.label} | {words(row.source)} | {words(row.targets(row.source[0])) if row.target else '（不变）'} | "
        f"{row.may.label} | {'、'.join(f'`{need.__name__}`' for need in row.needs) or '—'} | {'、'.join(row.told) or '—'} |"
        for row in one.walk.rows
    ]
    heading = f"## {one.heading}\n\n" if one.heading else ""
    table = (
        "| verb | 步骤 | 从 | 到 | 谁可以 | 要满足 | 告诉谁 |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        + "\n".join(rows)
    )
    return f"{heading}```mermaid\n{diagram(one.walk, one.first)}```\n\n{table}\n"


def main() -> None:
    import django

    django.setup()
    for page in pages():
        Path("docs", page.file).write_text(page.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
