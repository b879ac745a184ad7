"""Strict reading of a file given to a computation: a bad one is refused in one sentence, never half understood.

Exactness begins here: a float has lost digits before any engine sees it, so numbers in files are integers or strings ("p/q", "0.3").
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianxi.portal.starting.words import Trouble

CAP = 64 * 1024 * 1024
"""Most bytes read from one file. The largest certificate of a whole city is a quarter of it."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says: its name as typed, its text (UTF-8, without a byte order mark), SHA-256 of its bytes."""

    name: str
    text: str
    sha256: str


def read_text(path: str | Path, *, cap: int = CAP) -> Text:
    """Read a text file, or standard input for "-".

    Raises:
        Trouble: no such file, a folder, no permission, more than `cap` bytes, empty, not UTF-8 (with line and byte).
    """
    name = str(path)
    raw = _bytes(name, cap)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise Trouble(
            f"{name}第{line}行第{column}个字节不是UTF-8编码。请另存为UTF-8后再试。",
            f"{name}, line {line}, byte {column}: not UTF-8. Save the file as UTF-8 and try again.",
        ) from None
    if not text.strip():
        raise Trouble(f"{name}是空文件。", f"{name} is empty.")
    return Text(name, text, hashlib.sha256(raw).hexdigest())


def read_json(path: str | Path, *, cap: int = CAP, unread: Iterable[str] = ()) -> tuple[dict[str, Any], Text]:
    """Read a JSON object whose numbers are all integers and whose keys are all single.

    Args:
        unread: keys of the outermost object that the computation never looks at; they are left out, whatever they hold.

    Raises:
        Trouble: as `read_text`; not JSON (line, column); not an object; a float, NaN or infinity, a key given twice (each with its key path).
    """
    text = read_text(path, cap=cap)
    bad: list[_Bad] = []

    def refuse(kind: str) -> Any:
        def make(found: Any) -> Any:
            bad.append(_Bad(kind, found))
            return bad[-1]

        return make

    def pairs(found: list[tuple[str, Any]]) -> Any:
        made = dict(found)
        if len(made) < len(found):
            seen: set[str] = set()
            twice = next(key for key, _ in found if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            made[twice] = refuse("twice")(twice)
        return made

    try:
        found = json.loads(
            text.text, parse_float=refuse("float"), parse_constant=refuse("constant"), object_pairs_hook=pairs
        )
    except json.JSONDecodeError as error:
        raise Trouble(
            f"{text.name}第{error.lineno}行第{error.colno}列不是有效的JSON。",
            f"{text.name}, line {error.lineno}, column {error.colno}: not valid JSON ({error.msg}).",
        ) from None
    except RecursionError:
        raise Trouble(f"{text.name}嵌套过深。", f"{text.name} is nested too deeply.") from None
    except ValueError:  # Python's limit of digits
        raise Trouble(f"{text.name}中有位数过多的整数。", f"{text.name} holds an integer of too many digits.") from None
    if isinstance(found, dict):
        found = {key: one for key, one in found.items() if key not in unread}
    if bad and _first(found):
        raise _refusal(text.name, found, bad)
    if not isinstance(found, dict):
        raise Trouble(f"{text.name}的最外层须是JSON对象。", f"{text.name}: the outermost value must be a JSON object.")
    return found, text


@dataclass(frozen=True, slots=True, eq=False)
class _Bad:
    """Stands where a value was refused, until its key path is known."""

    kind: str
    found: Any


def _bytes(name: str, cap: int) -> bytes:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(cap + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(cap + 1)
    except FileNotFoundError:
        raise Trouble(f"没有文件{name}。", f"There is no file {name}.") from None
    except IsADirectoryError:
        raise Trouble(f"{name}是文件夹，不是文件。", f"{name} is a folder, not a file.") from None
    except PermissionError:
        raise Trouble(f"不能读取{name}：没有权限。", f"Cannot read {name}: permission denied.") from None
    except (OSError, ValueError) as error:
        raise Trouble(f"不能读取{name}。", f"Cannot read {name}: {error}.") from None
    if len(raw) > cap:
        most = f"{cap // 1_048_576} MB" if cap >= 1_048_576 else f"{cap} B"
        raise Trouble(f"{name}超过{most}，不予读取。", f"{name} is larger than {most} and was not read.")
    return raw


def _refusal(name: str, root: Any, bad: list[_Bad]) -> Trouble:
    where, what = _first(root) or ("$", bad[0])
    if what.kind == "twice":
        return Trouble(f"{name}：{where}出现了两次。", f"{name}: {where} is given twice.")
    if what.kind == "constant":
        return Trouble(f"{name}：{where}是{what.found}，不是数。", f"{name}: {where} is {what.found}, not a number.")
    return Trouble(
        f'{name}：{where}是小数{what.found}。请写成整数，或写成字符串（如"{what.found}"或"3/10"），以免丢失精度。',
        f'{name}: {where} is the float {what.found}. Write an integer, or a string ("{what.found}" or "3/10"), so that no digit is lost.',
    )


def _first(root: Any) -> tuple[str, _Bad] | None:
    """The first refused value and its key path, e.g. `weights[3].members`; walked without recursion."""
    ahead: list[tuple[str, Any]] = [("", root)]
    while ahead:
        path, value = ahead.pop()
        if isinstance(value, _Bad):
            return path or "$", value
        if isinstance(value, dict):
            ahead += [(f"{path}.{key}" if path else str(key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            ahead += [(f"{path}[{place}]", value[place]) for place in range(len(value) - 1, -1, -1)]
    return None
