"""A trustee's folder 监票人的文件夹: the secret under a passphrase, and what was received and is to be given."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from gmpy2 import mpz

from lianxi.engines.ballots.channels import Keys
from lianxi.engines.ballots.group import GROUPS, Group
from lianxi.portal.starting.words import Trouble

LEAST_SIGNS = 12
COST = 2**17
"""Of scrypt, with blocks of 8: 128 MB for each guess."""
KEY, CERTIFICATE, POLYNOMIAL, OUTPUT, PUBLIC = (
    "trustee.key", "certificate.json", "polynomial.json", "output.json", "public-key.json",
)  # fmt: skip


@dataclass(frozen=True)
class Secret:
    """What only the trustee has: the private key of one who stands alone, or the seed of one of several."""

    group: Group
    name: str
    alone: bool
    secret: str

    @property
    def keys(self) -> Keys:
        return Keys(self.group, self.secret)

    @property
    def private(self) -> mpz:
        return mpz(self.secret)

    def __repr__(self) -> str:
        return f"Secret({self.group.name}, {self.name!r})"


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def seal(folder: Path, secret: Secret, passphrase: str, *, cost: int = COST) -> None:
    """Writes the secret into a new folder, readable by its owner only. Raises Trouble: a folder that holds one already, or
    a short passphrase."""
    if len(passphrase) < LEAST_SIGNS:
        raise Trouble(
            f"口令至少{LEAST_SIGNS}个字，几个不相干的词最好。",
            f"The passphrase needs at least {LEAST_SIGNS} signs; some unrelated words are best.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    inner = json.dumps(
        {"group": secret.group.name, "name": secret.name, "alone": secret.alone, "secret": secret.secret}
    )
    sealed = AESGCM(_key(passphrase, salt, cost)).encrypt(nonce, inner.encode(), KEY.encode())
    text = json.dumps({"kdf": "scrypt", "n": cost, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()})
    try:
        handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(
            f"{folder}里已有一把密钥，不会覆盖。请换一个文件夹。",
            f"{folder} holds a key already, which is not written over. Choose another folder.",
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def unseal(folder: Path, passphrase: str) -> Secret:
    """The secret of a folder. Raises Trouble: none there, a damaged file, or a wrong passphrase."""
    path = folder / KEY
    if not path.is_file():
        raise Trouble(
            f"{folder}里没有密钥。请先运行：lianxi trustee new {folder}",
            f"There is no key in {folder}. Run first: lianxi trustee new {folder}",
        )
    try:
        outer = json.loads(path.read_text())
        key = _key(passphrase, bytes.fromhex(outer["salt"]), int(outer["n"]))
        inner = json.loads(
            AESGCM(key).decrypt(bytes.fromhex(outer["nonce"]), bytes.fromhex(outer["sealed"]), KEY.encode())
        )
        return Secret(GROUPS[inner["group"]], inner["name"], inner["alone"], inner["secret"])
    except (InvalidTag, ValueError, LookupError, TypeError):
        raise Trouble("口令不对，或密钥文件已损坏。", "The passphrase is wrong, or the key file is damaged.") from None


def put(path: Path, text: bytes) -> None:
    """Writes a file whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(text)
    fresh.replace(path)


def got(path: Path) -> bytes:
    """A file that somebody gave, without what an editor may have added at its end. Raises Trouble."""
    try:
        return path.read_bytes().strip()
    except OSError:
        raise Trouble(f"读不到文件{path}。", f"The file {path} cannot be read.") from None


def listed(path: Path) -> list[Any]:
    """A file that holds a list. Raises Trouble."""
    try:
        found = json.loads(got(path))
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise Trouble(f"{path}应是一份列表。", f"{path} should hold a list.")
    return found
