"""A plan with everything that its page shows."""

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.permissions import Actor, Permission
from lianxi.commons.rulebook import Check, Figure, Rule
from lianxi.commons.workflow.walk import Step

from .. import policies
from ..models import Calculation, PlanTrade, PlanUnit, SeatPlan
from ..reckoning import lots
from ..terms import Aim
from ..workflow import BEFORE_COMPUTING, WALK, law


@dataclass(slots=True)
class Record:
    """A plan as its page shows it."""

    plan: SeatPlan
    trades: list[PlanTrade]
    units: list[PlanUnit]
    calc: Calculation | None
    steps: list[Step]
    before: list[Check]
    history: list[dict[str, Any]] = field(default_factory=list)
    calculations: list[Calculation] = field(default_factory=list)

    @property
    def step(self) -> dict[str, Step]:
        """Steps that the reader may take, by verb."""
        return {step.verb: step for step in self.steps if step.why}

    @property
    def said(self) -> list[str]:
        """What the calculation says of ties and contradictions, in the reader's language."""
        return said_of(self.calc)


def said_of(calc: Calculation | None, what: str = "said") -> list[str]:
    """Sentences of a calculation in the reader's language: `said` of ties and contradictions, `skipped` of seats passed over."""
    return _mine((calc.document.get(what) if calc else None) or {})


def _mine(found: dict[str, list[str]]) -> list[str]:
    from django.utils.translation import get_language

    return list(found.get("en" if (get_language() or "").startswith("en") else "zh", ()))


def loaded(plan: SeatPlan) -> tuple[list[PlanUnit], list[PlanTrade]]:
    """Units and trades in their order; the plan keeps the trades and aims for its guards."""
    return list(plan.units.order_by("number")), list(plan.trades.all())


def found(pk: int, *, actor: Actor, may: Permission = policies.VIEW) -> SeatPlan:
    """The plan with what its guards read. Raises NotFound."""
    plan: SeatPlan = may.get(actor, pk=pk)
    from django.db.models import prefetch_related_objects

    prefetch_related_objects([plan], "body", "current", "trades", "aims", "replaces")
    return plan


def record(pk: int, *, actor: Actor, at: dt.datetime, may: Permission = policies.VIEW) -> Record:
    """Raises NotFound."""
    plan = found(pk, actor=actor, may=may)
    units, trades = loaded(plan)
    steps = WALK.steps(plan, actor=actor, at=at)
    by_verb = {one.verb: one for one in steps}
    before = list(by_verb["compute"].checks) if "compute" in by_verb else []
    if not before and "compute" in by_verb:
        before = [need(plan, at) for need in BEFORE_COMPUTING]
    done = list(Calculation.objects.filter(plan=plan).defer("document").order_by("-number")[:20])
    return Record(plan, trades, units, plan.current, steps, before, history(plan), done)


_ICONS = {
    "begin": "plus", "revise": "copy", "settle": "settings", "freeze": "lock", "compute": "refresh", "vote_ties": "gavel", "draw_ties": "list-check",
    "submit": "send", "take_back": "arrow-back-up", "approve": "circle-check", "return": "arrow-back-up", "publish": "eye", "supersede": "replace",
    "count_named": "users", "order_asked": "list-check", "drop": "trash",
}  # fmt: skip


def history(plan: SeatPlan) -> list[dict[str, Any]]:
    """What happened, newest first."""
    labels = {row.verb: str(row.label) for row in WALK.rows} | {"begin": _("开始编制"), "revise": _("由公布的方案另编")}
    said = dict(Calculation.objects.filter(plan=plan).values_list("number", "document__said"))
    return [
        {
            "icon": _ICONS.get(event.verb, "circle"), "title": labels.get(event.verb, event.verb), "at": event.at,
            "who": event.by_name, "text": event.reason or _text_of(event.facts, said),
        }
        for event in WALK.events(plan).reverse()
    ]  # fmt: skip


_TRADE_SAID = {
    "add": N_("增加行业“%(name)s”"),
    "change": N_("改行业“%(name)s”"),
    "rename": N_("行业“%(was)s”改为“%(name)s”"),
    "move": N_("行业“%(name)s”排到第%(to)s个"),
    "remove": N_("去掉行业“%(name)s”，它的党员算到“%(into)s”"),
}


def _text_of(facts: dict[str, Any], said: dict[int, dict[str, list[str]] | None]) -> str:
    if "calculation" in facts:
        first = _("第%(n)d次测算") % {"n": facts["calculation"]}
        return _("：").join([first, *_mine(said.get(facts["calculation"]) or {})[:1]])
    if facts.get("sheet"):
        day = date_format(dt.date.fromisoformat(facts["counted_on"]))
        return _("用表格填了%(n)d个单位的数字，来自%(source)s，截至%(day)s") % {"n": facts["sheet"], "source": facts["figures_source"], "day": day}  # fmt: skip
    if facts.get("undone"):
        return _("撤销表格，%(n)d个单位的数字回到以前") % {"n": facts["undone"]}
    if facts.get("counted_on"):
        return _("人数截至%(day)s") % {"day": date_format(dt.date.fromisoformat(facts["counted_on"]))}
    if facts.get("population"):
        return _("人口数来自%(source)s") % {"source": facts["population"]}
    if facts.get("approval"):
        return str(facts["approval"])
    if facts.get("trade") in _TRADE_SAID:
        said_of_trade = _TRADE_SAID["rename" if facts.get("was", facts["name"]) != facts["name"] else facts["trade"]]
        return _(said_of_trade) % facts
    return ""


def trade_rules(plan: SeatPlan, at: dt.datetime) -> list[tuple[Rule, str]]:
    """What the rulebook asks of the trades together: the front line at least, leaders at most (E-39)."""
    book = law("E-39", at, plan)
    return [
        (book, _("生产和工作一线不少于%(share)s") % {"share": book.parameter("front_line").text}),
        (book, _("领导干部不超过%(share)s") % {"share": book.parameter("leaders").text}),
    ]


@dataclass(frozen=True, slots=True)
class Setting:
    """A figure of the plan beside that of the rulebook."""

    label: str
    value: str
    figure: Figure
    same: bool


def settings_of(plan: SeatPlan, at: dt.datetime) -> tuple[Rule, list[Setting]]:
    """Weights and floor with the rulebook's own figures, its citation and its mark."""
    book = law("E-55", at, plan)
    rows = []
    for name in ("members", "organizations", "population", "floor"):
        figure = book.parameter(name)
        value: Any = plan.floor if name == "floor" else plan.weights[name]
        rows.append(
            Setting(str(figure.label), figure.written(value), figure, Fraction(value) == Fraction(figure.value))
        )
    return book, rows


def too_few(plan: SeatPlan, calc: Calculation | None) -> list[tuple[str, str]]:
    """Groups for which there is no guidance, each with the sentence why: the units have too few of them."""
    stored = (calc.document.get("guides") if calc else None) or {}
    result = []
    for aim in plan.aims.all():
        refused = (stored.get(aim.aim) or {}).get("refused") or {}
        said = _mine({language: [text] if isinstance(text, str) else text for language, text in refused.items()})
        result += [(str(Aim(aim.aim).label), text) for text in said[:1]]
    return result


def public_record(pk: int, *, actor: Actor) -> Record:
    """A published plan as anybody may read it. Raises NotFound."""
    plan = found(pk, actor=actor, may=policies.READ)
    units, trades = loaded(plan)
    return Record(plan, trades, units, plan.current, [], [])


def lots_of(record: Record) -> list[dict[str, Any]]:
    """The order in which a lot put the tied ones, and who has the seat."""
    if record.calc is None or not record.calc.certificate:
        return []
    certificate = record.calc.certificate
    rows = lots(record.plan, certificate)
    opened: dict[str, int] = {step.upper(): sum(tie["open"] for tie in certificate[step]["ties"]) for step in "abc"}
    for step in ("A", "B"):
        for row in [one for one in rows if one["step"] == step][: opened[step]]:
            row["won"] = True
    return rows


def calculation(plan: SeatPlan, number: int) -> Calculation | None:
    """An earlier calculation of a plan."""
    return Calculation.objects.filter(plan=plan, number=number).first()
