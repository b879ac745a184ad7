"""What is asked: groups with sizes, members with wishes, and the costs that a rule gives to the ranks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

RULES = ("greedy-max", "generous", "linear", "lottery")
#: Most wishes of a member, most seats of a group: beyond it a file is wrong, not large.
MOST = 1_000_000_000


_SHARE = re.compile(r"[0-9]{1,9}/[1-9][0-9]{0,8}")


class Refused(ValueError):
    """A demand that says no clear thing. `where` names the key (and the member or group); `zh`, `en` are the sentence."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"{where}: {en}")
        self.where = where
        self.zh = f"{where}：{zh}"
        self.en = f"{where}: {en}"


def _limit(value: int | str, size: int) -> Fraction:
    return Fraction(value) * (size if isinstance(value, str) and "/" in value else 1)


@dataclass(frozen=True, slots=True)
class Bound:
    """How many members with a quality a group wants: whole numbers, or a share "p/q" of its size.

    `least=1` at least one; `most="1/3"` at most a third of those in the group.
    """

    least: int | str = 0
    most: int | str | None = None

    @property
    def is_share(self) -> bool:
        """Does a bound depend on the size of the group?"""
        return isinstance(self.least, str) or isinstance(self.most, str)

    def limits(self, size: int) -> tuple[Fraction, Fraction | None]:
        """Least and most in a group of this size."""
        return _limit(self.least, size), None if self.most is None else _limit(self.most, size)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of an area with least and most members (`lo`, `hi`, both counted with those designated)."""

    area: str
    lo: int
    hi: int
    qualities: Mapping[str, Bound] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an area: wishes from the best on (none: no wish), or `fixed` by designation.

    `barred`: groups that the member may not enter. `qualities`: what groups may ask for.
    """

    area: str
    wishes: tuple[str, ...] = ()
    fixed: str | None = None
    barred: frozenset[str] = frozenset()
    qualities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """Groups and members by their names (ids). `ranks`: how many wishes count; default the longest list."""

    groups: Mapping[str, Group]
    members: Mapping[str, Member]
    ranks: int | None = None

    def rank_count(self) -> int:
        """K, the number of ranks."""
        return self.ranks if self.ranks is not None else max((len(m.wishes) for m in self.members.values()), default=0)


def check(demand: Demand, closed: Iterable[str] = ()) -> None:
    """Raise Refused if the demand contradicts itself; the sentence names the key and the member or group."""
    shut = set(closed)
    for name in shut - set(demand.groups):
        raise Refused("closed", f"没有名为“{name}”的小组", f"there is no group “{name}”")
    for name, group in demand.groups.items():
        _check_group(name, group)
    ranks = demand.rank_count()
    if ranks < 0 or ranks > MOST:
        raise Refused("ranks", "志愿数应是不小于0的整数", "must be a whole number from 0")
    for name, member in demand.members.items():
        _check_member(name, member, demand.groups, ranks, shut)


def _check_group(name: str, group: Group) -> None:
    where = f"groups.{name}"
    for key, value in (("lo", group.lo), ("hi", group.hi)):
        if type(value) is not int or not 0 <= value <= MOST:
            raise Refused(
                f"{where}.{key}", f"应是0到{MOST}的整数，现为{value!r}", f"must be a whole number from 0 to {MOST}, not {value!r}"
            )  # fmt: skip
    if group.lo > group.hi:
        raise Refused(
            where, f"最少{group.lo}人多于最多{group.hi}人", f"the least size {group.lo} is above the most {group.hi}"
        )
    for quality, bound in group.qualities.items():
        _check_bound(f"{where}.qualities.{quality}", bound)


def _check_bound(where: str, bound: Bound) -> None:
    for key, value in (("least", bound.least), ("most", bound.most)):
        if value is None and key == "most":
            continue
        if type(value) is int and 0 <= value <= MOST:
            continue
        if isinstance(value, str) and _SHARE.fullmatch(value) and int(value.split("/")[0]) <= int(value.split("/")[1]):
            continue
        raise Refused(
            f"{where}.{key}", f"应是整数，或者“1/3”这样的份额，现为{value!r}", f"must be a whole number or a share like “1/3”, not {value!r}"
        )  # fmt: skip
    if type(bound.least) is type(bound.most) is int and bound.least > bound.most:
        raise Refused(
            where,
            f"最少{bound.least}人多于最多{bound.most}人",
            f"the least {bound.least} is above the most {bound.most}",
        )


def _check_member(name: str, member: Member, groups: Mapping[str, Group], ranks: int, shut: set[str]) -> None:
    where = f"members.{name}"
    seen: set[str] = set()
    if len(member.wishes) > ranks:
        raise Refused(
            f"{where}.wishes", f"填了{len(member.wishes)}个志愿，最多{ranks}个", f"{len(member.wishes)} wishes, at most {ranks} count"
        )  # fmt: skip
    for i, wish in enumerate(member.wishes):
        key = f"{where}.wishes[{i + 1}]"
        group = groups.get(wish)
        if group is None:
            raise Refused(key, f"没有名为“{wish}”的小组", f"there is no group “{wish}”")
        if wish in seen:
            raise Refused(key, f"“{wish}”填了两次", f"“{wish}” is named twice")
        if group.area != member.area:
            raise Refused(
                key, f"“{wish}”属于{group.area}，成员属于{member.area}", f"“{wish}” lies in {group.area}, the member in {member.area}"
            )  # fmt: skip
        if wish in member.barred:
            raise Refused(key, f"该成员不能进“{wish}”", f"the member may not enter “{wish}”")
        seen.add(wish)
    for wish in member.barred:
        if wish not in groups:
            raise Refused(f"{where}.barred", f"没有名为“{wish}”的小组", f"there is no group “{wish}”")
    if member.fixed is None:
        return
    if member.fixed not in groups:
        raise Refused(f"{where}.fixed", f"没有名为“{member.fixed}”的小组", f"there is no group “{member.fixed}”")
    if member.fixed in member.barred:
        raise Refused(f"{where}.fixed", f"该成员不能进“{member.fixed}”", f"the member may not enter “{member.fixed}”")
    if member.fixed in shut:
        raise Refused(
            f"{where}.fixed",
            f"指定的小组“{member.fixed}”这一轮不设",
            f"the designated group “{member.fixed}” is closed",
        )


def costs(rule: str, ranks: int, groups: int) -> tuple[int, ...]:
    """The cost of each place of the profile: [designated, 1st, …, Kth, unlisted], exact whole numbers.

    `groups`: the most groups of one area. With base B = groups + 1 the order by cost is the order of the rule: two plans
    differ by closed walks through the groups, each passing a group once, so that one walk moves at most `groups` members.
    """
    base = groups + 1
    listed = range(1, ranks + 1)
    if rule == "greedy-max":
        return (0, *(base ** (ranks - 1) - base ** (ranks - k) for k in listed), base**ranks)
    if rule == "generous":
        return (0, *(base ** (k - 1) - 1 for k in listed), base**ranks - 1)
    if rule in ("linear", "lottery"):
        return (0, *(k - 1 for k in listed), ranks)
    raise Refused(
        "rule", f"没有“{rule}”这种规则，只有{'、'.join(RULES)}", f"there is no rule “{rule}”, only {', '.join(RULES)}"
    )


def draw_key(seed: str, name: str) -> tuple[bytes, str]:
    """The place of a name in the draw: SHA-256(seed|name), then the name."""
    return hashlib.sha256(f"{seed}|{name}".encode()).digest(), name
