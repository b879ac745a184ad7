"""The certificate `lianxi-equal-shares/1`: everything that is needed to check an outcome, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from . import verifier
from .election import Election, Number, Project
from .shares import Bought, Outcome

FORMAT = "lianxi-equal-shares/1"


class Refused(AssertionError):
    """The verifier did not accept a result: an error of this engine, never shown as a result."""


def certificate(election: Election, outcome: Outcome, *, source: str = "", quick: bool = True) -> dict[str, Any]:
    """Write the certificate of an outcome, and let the verifier accept it.

    Args:
        source: SHA-256 of the file the election came from; "" if there is none.
        quick: let the verifier take the earlier rounds of Add1 for granted (the engine ran each of them exactly).

    Raises:
        Refused: the verifier found something wrong.
    """
    made: dict[str, Any] = {
        "format": FORMAT,
        "rule": {
            "name": "equal-shares",
            "utility": outcome.utility,
            "completion": outcome.completion,
            "unit": told(outcome.unit),
        },
        "units": outcome.units,
        "stop": outcome.stop,
        "share": told(outcome.share),
        "steps": [
            {"project": step.project, "price": told(step.price)}
            | ({"tied": list(step.tied), "tie": step.tie} if step.tied else {})
            for step in outcome.steps
        ],
        "then": list(outcome.then),
        "greedy": list(outcome.greedy),
        "spent": told(outcome.spent),
        "by_hand": list(outcome.by_hand),
        "order": list(outcome.order),
        "input": source,
        "election": {
            "budget": told(election.budget),
            "projects": [[project.key, told(project.cost)] for project in election.projects],
            "ballots": [
                [count, [[key, told(points)] for key, points in ballot]] for ballot, count in election.ballots.items()
            ],
        },
    }
    for holds, zh, en in verifier.check(made, rounds=not quick):
        if not holds:
            raise Refused(f"{zh} · {en}")
    return made


def restored(made: dict[str, Any], names: Mapping[str, str] | None = None) -> tuple[Election, Outcome]:
    """The election and the outcome that a certificate states (check it first), with the projects' names if given."""
    inside, rule = made["election"], made["rule"]
    projects = tuple(Project(key, _number(cost), (names or {}).get(key, "")) for key, cost in inside["projects"])
    ballots = {tuple((key, _number(points)) for key, points in ballot): count for count, ballot in inside["ballots"]}
    election = Election(_number(inside["budget"]), projects, ballots)
    support = election.support()
    costs = {project.key: project.cost for project in projects}
    outcome = Outcome(
        utility=rule["utility"],
        completion=rule["completion"],
        unit=_number(rule["unit"]),
        units=made["units"],
        share=Fraction(made["share"]),
        steps=tuple(
            Bought(step["project"], Fraction(step["price"]), tuple(step.get("tied", ())), step.get("tie", ""))
            for step in made["steps"]
        ),
        then=tuple(made["then"]),
        greedy=tuple(made["greedy"]),
        stop=made["stop"],
        order=tuple(made["order"]),
        spent=_number(made["spent"]),
        by_hand=tuple(made["by_hand"]),
        too_dear=tuple(key for key, cost in costs.items() if cost > election.budget),
        unwanted=tuple(key for key, cost in costs.items() if cost and not support[key]),
    )
    return election, outcome


def verifier_text() -> str:
    """The verifier as the one file that it is, to be given to anybody."""
    return Path(verifier.__file__).read_text(encoding="utf-8")


def _number(found: int | str) -> Number:
    made = Fraction(found)
    return made.numerator if made.denominator == 1 else made


def told(number: Number) -> int | str:
    """An exact number for JSON: an integer up to 2^53, else a string "p" or "p/q"."""
    made = Fraction(number)
    if made.denominator == 1 and abs(made.numerator) <= 2**53:
        return made.numerator
    return str(made)
