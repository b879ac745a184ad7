"""What a calculation says to people, in both languages: contradictions with their cures, ties, seats passed over. Pure.

Units and trades are called by their names in the reader's language, never rows and columns. Figures of the engine become
what a person can change on the page: a share of the seats, a least number.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianxi.engines import apportionment as engine

from .models import PlanTrade, PlanUnit

LANGUAGES = {"zh": "zh-hans", "en": "en"}
"""Language of a sentence → the locale it is written in."""
_NAMED = re.compile(r"(units|trades|weights)\[(.*)\]")


@dataclass(frozen=True, slots=True)
class Names:
    """Engine's code of a unit or trade → its name in a language."""

    language: str
    units: Mapping[str, str]
    trades: Mapping[str, str]


def in_both(
    units: Sequence[PlanUnit], trades: Sequence[PlanTrade], say: Callable[[Names], list[str]]
) -> dict[str, list[str]]:
    """Sentences in each language, with the names of it."""
    found = {}
    for language, locale in LANGUAGES.items():
        maps = [{one.name: (one.name_en if language == "en" else "") or one.name for one in some} for some in (units, trades)]  # fmt: skip
        with override(locale):
            found[language] = say(Names(language, *maps))
    return found


def refusal(refused: engine.Refused, demand: engine.PlanDemand, names: Names) -> list[str]:
    """Why no table fits, then each change that follows from it."""
    cures = [_("可以这样改：%(cure)s") % {"cure": text} for text in _cures(refused, demand, names)]
    return [_why(refused, names), *cures]


def _why(refused: engine.Refused, names: Names) -> str:
    facts = refused.facts
    kind, name = found.groups() if (found := _NAMED.fullmatch(str(facts.get("where", "")))) else ("", "")
    if refused.code == "bounds" and kind == "trades":
        return _("%(trade)s按比例最少%(low)d席、最多%(high)d席，中间没有整数的席位。") % {
            "trade": names.trades.get(name, name), "low": facts["low"], "high": facts["high"],
        }  # fmt: skip
    if refused.code == "bounds" and kind == "units":
        return _("%(unit)s最少%(low)d席，多于它最多的%(high)d席。") % {
            "unit": names.units.get(name, name), "low": facts["low"], "high": facts["high"],
        }  # fmt: skip
    if refused.code == "no-measure":
        figures = {"members": _("党员数"), "organisations": _("党组织数"), "population": _("人口数")}
        return _("%(figure)s有权重，但各单位的合计是零。") % {"figure": figures.get(name, name)}
    return engine.say(refused.code, _called(refused.code, facts, names), names.language)


def _called(code: str, facts: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The facts with people's names in them. In one dimension the engine's columns are the units."""
    of_cols = names.units if code.startswith("line-") else names.trades
    maps = {"rows": names.units, "cols": of_cols, "full": names.trades}
    found = dict(facts)
    for key, known in maps.items():
        value = found.get(key)
        if isinstance(value, list | tuple):
            found[key] = [known.get(one, one) for one in value]
        elif isinstance(value, str):
            found[key] = known.get(value, value)
    return found


def _cures(refused: engine.Refused, demand: engine.PlanDemand, names: Names) -> Iterator[str]:
    for cure in refused.facts.get("cures", ()):
        if cure["kind"] == "bounds":
            yield "".join(_of_bounds(cure, demand, names)) if names.language == "zh" else " ".join(_of_bounds(cure, demand, names))  # fmt: skip
        elif cure["kind"] == "raise-all":
            yield _("各行业的“不超过”合起来再放宽%(n)d席，每席是%(share)s。") % {"n": cure["by"], "share": typed(1, demand.seats)}  # fmt: skip
        elif cure["kind"] == "lower-all":
            yield _("各行业的“不少于”合起来再降低%(n)d席，每席是%(share)s。") % {"n": cure["by"], "share": typed(1, demand.seats)}  # fmt: skip
        elif cure["kind"] == "lower-row" and refused.facts.get("step") == "A":
            unit = names.units.get(cure["rows"][0], cure["rows"][0])
            yield _("把%(unit)s的最少席数降到%(n)d席，或者把它并到别的单位。") % {"unit": unit, "n": refused.facts["have"]}  # fmt: skip
        else:
            yield engine.say(f"cure-{cure['kind']}", _called("", cure, names), names.language)


def _of_bounds(cure: Mapping[str, Any], demand: engine.PlanDemand, names: Names) -> Iterator[str]:
    """Shares of trades that would do, as they are typed."""
    asked = {one.code: one for one in demand.trades}
    for trade, by in cure["raise"]:
        most = asked[trade].at_most
        now = int(min(Fraction(str(1 if most is None else most)), Fraction(1)) * demand.seats // 1)
        yield _("把%(trade)s的“不超过”从%(now)d席放宽到%(then)d席，写成%(share)s。") % {
            "trade": names.trades.get(trade, trade), "now": now, "then": now + by, "share": typed(now + by, demand.seats),
        }  # fmt: skip
    for trade, by in cure["lower"]:
        now = int(-(-Fraction(str(asked[trade].at_least or 0)) * demand.seats // 1))
        yield _("把%(trade)s的“不少于”从%(now)d席降到%(then)d席，写成%(share)s。") % {
            "trade": names.trades.get(trade, trade), "now": now, "then": now - by, "share": typed(now - by, demand.seats),
        }  # fmt: skip


def typed(seats: int, total: int) -> str:
    """A share as somebody would type it: a percentage where that is exact, else a fraction."""
    share = Fraction(seats * 100, total)
    return f"{share}%" if share.denominator == 1 else f"{seats}/{total}"


def ties(plan: engine.Plan, step: str, names: Names) -> list[str]:
    """Who is tied in the step that stays open, one sentence for each tie."""
    if not step:
        return []
    found: Any = {"A": plan.a, "B": plan.b, "C": plan.c}[step]
    units, trades = plan.a.names, plan.b.names
    said = []
    for tie in found.ties:
        if step == "C":
            cells = [f"{names.units.get(units[i], units[i])}·{names.trades.get(trades[j], trades[j])}" for i, j in tie.cells]  # fmt: skip
        else:
            known, codes = (names.units, units) if step == "A" else (names.trades, trades)
            cells = [known.get(codes[j], codes[j]) for _i, j in tie.cells]
        facts = {"cells": cells, "open": tie.open, "count": len(cells)}
        said.append(engine.say("tie" if step == "C" else "tie-line", facts, names.language))
    return said


def skips(plan: engine.Plan, names: Names) -> list[str]:
    """Seats that a trade would have had by its share, and that no table can place."""
    return [
        engine.say(
            "skipped" if len(one.full) > 1 else "skipped-alone",
            _called("", {"cols": one.trade, "seat": one.seat, "quotient": f"{float(one.quotient):.3f}", "full": list(one.full), "have": one.have}, names),
            names.language,
        )
        for one in plan.b.skips
    ]  # fmt: skip
