"""`rule()` and `Check`: what the rest of the house calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .book import Rule, book

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from lianxi.commons.units.models import Unit


def rule(rule_id: str, *, on: dt.date, at: Unit | None = None) -> Rule:
    """The rule in force on a day; with `at`, its figures as that unit uses them (nearest local figure upward).

    Without `at` a look-up in memory, with `at` one query. Raises UnknownRule: unknown id, or a day before the rule.
    """
    found = book().rule(rule_id, on)
    if at is None:
        return found
    from .queries import as_used

    return as_used(found, on=on, at=at)


@dataclass(frozen=True, slots=True)
class Check:
    """What a guard returns, a refusal carries, a page prints: what the rule requires, what was found, if it holds.

    `label` names the check on a page (答复三项写全); without it the rule's title does.
    """

    rule: Rule
    required: _StrOrPromise
    found: _StrOrPromise
    passed: bool
    label: _StrOrPromise = ""

    @property
    def title(self) -> str:
        return str(self.label) or self.rule.title

    @property
    def citation(self) -> str:
        return self.rule.citation

    @property
    def url(self) -> str:
        return self.rule.url

    def __str__(self) -> str:
        """《信访工作条例》第30条：须主办单位不是被反映方，现是被反映方"""
        from django.utils.translation import gettext as _

        return _("%(citation)s：须%(required)s，现%(found)s") % {
            "citation": self.citation,
            "required": self.required,
            "found": self.found,
        }


_USES: dict[str, list[_StrOrPromise]] = {}

Guard = TypeVar("Guard", bound=Callable[..., Any])


def applies(*rule_ids: str, where: _StrOrPromise) -> Callable[[Guard], Guard]:
    """Say where a rule is applied, so that its page can tell: `@applies("X-11", where=_("民情办结期限"))` over a
    function, or called as it stands beside a table. Raises UnknownRule for an id that the book has not.
    """
    for rule_id in rule_ids:
        book().history(rule_id)
        if where not in (known := _USES.setdefault(rule_id, [])):
            known.append(where)

    def same(function: Guard) -> Guard:
        return function

    return same


def uses(rule_id: str) -> tuple[_StrOrPromise, ...]:
    """Where the house applies a rule, in words, in the order in which the apps were loaded."""
    return tuple(_USES.get(rule_id, ()))
