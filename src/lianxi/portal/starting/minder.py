"""Ends the given process groups when the process that started it is gone (its standard input closes)."""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    """Wait for the end of standard input, then end the groups named on the command line."""
    with contextlib.suppress(OSError):
        sys.stdin.buffer.read()
    for pid in sys.argv[1:]:
        with contextlib.suppress(OSError):
            os.killpg(int(pid), signal.SIGKILL)


if __name__ == "__main__":
    main()
