"""Settings of a worker that adds ballots up so slowly that it can be killed in the middle."""

import time
from typing import Any

from lianxi.engines.ballots.tally import Tally
from lianxi.portal.settings import *  # noqa: F403

_add = Tally.add


def _slowly(self: Tally, *given: Any) -> None:
    time.sleep(0.03)
    _add(self, *given)


Tally.add = _slowly  # type: ignore[method-assign]
