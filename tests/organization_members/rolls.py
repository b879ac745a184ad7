"""Rolls of members as offices have them: merged heads, mixed dates, full-width digits, numbers as text, blanks."""

import datetime as dt
import io
import random
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook

from tests.organization import identity

HEAD = (
    "姓名",
    "身份证号",
    "性别",
    "民族",
    "出生日期",
    "学历",
    "人员类别",
    "所在党支部",
    "入党日期",
    "转正日期",
    "联系电话",
    "家庭住址",
)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "安宁青岚望舒怀瑾知远清和晚晴"


def roll(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD, *, merged: bool = True) -> io.BytesIO:
    """A sheet with a title, a head of two levels with merged cells, and the rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "党员名册"
    if merged:
        sheet.append(["2026年党员名册（第一版）"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
        top = ["基本情况", *[""] * 5, "党内情况", *[""] * (len(head) - 9), "联系", ""]
        sheet.append(top[: len(head)])
        sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=6)
        sheet.merge_cells(start_row=2, start_column=7, end_row=2, end_column=len(head) - 2)
        sheet.merge_cells(start_row=2, start_column=len(head) - 1, end_row=2, end_column=len(head))
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def wide(text: str) -> str:
    """With full-width digits."""
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text)


def people(count: int, branches: Sequence[str], lot: random.Random) -> Iterator[list[Any]]:
    """Good rows, one in five as untidy as such sheets are."""
    for number in range(count):
        born = dt.date(1940, 1, 1) + dt.timedelta(days=lot.randrange(20_000))
        sex = lot.choice("12")
        joined = born.replace(year=born.year + 22, day=1)
        full: dt.date | None = joined.replace(year=joined.year + 1)
        name = lot.choice(SURNAMES) + "".join(lot.sample(GIVEN, 2))
        row: list[Any] = [
            name, identity(born, sex, number % 499 + 1), "男" if sex == "1" else "女", "汉族", born, "大学本科", "正式党员",
            branches[number % len(branches)], joined, full, f"139{number:08d}", f"望槐路{number % 300 + 1}号",
        ]  # fmt: skip
        if number % 5 == 0:
            row[0] = f"{name[0]}　{name[1:]} "
            row[1] = wide(str(row[1]))
            row[4] = f"{born:%Y.%m.%d}"
            row[5] = "本科"
            row[8] = f"{joined.year}年{joined.month}月{joined.day}日"
            row[10] = int(row[10])
        yield row
