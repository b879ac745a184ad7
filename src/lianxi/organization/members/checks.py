"""What a register entry must satisfy, item by item and item against item. The form, the import and the services ask here."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lianxi.commons.blinding import plain_form
from lianxi.commons.refusals import Text
from lianxi.commons.rulebook import applies, rule
from lianxi.engines import codes

from .terms import Kind, Sex

IDENTITY: Final[dict[str, Text]] = {
    "blank": _("没有填身份证号。"),
    "length": _("身份证号要18位。"),
    "character": _("身份证号前17位是数字，最后一位是数字或X。"),
    "birth": _("身份证号里的出生日期不存在。"),
    "checksum": _("身份证号的校验码对不上，请逐位核对。"),
}
"""Sentence by the name of the problem."""

PHONE: Final = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}", re.ASCII)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


@applies("B-11", where=_("党员登记的日期"))
@applies("K-02", where=_("党员身份证号校验"))
def problems(values: Mapping[str, Any], *, on: dt.date) -> dict[str, Text]:
    """Item → what is wrong with it. `values` has the names of the model's fields, and `phone`; a missing key is not asked.

    `on`: the day of asking. Sentences name the item that does not fit and the one it does not fit to.
    """
    found: dict[str, Text] = {}
    if "identity" in values:
        found |= _identity(values)
    if (phone := str(values.get("phone") or "")) and not PHONE.fullmatch(plain_form(phone)):
        found["phone"] = _("电话要11位手机号，或带区号的座机号。")
    found |= {key: text for key, text in _dates(values, on).items() if key not in found}
    return found


def _identity(values: Mapping[str, Any]) -> dict[str, Text]:
    read = codes.identity(str(values["identity"] or ""))
    if read.problem:
        return {"identity": IDENTITY[read.problem]}
    found: dict[str, Text] = {}
    if (born := values.get("born_on")) and born != read.birth:
        found["born_on"] = _("出生日期和身份证号里的%(day)s不一致。") % {"day": read.birth}
    if (sex := values.get("sex")) in (Sex.MALE, Sex.FEMALE) and sex != read.sex:
        found["sex"] = _("性别和身份证号不一致（身份证号是%(sex)s）。") % {"sex": Sex(read.sex).label}
    return found


def _dates(values: Mapping[str, Any], on: dt.date) -> dict[str, Text]:
    born, joined, full = values.get("born_on"), values.get("joined_on"), values.get("full_on")
    kind = values.get("kind")
    found: dict[str, Text] = {}
    for name, day in (("born_on", born), ("joined_on", joined), ("full_on", full)):
        if day and day > on:
            found[name] = _("日期还没有到。")
    law = rule("B-11", on=on)
    if born and joined and joined < years_after(born, int(law.figure("min_age").value)):
        found.setdefault("joined_on", _("入党时不满%(n)s周岁。") % {"n": int(law.figure("min_age").value)})
    if joined and full and full < joined:
        found.setdefault("full_on", _("转正日期早于入党日期。"))
    if kind == Kind.FULL and "full_on" in values and not full:
        found.setdefault("full_on", _("正式党员要有转正日期。"))
    if kind == Kind.PROBATIONARY and full:
        found.setdefault("full_on", _("预备党员没有转正日期。"))
    return found
