"""Debian's `belenios-tool`, as a second opinion and as a partner in elections."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = shutil.which("belenios-tool")
needs_tool = pytest.mark.skipif(TOOL is None, reason="belenios-tool is not installed (apt-get install belenios-tool)")


class Tool:
    """Runs the tool in a folder; each act gives what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str, given: str = "") -> str:
        done = self.ask(*words, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(TOOL), *words], cwd=self.folder, input=given, capture_output=True, text=True, check=False,
            env=os.environ | {"BELENIOS_USE_URANDOM": "1"}, timeout=300,
        )  # fmt: skip

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name

    def accepts(self) -> bool:
        """Whether the tool finds nothing wrong with the archive in its folder."""
        return self.ask("election", "verify").returncode == 0
