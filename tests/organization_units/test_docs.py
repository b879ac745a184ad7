"""The diagrams in the documentation are those of the rows."""

from pathlib import Path

from lianxi.commons.workflow.walk import diagram
from lianxi.organization.members.workflow import WALK as TRANSFER
from lianxi.organization.units.workflow import WALK as TERM


def test_diagrams() -> None:
    text = (Path(__file__).parents[2] / "docs" / "organization.md").read_text()
    for drawn in (diagram(TERM, ["running"]), diagram(TRANSFER, ["requested"])):
        assert drawn in text
