"""Days of a committee's term, from the rulebook (E-01 to E-04)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from lianxi.commons.rulebook import Rule, applies, book, rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .terms import ELECTED, Sector

_FIGURE = {
    UnitKind.COMMITTEE: "committee_years",
    UnitKind.COMMUNITY: "community_years",
    UnitKind.GENERAL_BRANCH: "general_branch_years",
    UnitKind.BRANCH: "branch_years",
    UnitKind.JOINT_BRANCH: "branch_years",
}
_OF_COMMUNITIES = frozenset({Sector.COMMUNITY, Sector.RETIRED, ""})


def shifted(day: dt.date, *, years: int = 0, months: int = 0) -> dt.date:
    """The day so many years and months later (or earlier); the last day of the month where it has no such day."""
    month = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(month, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


@applies("E-01", where=_("任期"))
def term_length(body: Unit, *, on: dt.date, sector: str = "", in_community: bool = False) -> tuple[Rule, int] | None:
    """Rule and years of a term of this body that begins on that day; None for a body that is not elected.

    `sector`: of the body's profile; `in_community`: whether it lies below a community's committee. A firm's branch below
    a community keeps the three years of its kind; a branch of the community itself has five.
    """
    if body.kind not in ELECTED:
        return None
    law = rule("E-01", on=max(on, _first("E-01")))
    figure = _FIGURE[UnitKind(body.kind)]
    if in_community and sector in _OF_COMMUNITIES:
        figure = "community_years"
    return law, int(law.parameter(figure).value)


def _first(rule_id: str) -> dt.date:
    """The day from which the book has the rule: a term that began before is measured by its first edition."""
    return min(one.since for one in book().history(rule_id))


def lead_months(*, on: dt.date) -> int:
    """How long before the end the higher organisation reminds (E-03)."""
    return int(rule("E-03", on=on).value)


def remind_from(due: dt.date, *, on: dt.date) -> dt.date:
    """The day from which a term that ends on `due` is to be reminded of."""
    return shifted(due, months=-lead_months(on=on))


def days_over(due: dt.date, *, on: dt.date) -> int:
    """Days since the term is over; 0 or less while it lasts."""
    return (on - due).days
