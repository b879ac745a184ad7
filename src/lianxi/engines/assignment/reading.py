"""From plain JSON data (format lianxi-assignment/1) to a demand or a placement, strictly. No file is opened here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .demand import MOST, RULES, Bound, Demand, Group, Member, Refused
from .placement import FORMAT, Placement

_TOP = {
    "format", "rule", "seed", "closed", "ranks", "groups", "members",
    "weights", "placement", "prices", "quality_prices", "gap", "cost", "profile",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file asks for: the demand and how to place it."""

    demand: Demand
    rule: str
    seed: str
    closed: tuple[str, ...]


def read(data: Mapping[str, Any]) -> Asked:
    """The demand half of a certificate. Keys of the answer (weights, placement, …) are passed over.

    Raises Refused: a key is missing, unknown, or says no clear thing; the sentence names it.
    """
    _known(data, _TOP, "")
    if data.get("format") != FORMAT:
        raise Refused("format", f"应为“{FORMAT}”", f"must be “{FORMAT}”")
    rule = data.get("rule", "greedy-max")
    if rule not in RULES:
        raise Refused("rule", f"只有{'、'.join(RULES)}", f"must be one of {', '.join(RULES)}")
    seed = data.get("seed", "")
    if not isinstance(seed, str):
        raise Refused("seed", "应是文字", "must be text")
    ranks = _whole(data["ranks"], "ranks") if "ranks" in data else None
    groups = {name: _group(g, f"groups.{name}") for name, g in _object(data, "groups").items()}
    members = {name: _member(m, f"members.{name}") for name, m in _object(data, "members").items()}
    return Asked(Demand(groups, members, ranks), rule, seed, tuple(_texts(data, "closed", "closed")))


def load(certificate: Mapping[str, Any]) -> Placement:
    """The placement that a certificate holds, to be asked for sentences again. Raises Refused, verifier.Wrong, KeyError."""
    from . import verifier

    asked = read(certificate)
    verifier.verify(dict(certificate), drawn=False)
    number = verifier.number
    return Placement(
        demand=asked.demand,
        rule=asked.rule,
        seed=asked.seed,
        closed=asked.closed,
        weights=tuple(number(w) for w in certificate["weights"]),
        placement=dict(certificate["placement"]),
        prices={g: number(p) for g, p in certificate.get("prices", {}).items()},
        profile=tuple(certificate["profile"]),
        cost=number(certificate["cost"]),
        quality_prices={
            g: {q: number(p) for q, p in ps.items()} for g, ps in certificate.get("quality_prices", {}).items()
        },
        gap=number(certificate.get("gap", 0)),
    )


def _group(data: Any, where: str) -> Group:
    _known(data, {"area", "lo", "hi", "qualities"}, where)
    bounds = _object(data, "qualities", where) if "qualities" in data else {}
    return Group(
        _text(data, "area", where),
        _whole(_there(data, "lo", where), f"{where}.lo"),
        _whole(_there(data, "hi", where), f"{where}.hi"),
        {name: _bound(b, f"{where}.qualities.{name}") for name, b in bounds.items()},
    )


def _bound(data: Any, where: str) -> Bound:
    _known(data, {"least", "most"}, where)
    least, most = data.get("least", 0), data.get("most")
    for key, value in (("least", least), ("most", most)):
        if not isinstance(value, str) and value is not None:
            _whole(value, f"{where}.{key}")
    return Bound(least, most)


def _member(data: Any, where: str) -> Member:
    _known(data, {"area", "wishes", "fixed", "barred", "qualities"}, where)
    fixed = _text(data, "fixed", where) if data.get("fixed") is not None else None
    return Member(
        _text(data, "area", where),
        tuple(_texts(data, "wishes", f"{where}.wishes")),
        fixed,
        frozenset(_texts(data, "barred", f"{where}.barred")),
        frozenset(_texts(data, "qualities", f"{where}.qualities")),
    )


def _known(data: Any, keys: set[str], where: str) -> None:
    if not isinstance(data, Mapping):
        raise Refused(where or "$", "应是一个对象", "must be an object")
    if unknown := sorted(data.keys() - keys):
        name = f"{where}.{unknown[0]}" if where else unknown[0]
        raise Refused(
            name, f"没有这一项，只有{'、'.join(sorted(keys))}", f"is unknown; known are {', '.join(sorted(keys))}"
        )


def _there(data: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in data:
        raise Refused(f"{where}.{key}" if where else key, "缺少这一项", "is missing")
    return data[key]


def _object(data: Mapping[str, Any], key: str, where: str = "") -> Mapping[str, Any]:
    value = _there(data, key, where)
    if not isinstance(value, Mapping):
        raise Refused(f"{where}.{key}" if where else key, "应是一个对象", "must be an object")
    return value


def _whole(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise Refused(
            where, f"应是0到{MOST}的整数，现为{value!r}", f"must be a whole number from 0 to {MOST}, not {value!r}"
        )
    return value


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    value = _there(data, key, where)
    if not isinstance(value, str):
        raise Refused(f"{where}.{key}", "应是文字", "must be text")
    return value


def _texts(data: Mapping[str, Any], key: str, where: str) -> Sequence[str]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise Refused(where, "应是一个列表", "must be a list")
    for i, one in enumerate(value):
        if not isinstance(one, str):
            raise Refused(f"{where}[{i + 1}]", "应是文字", "must be text")
    return value


__all__: list[str] = ["Asked", "load", "read"]
