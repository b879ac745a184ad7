"""Is it a workbook, and is it safe to open? Judged by its bytes, never by its name."""

import posixpath
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext_noop as N_

from .problems import Unreadable

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 300 * MEGABYTE
MOST_STRINGS = 100 * MEGABYTE
MOST_RATIO = 200
MOST_ENTRIES = 2000
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".xlsx", ".xlsm", ".docx", ".pptx")
_NOT_A_SHEET = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "gzip",
}

TOO_LARGE = N_("这个文件有%(size)d MB，最多收%(most)d MB。请分成几个文件。")
EMPTY = N_("这个文件是空的。")
WRONG_KIND = N_("这不是表格，是%(kind)s文件。请传.xlsx或.csv。")
NO_KIND = N_("这不是表格。请传.xlsx或.csv。")
OLD_XLS = N_("这是旧式的.xls表格。请在Excel或WPS里打开，另存为.xlsx，再传一次。")
ENCRYPTED = N_("这个表格设了打开密码，这里打不开。请先取消密码，另存后再传。")
WEB_PAGE = N_("这是网页存成的表格，不是真正的Excel文件。请在Excel或WPS里打开，另存为.xlsx，再传一次。")
NOT_A_WORKBOOK = N_("这个压缩包不是Excel表格。请传.xlsx或.csv。")
BROKEN = N_("这个文件坏了，读不出来。请在Excel或WPS里打开，另存后再传。")
BOMB = N_("这个文件打开后会大得不正常，没有打开。请在Excel或WPS里另存一份，再传一次。")
NESTED = N_("这个表格里嵌着别的文件（%(name)s）。请删掉嵌入的对象，另存后再传。")
LINKED = N_("这个表格链接着别的文件。请在Excel里“断开链接”，另存后再传。")


def kind_of(file: BinaryIO) -> str:
    """ "xlsx" or "text". Raises Unreadable for everything else; the file is left at its beginning."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if size == 0:
        raise Unreadable(EMPTY)
    if size > MOST_BYTES:
        raise Unreadable(TOO_LARGE, size=-(-size // MEGABYTE), most=MOST_BYTES // MEGABYTE)
    if head.startswith(_OLE):
        raise Unreadable(_of_ole(file))
    for magic, kind in _NOT_A_SHEET.items():
        if head.startswith(magic):
            raise Unreadable(WRONG_KIND, kind=kind)
    if head.startswith(b"PK"):
        return "xlsx"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"mime-version")):
        raise Unreadable(WEB_PAGE)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(NO_KIND)
    return "text"


def _of_ole(file: BinaryIO) -> str:
    whole = file.read()
    file.seek(0)
    return ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in whole else OLD_XLS


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """The zip of a workbook, after its table of contents was found harmless. Nothing is unpacked.

    The sizes declared in the table of contents are bounds: zipfile reads no further, and then misses the checksum.
    """
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(BROKEN) from None
    entries = package.infolist()
    _check_sizes(entries)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(_climbs(name) for name in names):
        raise Unreadable(BROKEN)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(ENCRYPTED)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Unreadable(BROKEN)
    if "[Content_Types].xml" not in names:
        raise Unreadable(NOT_A_WORKBOOK)
    for name in names:
        if name.lower().endswith(_ARCHIVES):
            raise Unreadable(NESTED, name=posixpath.basename(name))
        if name.startswith("xl/externalLinks/"):
            raise Unreadable(LINKED)
    return package


def _climbs(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise Unreadable(BOMB)
    if unpacked > 10 * MEGABYTE and unpacked > MOST_RATIO * max(packed, 1):
        raise Unreadable(BOMB)
    if any(e.filename.endswith("sharedStrings.xml") and e.file_size > MOST_STRINGS for e in entries):
        raise Unreadable(BOMB)
