"""The installation's secrets: made once, kept in `secrets.env` of the data folder, readable by its owner only."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from lianxi.portal.starting.words import Trouble, from_os_error

NAMES = ("LIANXI_SECRET_KEY", "LIANXI_FIELD_KEYS", "LIANXI_BLIND_KEY", "LIANXI_POSTGRES_PASSWORD")
_HEAD = """\
# 联席的密钥。丢失后，加密的姓名、电话、证件号码无法再读出：请另存一份，与备份分开保管。
# The secrets of this installation. Without them sealed fields can never be read again.
# Keep a copy, apart from the backups.
"""


def make() -> dict[str, str]:
    """New secrets for a new installation."""
    return {
        "LIANXI_SECRET_KEY": secrets.token_urlsafe(48),
        "LIANXI_FIELD_KEYS": f"1:{secrets.token_hex(32)}",
        "LIANXI_BLIND_KEY": secrets.token_hex(32),
        "LIANXI_POSTGRES_PASSWORD": secrets.token_urlsafe(24),
    }


def read(path: Path) -> dict[str, str]:
    """The secrets in the file; an empty mapping if there is no file. Raises Trouble if it is damaged."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise from_os_error(error, path) from error
    except UnicodeDecodeError:
        text = ""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    found = {name.strip(): value.strip() for name, value in pairs}
    if missing := [name for name in NAMES if not found.get(name)]:
        raise Trouble(
            f"{path}已损坏：缺少{'、'.join(missing)}。请从另存的一份恢复它。",
            f"{path} is damaged: {', '.join(missing)} is missing. Restore it from the copy you keep.",
        )
    return found


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write the file whole or not at all, mode 0600."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(_HEAD + "".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def ensure(path: Path, *, data_exists: bool) -> dict[str, str]:
    """The secrets of this installation; made when it is new.

    `data_exists`: there is a database already. New keys would then leave every sealed field unreadable, so a missing
    file raises Trouble instead.
    """
    if found := read(path):
        return found
    if data_exists:
        raise Trouble(
            f"找不到{path}，而数据库已经存在：没有原来的密钥，加密的内容无法读出。请恢复这个文件；演示数据可用FRESH=1重来。",
            f"{path} is missing, but there is a database: without its keys sealed fields cannot be read. "
            "Restore the file; a demo can begin again with FRESH=1.",
        )
    values = make()
    try:
        write(path, values)
    except OSError as error:
        raise from_os_error(error, path) from error
    return values


def fingerprints(values: Mapping[str, str]) -> dict[str, str]:
    """Which keys these are, without telling them: number of the key → first 16 hex digits of its SHA-256."""
    ring = dict(key.split(":", 1) for key in values.get("LIANXI_FIELD_KEYS", "").split(",") if ":" in key)
    ring["blind"] = values.get("LIANXI_BLIND_KEY", "")
    return {number: hashlib.sha256(b"lianxi key " + key.encode()).hexdigest()[:16] for number, key in ring.items()}
