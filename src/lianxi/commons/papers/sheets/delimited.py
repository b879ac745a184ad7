"""Text tables: the encoding and the separator are found out, and said."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_noop as N_

from .container import NO_KIND
from .problems import Unreadable
from .raw import MOST_CHARACTERS, MOST_COLUMNS, RawCell, RawRow

BAD_LINE = N_("第%(line)d行读不出来：引号没有成对。请在Excel或WPS里打开，另存为.xlsx，再传一次。")
ENCODINGS = ("utf-8-sig", "gb18030")


def decoded(file: BinaryIO) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-16 by its mark, UTF-8, else GB18030. Raises Unreadable."""
    data = file.read()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
    raise Unreadable(NO_KIND)


def separator(text: str) -> str:
    """The separator: what the first lines have most of, equally in each."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]
    counts = {sign: [line.count(sign) for line in lines] for sign in (",", "\t", ";", "，")}
    return max(counts, key=lambda sign: (sum(1 for n in counts[sign] if n), sum(counts[sign])), default=",")


def rows(text: str, sign: str) -> Iterator[RawRow]:
    """The lines as rows. A guard against formulas (`="…"`, a leading apostrophe or tab) is left to the cells."""
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    try:
        for number, line in enumerate(reader, 1):
            cells = {
                column: RawCell("text", value[: MOST_CHARACTERS + 1])
                for column, value in enumerate(line[:MOST_COLUMNS], 1)
                if value
            }
            if cells:
                yield RawRow(number, cells)
    except csv.Error:
        raise Unreadable(BAD_LINE, line=number + 1) from None
