"""Calls the scripts of the booth and of the trustees from Python: `Node().ask("parsed", text)` runs that function of `bridge.ts`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from lianxi.portal.starting.assets import _node

HERE = Path(__file__).parent


class Refused(Exception):
    """What a script refused: its reason in English with its gaps, and its place."""

    def __init__(self, why: str, where: str) -> None:
        super().__init__(why, where)
        self.why, self.where = why, where


class Node:
    """One process for many questions. Big numbers travel as decimal texts."""

    def __init__(self, script: Path = HERE / "bridge.ts") -> None:
        (node, *_npm), _path = _node()
        self.process = subprocess.Popen(
            [node, "--disable-warning=ExperimentalWarning", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, name: str, *given: Any) -> Any:
        """The answer. Raises Refused for what the script refuses, AssertionError for what it did not expect."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"name": name, "given": given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the script ended"
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(*answer["refused"][:2])
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()
