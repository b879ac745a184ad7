"""What an apportionment may answer instead of seats: the demand is wrong, impossible, or was called off."""

from __future__ import annotations

from typing import Any

from .sentences import say


class Refused(Exception):
    """No seats. `code` names why, `facts` carry the figures (JSON-ready), `sentence("zh" | "en")` says it to a person."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code, self.facts = code, facts
        super().__init__(code, facts)

    def sentence(self, language: str = "zh") -> str:
        """One sentence, in Chinese ("zh") or English ("en")."""
        return say(self.code, self.facts, language)

    def __str__(self) -> str:
        return self.sentence("en")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.code, self.facts) == (other.code, other.facts)

    __hash__ = Exception.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self), self.code, self.facts))


class Invalid(Refused):
    """The demand is not one: a negative weight, a float, a total that does not fit. `facts["where"]` is the key path."""


class Infeasible(Refused):
    """No table fits. The facts are a witness that anyone can add up, and the cure.

    facts: `rows`, `cols` (names of the cut), `need` and `have` (seats), `short` = the difference, `cures` (see there).
    """

    @property
    def cures(self) -> list[dict[str, Any]]:
        """Smallest changes after which this refusal is gone, each with `kind`, the names concerned and `by` (seats).

        "bounds" (of columns) makes the demand possible. The others ("raise-row", "lower-row", "raise-all", "lower-all"; in one dimension
        "seats", "fewer-seats") mend what is wrong with one row or with the totals, which is looked at first: another refusal may follow.
        """
        return list(self.facts.get("cures", ()))


class Cancelled(Refused):
    """The progress callback returned False."""


def _again(kind: type[Refused], code: str, facts: dict[str, Any]) -> Refused:
    return kind(code, **facts)
