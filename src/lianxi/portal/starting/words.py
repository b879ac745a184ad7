"""What the command line says: every sentence in Chinese and English, and the errors that end a start."""

from __future__ import annotations

import errno
import sys
from typing import TextIO


class Trouble(Exception):
    """Something a person has to put right. Shown as one clear sentence in each language; the exit status is 1."""

    def __init__(self, zh: str, en: str, *, detail: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.detail = zh, en, detail


class Interrupted(BaseException):
    """Someone asked us to stop (Ctrl-C, SIGTERM, SIGHUP)."""


def plain_output() -> None:
    """Let every terminal print: a stream that cannot show a character shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", line_buffering=True)


def say(zh: str, en: str, *, to: TextIO | None = None) -> None:
    """Print a sentence in both languages, one line each."""
    print(f"{zh}\n{en}", file=to or sys.stdout, flush=True)


def complain(trouble: Trouble) -> int:
    """Print a trouble to stderr and return the exit status 1."""
    print(f"✗ {trouble.zh}\n  {trouble.en}", file=sys.stderr, flush=True)
    if trouble.detail:
        print("\n".join(f"  │ {line}" for line in trouble.detail.splitlines()), file=sys.stderr, flush=True)
    return 1


def disk_full(where: object) -> Trouble:
    """The trouble to raise when a disk has no room left; `where` is the folder that was written to."""
    return Trouble(
        f"磁盘已满：{where}所在的磁盘没有空间了。请腾出空间后再启动。",
        f"The disk that holds {where} is full. Free some space, then start again.",
    )


def from_os_error(error: OSError, where: object) -> Trouble:
    """Turn an error of the operating system met while writing to `where` into a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            f"不能写入{where}：没有权限。请换一个文件夹（DATA=…），或更改它的权限。",
            f"Cannot write to {where}: permission denied. Choose another folder (DATA=…) or change its permissions.",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return Trouble(
            f"{where}不能用作文件夹：路径上有一个同名的文件。请换一个文件夹（DATA=…）。",
            f"{where} cannot be used as a folder: a file stands in its way. Choose another folder (DATA=…).",
        )
    return Trouble(f"读写{where}时出错：{error.strerror}。", f"Reading or writing {where} failed: {error.strerror}.")
