"""`python -m lianxi.portal.drawing`: draw the walk of a voice into docs/voices_walk.md from its rows."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
HEAD = """# The walk of a voice 民情的一路

Drawn from the rows of `participation/voices/workflow.py` by `python -m lianxi.portal.drawing`; a test holds both together.
Words of the states and steps stand in `terms.py` and in the rows.

"""


def text() -> str:
    """The whole page: the diagram, and the rows as a table."""
    from lianxi.commons.workflow.walk import diagram
    from lianxi.participation.voices.terms import State
    from lianxi.participation.voices.workflow import WALK

    rows = [
        f"| `{row.verb}` | {row.label} | {'、'.join(str(State(s).label) for s in row.source)} | "
        f"{'、'.join(str(State(t).label) for t in row.targets(row.source[0])) if row.target else '（不变）'} | {row.may.label} | "
        f"{'、'.join(f'`{need.__name__}`' for need in row.needs) or '—'} | {'、'.join(row.told) or '—'} |"
        for row in WALK.rows
    ]
    table = (
        "| verb | 步骤 | 从 | 到 | 谁可以 | 要满足 | 告诉谁 |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        + "\n".join(rows)
    )
    return f"{HEAD}```mermaid\n{diagram(WALK, ['received'])}```\n\n{table}\n"


def main() -> None:
    import django

    django.setup()
    Path("docs/voices_walk.md").write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
