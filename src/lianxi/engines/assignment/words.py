"""What the engine says to people: a code with its facts, and one table of sentences in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: code: (Chinese, English). Only what follows from the plan and its prices is said; nobody is named as the cause.
WORDS: dict[str, tuple[str, str]] = {
    # to a member
    "designated": ("您由组织指定编入{group}。", "The organisation designated you to {group}."),
    "wish": ("您编入{group}，这是您的第{rank}志愿。", "You are in {group}, your wish number {rank}."),
    "no-wish": (
        "您没有填志愿，组织在本片为您安排了{group}；愿意调整的，请告诉我们。",
        "You named no wish; a place in {group} of your area was kept for you. Tell us if you would like another.",
    ),
    "unlisted": (
        "您填的志愿这一轮都没有空位，本片为您安排了{group}。",
        "None of your wishes had a seat left in this round; a place in {group} of your area was kept for you.",
    ),
    "never": (
        "任何一个最优方案都不会把您编入{wish}（第{rank}志愿）。",
        "No best plan puts you in {wish} (wish number {rank}).",
    ),
    "drawn": (
        "有的最优方案会把您编入{wish}（第{rank}志愿）；您的抽签号是{number}，空出的名额由号码在前的人选走了。",
        "Some best plans put you in {wish} (wish number {rank}); your number in the draw is {number}, "
        "and the open seats went to numbers before it.",
    ),
    "lottery": (
        "轮到您的抽签号{number}时，{wish}（第{rank}志愿）已经没有可选的名额。",
        "When your number {number} in the draw came, {wish} (wish number {rank}) had no seat left to choose.",
    ),
    "best-found": (
        "{wish}（第{rank}志愿）：在找到的最好方案里没有您的名额；它与理论最优至多相差{gap}。",
        "{wish} (wish number {rank}): the best plan found has no seat for you there; "
        "it is at most {gap} from the best there can be.",
    ),
    "not-here": (
        "{wish}（第{rank}志愿）：在这个最优方案里没有您的名额。",
        "{wish} (wish number {rank}): this best plan has no seat for you there.",
    ),
    "closed": (
        "{wish}（第{rank}志愿）这一轮不设。",
        "{wish} (wish number {rank}) is closed in this round.",
    ),
    "seats": (
        "{group}现有{size}人，名额{hi}个：{shares}。",
        "{group}: {size} of {hi} seats taken ({shares}).",
    ),
    # to a group
    "free": ("没有人因为{group}的名额而受影响。", "The size of {group} kept nobody out."),
    "seat-helps": (
        "{group}再多一个名额，最好的结果是：{change}。",
        "One more seat in {group} would at best give: {change}.",
    ),
    "least-costs": (
        "{group}的最少人数若少一人，最好的结果是：{change}。",
        "If the least size of {group} were one lower, it would at best give: {change}.",
    ),
    "least-binds": (
        "{group}正好是最少人数，少一人也不会更好。",
        "{group} is just at its least size; one fewer would not help.",
    ),
    "price-above": (
        "{group}再多一个名额，至多改善{price}。",
        "One more seat in {group} helps by at most {price}.",
    ),
    "price-below": (
        "{group}的最少人数至多多费{price}。",
        "The least size of {group} costs at most {price}.",
    ),
    "summary": (
        "共{total}人：{shares}。",
        "{total} members: {shares}.",
    ),
    # no plan
    "no-group": (
        "{area}有{have}名成员，却没有一个小组。",
        "{area} has {have} members and no group.",
    ),
    "too-few-seats": (
        "{need}名成员只能进{groups}，那里一共只有{have}个名额。",
        "{need} members may enter only {groups}, which have {have} seats.",
    ),
    "too-few-members": (
        "{groups}至少要{need}人，能进这些组的只有{have}人。",
        "{groups} need at least {need} members; only {have} may enter them.",
    ),
    "designated-too-many": (
        "{groups}指定了{need}人，只有{have}个名额。",
        "{groups}: {need} members are designated, and there are {have} seats.",
    ),
    "quality": (
        "按{groups}对“{quality}”的要求，差{missing}人，无法编组。",
        "What {groups} ask of “{quality}” cannot be met: {missing} short.",
    ),
    "mixed": (
        "{groups}的人数和条件要求合在一起差{missing}人，无法编组。",
        "The sizes and conditions of {groups} together cannot be met: {missing} short.",
    ),
    "cure-seats": (
        "办法：给{groups}加{missing}个名额，或者让其中{missing}人也可以进别的组。",
        "Cure: add {missing} seats to {groups}, or let {missing} of these members enter other groups too.",
    ),
    "cure-area-seats": (
        "办法：给{groups}加{missing}个名额，或者在本片再设一个组。",
        "Cure: add {missing} seats to {groups}, or open another group in the area.",
    ),
    "cure-least": (
        "办法：把{groups}的最少人数一共减少{missing}，或者这一轮不设其中一组。",
        "Cure: lower the least sizes of {groups} by {missing} in all, or close one of them in this round.",
    ),
    "cure-designated": (
        "办法：撤回{missing}项指定，或者加{missing}个名额。",
        "Cure: withdraw {missing} designations, or add {missing} seats.",
    ),
    "cure-quality": (
        "办法：把对“{quality}”的要求一共放宽{missing}人，或者补充{missing}名符合条件的成员。",
        "Cure: relax what is asked of “{quality}” by {missing} in all, or find {missing} more such members.",
    ),
    "cure-mixed": (
        "办法：放宽{groups}的人数，或者放宽对“{quality}”的要求，一共{missing}人。",
        "Cure: widen the sizes of {groups} or relax what is asked of “{quality}”, by {missing} in all.",
    ),
    "cure-no-group": ("办法：在{area}设一个组。", "Cure: open a group in {area}."),
    # what least sizes cost
    "minima-none": ("最少人数的要求不影响任何人。", "The least sizes keep nobody from anything."),
    "minima-cost": (
        "如果不要求最少人数，{groups}会不足；为了最少人数：{change}。",
        "Without least sizes {groups} would stay below them; for their sake: {change}.",
    ),
    # a plan made by hand
    "hand-same": ("与最优方案一样好。", "As good as the best plan."),
    "hand-more": ("比最优方案：{change}。", "Against the best plan: {change}."),
    "hand-over": ("{group}有{size}人，超过名额{hi}。", "{group} has {size} members, more than its {hi} seats."),
    "hand-under": ("{group}只有{size}人，少于最少{lo}人。", "{group} has {size} members, fewer than its least {lo}."),
    "hand-designated": (
        "{member}由组织指定在{fixed}，这里却在{group}。",
        "{member} is designated to {fixed} but stands in {group}.",
    ),
    "hand-barred": ("{member}不能进{group}。", "{member} may not enter {group}."),
    "hand-area": ("{member}不属于{group}所在的片。", "{member} does not belong to the area of {group}."),
    "hand-quality": (
        "{group}里“{quality}”有{found}人，要求{asked}。",
        "{group} has {found} of “{quality}”; {asked} are asked for.",
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: `code` is a key of WORDS, `facts` are plain values; `zh` and `en` are the sentence."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        return WORDS[self.code][0].format_map({k: _zh(k, v) for k, v in self.facts.items()})

    @property
    def en(self) -> str:
        return WORDS[self.code][1].format_map({k: _en(k, v) for k, v in self.facts.items()})


def _zh(key: str, value: Any) -> str:
    if key == "shares":
        return "、".join(f"{rank_zh(i, len(value))}{n}人" for i, n in enumerate(value) if n) or "还没有人"
    if key == "change":
        return "，".join(
            f"{rank_zh(i, len(value))}{'多' if n > 0 else '少'}{abs(n)}人" for i, n in _ordered(value)
        ) or ("没有变化")
    return "、".join(_listed(value, "等{n}个组")) if _many(value) else str(value)


def _en(key: str, value: Any) -> str:
    if key == "shares":
        return ", ".join(f"{n} {rank_en(i, len(value))}" for i, n in enumerate(value) if n) or "nobody yet"
    if key == "change":
        parts = [f"{abs(n)} {'more' if n > 0 else 'fewer'} {rank_en(i, len(value))}" for i, n in _ordered(value)]
        return ", ".join(parts) or "no change"
    return ", ".join(_listed(value, "… ({n} groups in all)")) if _many(value) else str(value)


def _many(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _listed(names: Sequence[str], more: str) -> list[str]:
    return list(names) if len(names) <= 12 else [*names[:10], more.format(n=len(names))]


def _ordered(change: Sequence[int]) -> list[tuple[int, int]]:
    """Those without a wish first, then the ranks in their order."""
    ranks = [len(change) - 1, *range(len(change) - 1)]
    return [(i, change[i]) for i in ranks if change[i]]


def rank_zh(index: int, length: int) -> str:
    """The name of a place of the profile [designated, 1st, …, Kth, unlisted] in Chinese."""
    return "指定" if index == 0 else "志愿外" if index == length - 1 else f"第{index}志愿"


def rank_en(index: int, length: int) -> str:
    """The name of a place of the profile in English."""
    if index == 0:
        return "by designation"
    return "outside their wishes" if index == length - 1 else f"with wish {index}"
