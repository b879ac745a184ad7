"""Files that are not what they say, or mean harm: one clear sentence, and nothing is opened."""

import io
import time
import tracemalloc
import zipfile

import pytest

from lianxi.commons.papers.sheets import Unreadable
from lianxi.commons.papers.sheets import container as k
from lianxi.commons.papers.sheets import delimited as d
from lianxi.commons.papers.sheets import table as t

from .books import book_of, changed, read, with_part

HEAD = ("姓名", "手机")
SHEET = "xl/worksheets/sheet1.xml"


def good() -> io.BytesIO:
    return book_of([HEAD, ["刘砚", "13800001234"]])


def zipped(**parts: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    out.seek(0)
    return out


def encrypted() -> io.BytesIO:
    file = good()
    data = bytearray(file.getvalue())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return io.BytesIO(bytes(data))


OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600
BOMB = (b"<x>" + b"0" * 1_000_000) * 1

CASES = {
    "empty": (io.BytesIO(b""), k.EMPTY),
    "old xls": (io.BytesIO(OLE + "Workbook".encode("utf-16-le")), k.OLD_XLS),
    "password": (io.BytesIO(OLE + "EncryptedPackage".encode("utf-16-le")), k.ENCRYPTED),
    "zip password": (encrypted(), k.ENCRYPTED),
    "pdf": (io.BytesIO(b"%PDF-1.7 ..."), k.WRONG_KIND),
    "png named xlsx": (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 100), k.WRONG_KIND),
    "binary": (io.BytesIO(b"abc\0def" * 50), k.NO_KIND),
    "web page": (io.BytesIO(b"\r\n<html><table><tr><td>"), k.WEB_PAGE),
    "xml of 2003": (io.BytesIO(b'<?xml version="1.0"?><Workbook/>'), k.WEB_PAGE),
    "other zip": (zipped(a=b"x"), k.NOT_A_WORKBOOK),
    "cut off": (io.BytesIO(good().getvalue()[:-200]), k.BROKEN),
    "climbing names": (with_part(good(), "../../etc/passwd", b"x"), k.BROKEN),
    "nested zip": (with_part(good(), "xl/media/inner.zip", b"PK"), k.NESTED),
    "embedded book": (with_part(good(), "xl/embeddings/a.xlsx", b"PK"), k.NESTED),
    "external link": (with_part(good(), "xl/externalLinks/externalLink1.xml", b"<x/>"), k.LINKED),
    "bomb by ratio": (with_part(good(), "xl/media/a.xml", b"0" * 30_000_000), k.BOMB),
    "bomb by count": (zipped(**{f"f{n}": b"" for n in range(2001)}), k.BOMB),
    "doctype": (changed(good(), SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'), k.BROKEN),
    "not xml": (changed(good(), SHEET, b"<sheetData>", b"<sheetData"), k.BROKEN),
    "no sheets": (changed(good(), "xl/workbook.xml", b"<sheet ", b"<shoot "), k.BROKEN),
    "broken csv": (io.BytesIO('姓名,手机\n"刘砚,1\n'.encode()), d.BAD_LINE),
    "binary as utf16": (io.BytesIO(b"\xff\xfe\x00\xd8\x00\x00"), k.NO_KIND),
}


@pytest.mark.parametrize("name", CASES)
def test_each_is_refused_with_its_sentence(name: str) -> None:
    file, said = CASES[name]
    file.seek(0)
    with pytest.raises(Unreadable) as refused:
        read(file)
    assert refused.value.msgid == said
    assert str(refused.value)
    assert "%(" not in str(refused.value)


def test_too_large_is_refused_unread() -> None:
    class Huge(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return 21 * k.MEGABYTE if whence == 2 else super().seek(offset, whence)

    with pytest.raises(Unreadable) as refused:
        read(Huge(b"PK"))
    assert str(refused.value) == "这个文件有21 MB，最多收20 MB。请分成几个文件。"


def test_a_bomb_by_size_costs_neither_time_nor_memory() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", b"<Types/>")
        with target.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(320):
                sheet.write(b"0" * k.MEGABYTE)
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read(out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.msgid == k.BOMB
    assert time.monotonic() - began < 1
    assert peak < 5 * k.MEGABYTE


def test_a_size_that_lies_is_broken() -> None:
    out = bytearray(good().getvalue())
    at = out.find(b"PK\x01\x02")
    names = []
    while at >= 0:
        length = int.from_bytes(out[at + 28 : at + 30], "little")
        name = bytes(out[at + 46 : at + 46 + length])
        names.append(name)
        if name == SHEET.encode():
            out[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = out.find(b"PK\x01\x02", at + 1)
    assert SHEET.encode() in names
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(bytes(out)))
    assert refused.value.msgid == k.BROKEN


def test_macros_are_ignored() -> None:
    rows, _ = read(with_part(good(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open"))
    assert rows[0].values["name"] == "刘砚"


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(t, "MOST_ROWS", 5)
    with pytest.raises(Unreadable) as refused:
        read(book_of([HEAD, *[[f"人{n}", None] for n in range(6)]]))
    assert refused.value.msgid == t.TOO_MANY
    assert len(read(book_of([HEAD, *[[f"人{n}", None] for n in range(5)]]))[0]) == 5
