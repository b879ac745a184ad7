"""From a cell to a value: each kind of value mends what can be mended, says so, and names the rest."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as N_

from .problems import CellProblem
from .raw import MOST_CHARACTERS, Epoch, RawCell, from_serial

LOST_DIGITS = N_("这一格是按数字存的，15位以后的数字已经丢了。请把这一列设为“文本”格式，重新填写原号码。")
TOO_LONG = N_("太长：有%(n)d个字，最多%(most)d个。")
INVISIBLE = N_("里面有看不见的控制字符（%(code)s）。请删掉这一格，重新打字。")
ERROR_VALUE = N_("这一格的公式没有算出结果（%(found)s）。请改成填好的值。")
NO_VALUE = N_("这一格的公式没有保存结果。请在Excel里打开，保存一次，或改成填好的值。")
NO_FORMULA = N_("这一列不收公式。请改成填好的值。")
NOT_A_DATE = N_("“%(found)s”不是日期。请写成2020-01-05这样。")
NO_SUCH_DAY = N_("“%(found)s”：没有这一天。")
SHORT_YEAR = N_("“%(found)s”：年份请写四位，如1998-07-01。")
NO_DAY = N_("“%(found)s”只有年月，请补上日。")
WHICH_MONTH = N_("“%(found)s”看不出是1月还是10月。请写成2020-10这样。")
OUT_OF_RANGE = N_("“%(found)s”不在%(first)s到%(last)s之间。")
NOT_A_PHONE = N_("“%(found)s”不是电话号码。")
NOT_AN_IDENTITY = N_("不是18位公民身份号码。")
OLD_IDENTITY = N_("这是15位的旧号码，请填18位的。")
BAD_CHECK = N_("公民身份号码的最后一位对不上，请核对。")
NOT_A_NUMBER = N_("“%(found)s”不是整数。")
NOT_A_CHOICE = N_("“%(found)s”不在可填的里面。可填：%(choices)s。")

WIDTH = N_("全角数字和字母改成了半角")
BLANKS = N_("去掉了多余的空格")
UNSEEN = N_("去掉了看不见的字符")
GUARD = N_("去掉了防公式的符号")
AS_TEXT = N_("按数字存的，当文本读了")
AS_NUMBER = N_("按文本存的，当数字读了")
AS_DATE = N_("“%(found)s”读作%(date)s")
SERIAL = N_("日期存成了数字%(found)s，读作%(date)s")
WITHOUT_TIME = N_("去掉了日期后面的时间")
FIRST_OF_MONTH = N_("“%(found)s”只有年月，记作当月1日")
UPPER_X = N_("末位x改成了大写X")
FILLED = N_("合并单元格，用了第一格的内容")
UNDERSTOOD = N_("“%(found)s”读作“%(choice)s”")


@dataclass(slots=True)
class Reading:
    """A cell being read: the epoch of its workbook, and what has been mended so far."""

    cell: RawCell
    epoch: Epoch = 1900
    typed: bool = True
    """Whether the file knows numbers from text (a workbook does, text tables do not)."""
    mends: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def mended(self, msgid: str, **params: Any) -> None:
        self.mends.append((msgid, params))


Parser = Callable[[Reading], Any]
"""Gives the value (None for an empty cell). Raises CellProblem."""

_HALF = {
    code: code - 0xFEE0 for block in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*block)
}
_SPACES = dict.fromkeys((0x00A0, 0x3000, 0x202F, 0x205F, 0x0009, *range(0x2000, 0x200B)), " ")
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)
_GUARDED = re.compile(r'^="(.*)"$|^\'(.*)$', re.S)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d{2,}$", re.I)


def plain(reading: Reading) -> str:
    """What the cell says as one clean text. Raises CellProblem for what must not come in."""
    cell = reading.cell
    if cell.kind == "error":
        raise CellProblem(ERROR_VALUE, found=cell.text) if cell.text else CellProblem(NO_VALUE)
    if cell.kind == "number":
        return _number_text(cell.text)
    if cell.kind == "date":
        return _date_text(cell)
    text = cell.text
    if len(text) > MOST_CHARACTERS:
        raise CellProblem(TOO_LONG, n=len(text), most=MOST_CHARACTERS)
    return _clean(text, reading) if text else ""


def _clean(text: str, reading: Reading) -> str:
    if text.isascii() and text.isalnum():
        return text
    if found := _CONTROL.search(text):
        raise CellProblem(INVISIBLE, code=f"U+{ord(found[0]):04X}")
    for table, msgid in ((_UNSEEN, UNSEEN), (_HALF, WIDTH)):
        changed = text.translate(table)
        if changed != text:
            reading.mended(msgid)
        text = changed
    trimmed = text.translate(_SPACES).replace("\r\n", "\n").replace("\r", "\n").strip()
    if trimmed != text.replace("\r\n", "\n"):
        reading.mended(BLANKS)
    if guarded := _GUARDED.match(trimmed):
        reading.mended(GUARD)
        trimmed = (guarded[1] if guarded[1] is not None else guarded[2]).strip()
    return trimmed


def _number_text(literal: str) -> str:
    """A number as Excel would show it; refused where it has lost digits."""
    try:
        value = float(literal)
    except ValueError:
        raise CellProblem(ERROR_VALUE, found=literal[:40]) from None
    if abs(value) >= 1e15:
        raise CellProblem(LOST_DIGITS)
    if value == int(value):
        return str(int(value))
    return f"{value:.15g}"


def _date_text(cell: RawCell) -> str:
    assert cell.when is not None
    return cell.when.date().isoformat() if cell.when.time() == dt.time() else cell.when.isoformat(" ", "minutes")


def text(most: int = 500, *, lines: bool = False) -> Parser:
    """A text of at most so many characters; `lines`: it may have several lines."""

    def parse(reading: Reading) -> str | None:
        found = plain(reading)
        if not lines and "\n" in found:
            reading.mended(BLANKS)
            found = " ".join(found.split())
        if len(found) > most:
            raise CellProblem(TOO_LONG, n=len(found), most=most)
        return found or None

    return parse


def name(most: int = 60) -> Parser:
    """A person's name: blanks between 汉字 are dropped (刘　砚), the dot of minority names is one and the same."""

    def parse(reading: Reading) -> str | None:
        found = plain(reading)
        short = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", " ".join(found.split()))
        short = re.sub(r"\s*[・•‧∙⋅•]\s*", "·", short)
        if short != found:
            reading.mended(BLANKS)
        if len(short) > most:
            raise CellProblem(TOO_LONG, n=len(short), most=most)
        return short or None

    return parse


_WRITTEN = re.compile(
    r"^(\d{4})\s*[-/.年\uff0e。]\s*(\d{1,2})\s*[-/.月\uff0e。]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_MONTH = re.compile(r"^(\d{4})\s*[-/.年\uff0e。]\s*(\d{1,2})\s*月?$")
_SHORT = re.compile(r"^'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?$")
_EIGHT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


def date(
    *, first: dt.date = dt.date(1900, 1, 1), last: dt.date = dt.date(2100, 1, 1), month_ok: bool = False
) -> Parser:
    """A day between `first` and `last`, in any of the forms found in offices; `month_ok`: a month stands for its 1st."""

    def parse(reading: Reading) -> dt.date | None:
        cell = reading.cell
        if cell.kind == "date":
            assert cell.when is not None
            if cell.when.time() != dt.time():
                reading.mended(WITHOUT_TIME)
            return _within(cell.when.date(), first, last)
        found = plain(reading)
        if not found:
            return None
        day = _serial(found, reading) if cell.kind == "number" else None
        return _within(day or _written(found, reading, month_ok), first, last)

    return parse


def _within(day: dt.date, first: dt.date, last: dt.date) -> dt.date:
    if not first <= day <= last:
        raise CellProblem(OUT_OF_RANGE, found=day.isoformat(), first=first.isoformat(), last=last.isoformat())
    return day


def _serial(found: str, reading: Reading) -> dt.date | None:
    """A number that is a day: an Excel serial number, or None to read on as text."""
    if not found.isdigit() or len(found) > 5:
        if re.fullmatch(r"(19|20)\d\d\.1", found):
            raise CellProblem(WHICH_MONTH, found=found)
        return None
    if 1900 <= int(found) <= 2100:
        raise CellProblem(NOT_A_DATE, found=found)
    try:
        day = from_serial(int(found), reading.epoch).date()
    except ValueError:
        raise CellProblem(NOT_A_DATE, found=found) from None
    reading.mended(SERIAL, found=found, date=day.isoformat())
    return day


def _written(found: str, reading: Reading, month_ok: bool) -> dt.date:
    if match := _WRITTEN.match(found) or _EIGHT.match(found):
        day = _day(match[1], match[2], match[3], found)
        if found != day.isoformat():
            reading.mended(AS_DATE, found=found, date=day.isoformat())
        return day
    if match := _MONTH.match(found) or re.match(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])$", found):
        if not month_ok:
            raise CellProblem(NO_DAY, found=found)
        reading.mended(FIRST_OF_MONTH, found=found)
        return _day(match[1], match[2], "1", found)
    raise CellProblem(SHORT_YEAR if _SHORT.match(found) else NOT_A_DATE, found=found[:40])


def _day(year: str, month: str, day: str, found: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise CellProblem(NO_SUCH_DAY, found=found) from None


_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^(0\d{2,3})?[2-9]\d{6,7}(-?\d{1,6})?$")


def phone(*, landline: bool = True) -> Parser:
    """A mobile number, or a landline with or without its area code; kept as digits."""

    def parse(reading: Reading) -> str | None:
        found = plain(reading)
        if not found:
            return None
        if reading.cell.kind == "number":
            reading.mended(AS_TEXT)
        if _SCIENTIFIC.match(found):
            raise CellProblem(LOST_DIGITS)
        digits = re.sub(r"^(\+|00)86", "", re.sub(r"[\s\-－—–()（）]", "", found))
        digits = re.sub(r"\.0+$", "", digits)
        if _MOBILE.match(digits) or (landline and _LANDLINE.match(digits)):
            if digits != found:
                reading.mended(BLANKS)
            return digits
        raise CellProblem(NOT_A_PHONE, found=found[:40])

    return parse


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_checks(number: str) -> bool:
    """Whether the last character of an 18-character identity number is right (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11] == number[17]


def identity() -> Parser:
    """A citizen's identity number 公民身份号码 of 18 characters. From a number it is never taken: its end is lost."""

    def parse(reading: Reading) -> str | None:
        if reading.cell.kind == "number":
            raise CellProblem(LOST_DIGITS)
        found = re.sub(r"[\s\-]", "", plain(reading))
        if not found:
            return None
        if _SCIENTIFIC.match(found):
            raise CellProblem(LOST_DIGITS)
        if found.endswith("x"):
            reading.mended(UPPER_X)
            found = found.upper()
        if re.fullmatch(r"\d{15}", found):
            raise CellProblem(OLD_IDENTITY)
        if not re.fullmatch(r"\d{17}[\dX]", found):
            raise CellProblem(NOT_AN_IDENTITY)
        if not identity_checks(found):
            raise CellProblem(BAD_CHECK)
        _day(found[6:10], found[10:12], found[12:14], f"{found[6:10]}-{found[10:12]}-{found[12:14]}")
        return found

    return parse


def integer(least: int = 0, most: int = 10**9) -> Parser:
    """A whole number within bounds."""

    def parse(reading: Reading) -> int | None:
        found = plain(reading)
        if not found:
            return None
        digits = re.sub(r"[,，\s]", "", found)
        digits = re.sub(r"\.0+$", "", digits)
        if not re.fullmatch(r"-?\d{1,18}", digits):
            raise CellProblem(NOT_A_NUMBER, found=found[:40])
        if reading.typed and reading.cell.kind == "text":
            reading.mended(AS_NUMBER)
        if not least <= int(digits) <= most:
            raise CellProblem(OUT_OF_RANGE, found=digits, first=str(least), last=str(most))
        return int(digits)

    return parse


def choice(words: Mapping[str, Any], also: Mapping[str, Any] | None = None) -> Parser:
    """One of the words; `also`: other ways of saying them. `.words` of the parser gives the word of a value again."""
    exact = {word.casefold(): value for word, value in words.items()}
    others = {word.casefold(): value for word, value in (also or {}).items()}
    canonical = {str(value): word for word, value in reversed(list(words.items()))}

    def parse(reading: Reading) -> Any:
        found = plain(reading)
        if not found:
            return None
        key = found.casefold()
        if key in exact:
            return exact[key]
        short = re.sub(r"\s", "", key)
        if short in exact or short in others:
            value = exact.get(short, others.get(short))
            reading.mended(UNDERSTOOD, found=found, choice=canonical.get(str(value), str(value)))
            return value
        raise CellProblem(NOT_A_CHOICE, found=found[:40], choices="、".join(list(words)[:12]))

    parse.words = canonical  # type: ignore[attr-defined]
    return parse


def boolean() -> Parser:
    """是 or 否, also as ticks and crosses."""
    yes = dict.fromkeys(("√", "✓", "✔", "有", "yes", "y", "true", "1", "对"), True)
    no = dict.fromkeys(("×", "✗", "无", "no", "n", "false", "0", "不是"), False)
    return choice({"是": True, "否": False}, yes | no)
