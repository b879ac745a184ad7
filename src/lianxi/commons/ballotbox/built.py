"""The files that a voter's device runs, with the fingerprints by which they can be compared."""

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, sha384
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Built:
    """A file as it is served. `integrity` is what the page demands of it; `sha256` is what `sha256sum` prints."""

    name: str
    size: int
    sha256: str
    integrity: str


def script() -> Built | None:
    """The booth with its worker; None where the pages are not built."""
    return _file("booth.json", "booth/booth.ts", "file")


def styles() -> Built | None:
    """The house's style sheet; None where the pages are not built."""
    return _file("manifest.json", "assets/main.ts", "css")


def _file(manifest: str, entry: str, kind: str) -> Built | None:
    folder: Path = settings.PACKAGE / "portal" / "built"
    path = folder / manifest
    if not path.exists():
        return None
    return _read(folder, manifest, entry, kind, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(folder: Path, manifest: str, entry: str, kind: str, _changed: int) -> Built:
    found = json.loads((folder / manifest).read_text(encoding="utf-8"))[entry][kind]
    name = found if isinstance(found, str) else found[0]
    content = (folder / name).read_bytes()
    integrity = f"sha384-{b64encode(sha384(content).digest()).decode()}"
    return Built(name, len(content), sha256(content).hexdigest(), integrity)
