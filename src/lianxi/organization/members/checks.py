"""What a register entry must satisfy, item by item and item against item. The form, the import and the services ask here."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from lianxi.commons.blinding import plain_form
from lianxi.commons.rulebook import applies, rule
from lianxi.engines import codes

from .terms import Kind, Sex

Said = tuple[str, dict[str, Any]]
"""A sentence as msgid and facts, so that each reader gets his language."""

IDENTITY: Final = {
    "blank": N_("没有填身份证号。"),
    "length": N_("身份证号要18位。"),
    "character": N_("身份证号前17位是数字，最后一位是数字或X。"),
    "birth": N_("身份证号里的出生日期不存在。"),
    "checksum": N_("身份证号的校验码对不上，请逐位核对。"),
}
"""Sentence by the name of the problem."""
BIRTH = N_("出生日期和身份证号里的%(day)s不一致。")
SEX = {Sex.MALE: N_("性别和身份证号不一致（身份证号是男）。"), Sex.FEMALE: N_("性别和身份证号不一致（身份证号是女）。")}
PHONE_WRONG = N_("电话要11位手机号，或带区号的座机号。")
NOT_YET = N_("日期还没有到。")
TOO_YOUNG = N_("入党时不满%(n)d周岁。")
FULL_BEFORE = N_("转正日期早于入党日期。")
FULL_MISSING = N_("正式党员要有转正日期。")
FULL_TOO_MUCH = N_("预备党员没有转正日期。")

PHONE: Final = re.compile(r"1[3-9]\d{9}|(0\d{2,3})?[2-9]\d{6,7}", re.ASCII)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def problems(values: Mapping[str, Any], *, on: dt.date) -> dict[str, str]:
    """Item → what is wrong with it, in the active language."""
    return {item: gettext(msgid) % facts for item, (msgid, facts) in wrong_items(values, on=on).items()}


@applies("B-11", where=_("党员登记的日期"))
@applies("K-02", where=_("党员身份证号校验"))
def wrong_items(values: Mapping[str, Any], *, on: dt.date) -> dict[str, Said]:
    """Item → what is wrong with it. `values` has the names of the model's fields, and `phone`; a missing key is not asked.

    `on`: the day of asking. Sentences name the item that does not fit and the one it does not fit to.
    """
    found: dict[str, Said] = {}
    if "identity" in values:
        found |= _identity(values)
    if (phone := str(values.get("phone") or "")) and not PHONE.fullmatch(plain_form(phone)):
        found["phone"] = PHONE_WRONG, {}
    return _dates(values, on) | found


def _identity(values: Mapping[str, Any]) -> dict[str, Said]:
    read = codes.identity(str(values["identity"] or ""))
    if read.problem:
        return {"identity": (IDENTITY[read.problem], {})}
    found: dict[str, Said] = {}
    if (born := values.get("born_on")) and born != read.birth:
        found["born_on"] = BIRTH, {"day": str(read.birth)}
    if (sex := values.get("sex")) in (Sex.MALE, Sex.FEMALE) and sex != read.sex:
        found["sex"] = SEX[Sex(read.sex)], {}
    return found


def _dates(values: Mapping[str, Any], on: dt.date) -> dict[str, Said]:
    born, joined, full = values.get("born_on"), values.get("joined_on"), values.get("full_on")
    kind = values.get("kind")
    found: dict[str, Said] = {}
    for name, day in (("born_on", born), ("joined_on", joined), ("full_on", full)):
        if day and day > on:
            found[name] = NOT_YET, {}
    least = int(rule("B-11", on=on).figure("min_age").value)
    if born and joined and born <= on and joined < years_after(born, least):
        found.setdefault("joined_on", (TOO_YOUNG, {"n": least}))
    if joined and full and full < joined:
        found.setdefault("full_on", (FULL_BEFORE, {}))
    if kind == Kind.FULL and "full_on" in values and not full:
        found.setdefault("full_on", (FULL_MISSING, {}))
    if kind == Kind.PROBATIONARY and full:
        found.setdefault("full_on", (FULL_TOO_MUCH, {}))
    return found
