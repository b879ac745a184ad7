"""Sentences for people, in Chinese and English, from codes and facts. Names are as given; figures are seats unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "one-row-only": ("{where}：最大余数法一次只分给一组单位。", "{where}: largest remainders share seats among one group of units."),
    "bounds": ("{where}：最少{low}多于最多{high}。", "{where}: the least, {low}, is more than the most, {high}."),
    "rounding": ("{where}须是0与1之间的分数，现是{found}。", "{where} must be a fraction above 0 and up to 1; it is {found}."),
    "no-weight": ("没有可以分配席位的权重。", "There is no weight to apportion by."),
    "unknown-rule": ("没有规则“{found}”；可用：{known}。", "There is no rule \"{found}\"; there are: {known}."),
    "too-large": ("{where}太大：{rows}×{cols}。", "{where} is too large: {rows} × {cols}."),
    "totals": ("{where}：各单位合计{rows}席，各行业合计{cols}席，两者不等。", "{where}: the units have {rows} {rows:seat|seats}, the trades {cols}; they must be equal."),
    "line-low": ("最少席位合计{need}席，只有{have}席可分（{cols}）。", "The least seats come to {need}; there {have:is|are} {have} to give ({cols})."),
    "line-high": ("最多席位合计{have}席，要分{need}席（{cols}）。", "At most {have} {have:seat|seats} can be held; there {need:is|are} {need} to give ({cols})."),
    "row-floor": ("{rows}有{have}席，而它的各行业最少共需{need}席。", "{rows} has {have} {have:seat|seats}, but its trades need at least {need}."),
    "row-cap": ("{rows}有{need}席，而有人的行业（{cols}）至多容{have}席。", "{rows} has {need} {need:seat|seats}, but the trades it has people in ({cols}) hold at most {have}."),
    "total-low": ("各行业最少席位（{cols}）共{need}席，各单位只有{have}席。", "The least seats of the trades ({cols}) come to {need}; the units have {have}."),
    "total-high": ("各单位共{need}席，各行业（{cols}）至多容{have}席。", "The units have {need} {need:seat|seats}; the trades ({cols}) hold at most {have}."),
    "too-many": ("{rows}共{row_seats}席，在{cols}之外至多安排{elsewhere}席；{cols}因此须容{need}席，但只许{have}席。",
                 "{rows} {rows:has|have} {row_seats} {row_seats:seat|seats} and can place at most {elsewhere} of them outside {cols}; so {cols} must take {need}, and {cols:allows|allow} {have}."),
    "too-few": ("{cols}至少要{need}席，而{rows}至多能给{have}席。", "{cols} {cols:needs|need} at least {need} {need:seat|seats}, but {rows} can give at most {have}."),
    "floor-over-cap": ("{rows}的{cols}最少要{need}席，但只容{have}席。", "{rows} needs {need} {need:seat|seats} for {cols}, but can have only {have}."),
    "no-members": ("{rows}有{need}席，但哪个行业都没有人。", "{rows} has {need} {need:seat|seats} but nobody in any trade."),
    "cure-raise-all": ("各行业的最多席位合起来再提高{by}席。", "Raise the most seats of the trades by {by} in all."),
    "cure-lower-all": ("各行业的最少席位合起来再降低{by}席。", "Lower the least seats of the trades by {by} in all."),
    "cure-lower-row": ("给{rows}减少{by}席。", "Give {rows} {by} {by:seat|seats} fewer."),
    "cure-raise-row": ("给{rows}增加{by}席。", "Give {rows} {by} {by:seat|seats} more."),
    "skipped": ("{cols}按比例应得第{seat}席（得数{quotient}），但{full}合起来最多只容{have}席，已经排满，因此跳过。",
                "{cols} would get seat {seat} by its share (quotient {quotient}), but {full} together can take only {have}, all given. It was skipped."),
    "cell": ("{row}的{col}：{weight}人÷（单位除数{row_divisor}×行业除数{col_divisor}）＝{quotient}，在{low}与{high}之间，取{seats}席。",
             "{col} in {row}: {weight} ÷ (unit’s divisor {row_divisor} × trade’s divisor {col_divisor}) = {quotient}, between {low} and {high}: {seats} {seats:seat|seats}."),
    "cell-floor": ("{row}的{col}：{weight}人÷（单位除数{row_divisor}×行业除数{col_divisor}）＝{quotient}，不足{low}，按最少席位取{seats}席。",
                   "{col} in {row}: {weight} ÷ (unit’s divisor {row_divisor} × trade’s divisor {col_divisor}) = {quotient}, below {low}; its least gives it {seats} {seats:seat|seats}."),
    "cell-cap": ("{row}的{col}：{weight}人÷（单位除数{row_divisor}×行业除数{col_divisor}）＝{quotient}，超过{high}，按最多席位取{seats}席。",
                 "{col} in {row}: {weight} ÷ (unit’s divisor {row_divisor} × trade’s divisor {col_divisor}) = {quotient}, above {high}; its most holds it at {seats} {seats:seat|seats}."),
    "line": ("{weight}÷{divisor}＝{quotient}，在{low}与{high}之间，取{seats}席。", "{weight} ÷ {divisor} = {quotient}, between {low} and {high}: {seats} {seats:seat|seats}."),
    "line-floor": ("{weight}÷{divisor}＝{quotient}，不足{low}，按最少席位取{seats}席。", "{weight} ÷ {divisor} = {quotient}, below {low}; its least gives it {seats} {seats:seat|seats}."),
    "line-cap": ("{weight}÷{divisor}＝{quotient}，超过{high}，按最多席位取{seats}席。", "{weight} ÷ {divisor} = {quotient}, above {high}; its most holds it at {seats} {seats:seat|seats}."),
    "line-hamilton": ("{weight}÷{divisor}＝{quotient}，先取整数部分，余数大者补足，得{seats}席。",
                      "{weight} ÷ {divisor} = {quotient}: the whole part, then the largest remainders; {seats} {seats:seat|seats}."),
    "skipped-alone": ("{cols}按比例应得第{seat}席（得数{quotient}），但各单位的名额与人数最多只容{have}席，因此跳过。",
                      "{cols} would get seat {seat} by its share (quotient {quotient}), but the units can place only {have}. It was skipped."),
    "unknown-name": ("{where}：没有“{name}”这个名称。", "{where}: there is no name \"{name}\"."),
    "no-measure": ("{where}有权重，但各单位的合计是零。", "{where} has a weight, but the units' total of it is zero."),
    "guidance": ("{unit}：{attribute}建议{seats}名，已提名{have}名。", "{unit}: {attribute}, {seats} advised, {have} nominated."),
    "cure-bounds": ("提高最多席位：{raise}；降低最少席位：{lower}（共{by}席）。", "Raise the most of: {raise}; lower the least of: {lower} ({by} {by:seat|seats} in all)."),
    "cure-seats": ("总席位增加{by}席。", "{by} more {by:seat|seats} in all."),
    "cure-fewer-seats": ("总席位减少{by}席。", "{by} {by:seat|seats} fewer in all."),
    "tie": ("{cells}并列：{open}席在这{count}处之间未定，须由会议表决次序或抽签决定。",
            "{cells} are tied: {open} {open:seat|seats} among these {count} {open:is|are} not decided; the body votes an order or draws lots."),
    "tie-line": ("{cells}并列：{open}席给谁还没有定，须由会议表决次序或抽签决定。",
                 "{cells} are tied: {open} {open:seat|seats} among these {count} {open:is|are} not decided; the body votes an order or draws lots."),
}  # fmt: skip
"""code: (Chinese, English); facts stand in braces, `{by:seat|seats}` chooses the word for one or several. Rows are units, columns trades."""


def say(code: str, facts: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence of a code in "zh" or "en"."""
    chinese = language.startswith("zh")
    pattern = SENTENCES.get(code, (code, code))[0 if chinese else 1]
    return pattern.format_map(_Facts({key: _Fact.told(fact, chinese) for key, fact in facts.items()}, chinese))


class _Fact(str):
    """A fact as words. `{rows:has|have}` in a sentence writes the first word for one, the second for several."""

    many = False

    @classmethod
    def told(cls, fact: Any, chinese: bool) -> _Fact:
        listed = isinstance(fact, list | tuple)
        found = cls(_listed(fact, chinese) if listed else str(fact))
        found.many = len(fact) != 1 if listed else fact not in (1, "1")
        return found

    def __format__(self, words: str) -> str:
        one, bar, several = words.partition("|")
        return (several if self.many else one) if bar else str(self)


def _listed(fact: Sequence[Any], chinese: bool) -> str:
    shown = [f"{one[0]} {one[1]}" if isinstance(one, list) and len(one) == 2 else str(one) for one in fact[:6]]
    if not chinese:
        shown = [*shown, f"{len(fact) - 6} more"] if len(fact) > 6 else shown
        return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown) or "–"
    return ("、".join(shown) or "—") + (f"等{len(fact)}个" if len(fact) > 6 else "")


class _Facts(dict[str, _Fact]):
    def __init__(self, facts: dict[str, _Fact], chinese: bool) -> None:
        super().__init__(facts)
        self.chinese = chinese

    def __missing__(self, key: str) -> _Fact:
        return _Fact("？" if self.chinese else "?")
