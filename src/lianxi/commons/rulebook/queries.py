"""Reads: the figures as a unit uses them, and what the pages show."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit

from . import policies
from .book import Figure, Regulation, Rule, book
from .checks import uses
from .models import Confirmation, LocalRule, RefusedChange
from .terms import MECHANISMS

PAGE = 60
"""Rows of one page of the list."""


def in_force(on: dt.date) -> Q:
    """The local figures that hold on a day."""
    return (Q(until=None) | Q(until__gte=on)) & Q(since__lte=on)


def as_used(rule: Rule, *, on: dt.date, at: Unit) -> Rule:
    """The rule with the figures that a unit uses on a day: of each figure the nearest local one upward. One query.

    A local figure outside the bounds of this edition does not count: an amended rule is stronger than an old choice.
    """
    return all_as_used([rule], on=on, at=at)[0]


def all_as_used(rules: Sequence[Rule], *, on: dt.date, at: Unit | str) -> list[Rule]:
    """Several rules as one unit uses them, in their order. One query. `at`: the unit, or its path where that is at hand."""
    path = at if isinstance(at, str) else at.path
    way = [int(key) for key in path.split(".") if key]
    found = LocalRule.objects.filter(in_force(on), rule_id__in=[one.id for one in rules], unit__in=way).order_by(
        "since"
    )
    ordered = sorted(found, key=lambda one: way.index(one.unit_id))
    return [_with(rule, [one for one in ordered if one.rule_id == rule.id]) for rule in rules]


def _with(rule: Rule, locals_: Iterable[LocalRule]) -> Rule:
    nearest = {
        one.parameter: one
        for one in locals_
        if one.parameter in rule.figures and rule.figures[one.parameter].allows(one.value)
    }
    if not nearest:
        return rule
    changed = {name: replace(rule.figures[name], value=one.value, local=one) for name, one in nearest.items()}
    return replace(rule, figures={**rule.figures, **changed})


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of rules is its address: mechanism, source, regulation, words, the day, the page."""

    on: dt.date
    mechanism: str = ""
    source: str = ""
    regulation: str = ""
    q: str = ""
    page: int = 1


SOURCES = ("read", "unconfirmed", "elsewhere", "own")
"""Groups of the source filter: text read, to be confirmed, another place's rule, this street's."""


def source_of(rule: Rule) -> str:
    if rule.shown == "own":
        return "own"
    if rule.shown == "L":
        return "elsewhere"
    return "read" if rule.shown == "S" else "unconfirmed"


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def counted(rules: Iterable[Rule]) -> dict[str, int]:
    """How many of each mechanism, in the order of the tabs."""
    found = Counter(one.mechanism for one in rules)
    return {name: found[name] for name in MECHANISMS}


def _matches(rule: Rule, words: Sequence[str]) -> bool:
    text = plain(
        " ".join(
            (rule.id, rule.titled.zh, rule.titled.en, rule.words.zh, rule.words.en, rule.law.name.zh, rule.law.name.en)
        )
    )
    return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list. `counts` are by mechanism, of what the other filters leave."""

    rows: tuple[Rule, ...]
    total: int
    first: int
    more: bool
    counts: dict[str, int]
    regulations: tuple[Regulation, ...]
    locals: dict[str, int]


def _found(asked: Asked) -> tuple[Rule, ...]:
    words = plain(asked.q).split()
    return tuple(
        one
        for one in book().on(asked.on)
        if (not asked.mechanism or one.mechanism == asked.mechanism)
        and (not asked.source or source_of(one) == asked.source)
        and (not asked.regulation or one.law.slug == asked.regulation)
        and (not words or _matches(one, words))
    )


def listed(asked: Asked) -> Listed:
    """The rules in force on the day, filtered, in the order of their numbers; with the number of local figures each."""
    found = _found(replace(asked, mechanism=""))
    rows = [one for one in found if not asked.mechanism or one.mechanism == asked.mechanism]
    start = (max(asked.page, 1) - 1) * PAGE
    shown = tuple(rows[start : start + PAGE])
    return Listed(
        rows=shown,
        total=len(rows),
        first=start + 1,
        more=start + PAGE < len(rows),
        counts=counted(found),
        regulations=book().regulations,
        locals=_local_counts(asked.on, [one.id for one in shown]),
    )


def _local_counts(on: dt.date, ids: Iterable[str]) -> dict[str, int]:
    found = LocalRule.objects.filter(in_force(on), rule_id__in=list(ids))
    return dict(Counter(found.values_list("rule_id", flat=True)))


@dataclass(frozen=True, slots=True)
class LocalUse:
    """A local figure beside the article's own. `void`: outside the bounds of the edition shown, so it does not count."""

    local: LocalRule
    figure: Figure | None
    now: bool
    void: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the page of a rule shows."""

    rule: Rule
    on: dt.date
    editions: tuple[Rule, ...]
    locals: tuple[LocalUse, ...]
    refused: tuple[RefusedChange, ...]
    confirmations: tuple[Confirmation, ...]
    uses: tuple[Any, ...]
    neighbours: tuple[Rule, ...]
    counts: dict[str, int]
    may_change: tuple[Unit, ...]
    may_confirm: tuple[Unit, ...]


def entry(rule_id: str, *, on: dt.date, actor: Actor) -> Entry:
    """The page of a rule as of a day. Raises UnknownRule."""
    found = book().rule(rule_id, on)
    locals_ = LocalRule.objects.filter(rule_id=rule_id).select_related("unit", "by").order_by("-since", "unit")
    changeable = any(not one.fixed for one in found.figures.values())
    return Entry(
        rule=found,
        on=on,
        editions=book().history(rule_id),
        locals=tuple(_use(one, found, on) for one in locals_),
        refused=tuple(RefusedChange.objects.filter(rule_id=rule_id).select_related("unit")[:20]),
        confirmations=tuple(Confirmation.objects.filter(rule_id=rule_id, since=found.since).select_related("unit")),
        uses=uses(rule_id),
        neighbours=_around(rule_id, on),
        counts=counted(book().on(on)),
        may_change=tuple(policies.CHANGE.all(actor)[:200]) if changeable and actor.posts else (),
        may_confirm=tuple(policies.CONFIRM.all(actor)[:20]) if actor.posts else (),
    )


def _around(rule_id: str, on: dt.date, many: int = 16) -> tuple[Rule, ...]:
    """The rules beside one, of the same letter: as many as a screen shows."""
    found = [one for one in book().on(on) if one.id[0] == rule_id[0]]
    here = next(place for place, one in enumerate(found) if one.id == rule_id)
    start = max(0, min(here - many // 2, len(found) - many))
    return tuple(found[start : start + many])


def _use(local: LocalRule, rule: Rule, on: dt.date) -> LocalUse:
    figure = rule.figures.get(local.parameter)
    return LocalUse(local, figure, local.holds(on), figure is None or not figure.allows(local.value))


def local_rule(pk: int) -> LocalRule:
    """Raises NotFound."""
    try:
        return LocalRule.objects.select_related("unit").get(pk=pk)
    except LocalRule.DoesNotExist:
        raise NotFound from None


def editions(rule_id: str) -> tuple[Rule, ...]:
    """All editions of a rule, newest first; none for an unknown id."""
    return book().by_id.get(rule_id, ())


def chapter(asked: Asked) -> tuple[Rule, ...]:
    """Every rule of a list, without pages: for paper."""
    return _found(asked)


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule whose edition differs between two days; None: not in the book on that day."""

    before: Rule | None
    after: Rule | None


def differences(before: dt.date, after: dt.date) -> tuple[Difference, ...]:
    """What changed in the book between two days, in the order of the numbers."""
    old, new = ({one.id: one for one in book().on(day)} for day in (before, after))
    return tuple(Difference(old.get(key), new.get(key)) for key in book().ids if old.get(key) is not new.get(key))
