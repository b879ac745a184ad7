"""Sentences for people, in Chinese and English, from codes and facts. Names are as given; figures are seats unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: dict[str, tuple[str, str]] = {
    "cancelled": ("计算已取消。", "The computation was called off."),
    "float": ("{where}是小数{found}；请写成整数或字符串（如“3/10”）。", "{where} is the float {found}; write an integer or a string such as \"3/10\"."),
    "not-a-number": ("{where}不是数：{found}。", "{where} is not a number: {found}."),
    "not-whole": ("{where}须是整数：{found}。", "{where} must be a whole number: {found}."),
    "negative": ("{where}是负数：{found}。", "{where} is negative: {found}."),
    "too-long": ("{where}超过{digits}位。", "{where} has more than {digits} digits."),
    "too-many-seats": ("{where}为{found}，最多{most}。", "{where} is {found}; the most is {most}."),
    "bad-name": ("{where}须是非空的文字。", "{where} must be a text that is not empty."),
    "name-twice": ("{where}：名称“{name}”出现了两次。", "{where}: the name \"{name}\" is given twice."),
    "missing": ("缺少{where}。", "{where} is missing."),
    "shape": ("{where}应有{need}项，现有{have}项。", "{where} must have {need} entries and has {have}."),
    "not-a-list": ("{where}须是列表。", "{where} must be a list."),
    "not-a-mapping": ("{where}须是对象（键与值）。", "{where} must be an object (keys and values)."),
    "bad-order": ("{where}须是{{kind: lot, seed}}或{{kind: vote, listed}}。", "{where} must be {{kind: lot, seed}} or {{kind: vote, listed}}."),
    "one-row-only": ("{where}：最大余数法只用于一行。", "{where}: largest remainders are for one row."),
    "bounds": ("{where}：最少{low}多于最多{high}。", "{where}: the least, {low}, is more than the most, {high}."),
    "rounding": ("{where}须是0与1之间的分数，现是{found}。", "{where} must be a fraction above 0 and up to 1; it is {found}."),
    "no-weight": ("没有可以分配席位的权重。", "There is no weight to apportion by."),
    "unknown-rule": ("没有规则“{found}”；可用：{known}。", "There is no rule \"{found}\"; there are: {known}."),
    "too-large": ("{where}太大：{rows}×{cols}。", "{where} is too large: {rows} × {cols}."),
    "totals": ("{where}：行合计{rows}席，列合计{cols}席，两者不等。", "{where}: the rows have {rows} seats, the columns {cols}; they must be equal."),
    "line-low": ("最少席位合计{need}席，只有{have}席可分。", "The floors need {need} seats; there are {have}."),
    "line-high": ("最多席位合计{have}席，要分{need}席。", "The caps allow {have} seats; there are {need} to give."),
    "row-floor": ("{rows}有{have}席，而各界别最少共需{need}席。", "{rows} has {have} seats, but the floors of its cells need {need}."),
    "row-cap": ("{rows}有{need}席，而有人可选的界别至多容{have}席。", "{rows} has {need} seats, but its cells can hold {have}."),
    "total-low": ("各列最少共需{need}席，各行只有{have}席。", "The columns need at least {need} seats; the rows have {have}."),
    "total-high": ("各行共{need}席，各列至多容{have}席。", "The rows have {need} seats; the columns allow {have}."),
    "too-many": ("{rows}共{row_seats}席，在{cols}之外至多安排{elsewhere}席；{cols}因此须容{need}席，但只许{have}席。",
                 "{rows} have {row_seats} seats and can place at most {elsewhere} of them outside {cols}; so {cols} must take {need}, and allow {have}."),
    "too-few": ("{cols}至少要{need}席，而{rows}至多能给{have}席。", "{cols} need at least {need} seats, but {rows} can give at most {have}."),
    "floor-over-cap": ("{rows}的{cols}最少要{need}席，但只容{have}席。", "{rows} needs {need} seats for {cols}, but can have only {have}."),
    "no-members": ("{rows}有{need}席，但各界别都没有人。", "{rows} has {need} seats but nobody in any trade."),
    "cure-raise-max": ("把{cols}的最多席位提高{by}席。", "Raise the most seats of {cols} by {by}."),
    "cure-lower-min": ("把{cols}的最少席位降低{by}席。", "Lower the least seats of {cols} by {by}."),
    "cure-raise-all": ("最多席位合计再提高{by}席。", "Raise the most seats by {by} in all."),
    "cure-lower-all": ("最少席位合计再降低{by}席。", "Lower the least seats by {by} in all."),
    "cure-lower-row": ("给{rows}减少{by}席。", "Give {rows} {by} seats fewer."),
    "cure-raise-row": ("给{rows}增加{by}席。", "Give {rows} {by} seats more."),
    "cure-raise-cap": ("把{rows}在{cols}的上限提高{by}席。", "Raise the cap of {rows} in {cols} by {by}."),
    "cure-move-row": ("把{by}席从{rows}调给{to}。", "Move {by} seats from {rows} to {to}."),
    "skipped": ("{cols}按比例应得第{seat}席（得数{quotient}），但{full}合起来最多只容{have}席，已经排满，因此跳过。",
                "{cols} would get seat {seat} by its share (quotient {quotient}), but {full} together can take only {have}, all given. It was skipped."),
    "cell": ("{weight}÷（{row_divisor}×{col_divisor}）＝{quotient}，在{low}与{high}之间，取{seats}席。",
             "{weight} ÷ ({row_divisor} × {col_divisor}) = {quotient}, between {low} and {high}: {seats} seats."),
    "cell-floor": ("{weight}÷（{row_divisor}×{col_divisor}）＝{quotient}，不足{low}，按最少席位取{seats}席。",
                   "{weight} ÷ ({row_divisor} × {col_divisor}) = {quotient}, below {low}; its floor gives it {seats} seats."),
    "cell-cap": ("{weight}÷（{row_divisor}×{col_divisor}）＝{quotient}，超过{high}，按最多席位取{seats}席。",
                 "{weight} ÷ ({row_divisor} × {col_divisor}) = {quotient}, above {high}; its cap holds it at {seats} seats."),
    "line": ("{weight}÷{divisor}＝{quotient}，在{low}与{high}之间，取{seats}席。", "{weight} ÷ {divisor} = {quotient}, between {low} and {high}: {seats} seats."),
    "line-floor": ("{weight}÷{divisor}＝{quotient}，不足{low}，按最少席位取{seats}席。", "{weight} ÷ {divisor} = {quotient}, below {low}; its floor gives it {seats} seats."),
    "line-cap": ("{weight}÷{divisor}＝{quotient}，超过{high}，按最多席位取{seats}席。", "{weight} ÷ {divisor} = {quotient}, above {high}; its cap holds it at {seats} seats."),
    "line-hamilton": ("{weight}÷{divisor}＝{quotient}，先取整数部分，余数大者补足，得{seats}席。",
                      "{weight} ÷ {divisor} = {quotient}: the whole part, then the largest remainders; {seats} seats."),
    "skipped-alone": ("{cols}按比例应得第{seat}席（得数{quotient}），但各单位的名额与人数最多只容{have}席，因此跳过。",
                      "{cols} would get seat {seat} by its share (quotient {quotient}), but the units can place only {have}. It was skipped."),
    "unknown-name": ("{where}：没有“{name}”这个名称。", "{where}: there is no name \"{name}\"."),
    "no-measure": ("{where}有权重，但各单位的合计是零。", "{where} has a weight, but the units' total of it is zero."),
    "guidance": ("{unit}：{attribute}建议{seats}名，已提名{have}名。", "{unit}: {attribute}, {seats} advised, {have} nominated."),
    "cure-bounds": ("提高最多席位：{raise}；降低最少席位：{lower}（共{by}席）。", "Raise the most of: {raise}; lower the least of: {lower} ({by} seats in all)."),
    "cure-seats": ("总席位增加{by}席。", "{by} more seats in all."),
    "cure-fewer-seats": ("总席位减少{by}席。", "{by} fewer seats in all."),
    "tie": ("{cells}并列：{open}席在这{count}格之间未定，须由会议表决顺序或抽签决定。",
            "{cells} are tied: {open} seats among these {count} cells are not decided; the body votes an order or draws lots."),
}  # fmt: skip
"""code: (Chinese, English); facts stand in braces."""


def say(code: str, facts: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence of a code in "zh" or "en"."""
    chinese = language.startswith("zh")
    pattern = SENTENCES.get(code, (code, code))[0 if chinese else 1]
    return pattern.format_map(_Facts({key: _told(fact, chinese) for key, fact in facts.items()}, chinese))


def _told(fact: Any, chinese: bool) -> str:
    if isinstance(fact, list | tuple):
        shown = [f"{one[0]} {one[1]}" if isinstance(one, list) and len(one) == 2 else str(one) for one in fact[:6]]
        if len(fact) > 6:
            shown.append(f"等{len(fact)}个" if chinese else f"… ({len(fact)})")
        return ("、" if chinese else ", ").join(shown) or ("—" if chinese else "–")
    return str(fact)


class _Facts(dict[str, str]):
    def __init__(self, facts: dict[str, str], chinese: bool) -> None:
        super().__init__(facts)
        self.chinese = chinese

    def __missing__(self, key: str) -> str:
        return "？" if self.chinese else "?"
