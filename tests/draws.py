"""How many random cases a property draws: few in every run, all of them in `make slow`."""

from __future__ import annotations

import os


def draws(normal: int, slow: int) -> int:
    """`normal` cases in `make test`, `slow` ones in `make slow` (LIANXI_SLOW=1)."""
    return slow if os.environ.get("LIANXI_SLOW") == "1" else normal
