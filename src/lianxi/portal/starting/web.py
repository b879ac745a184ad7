"""What a web process loads: the site, bound to the process that started it: a hard kill leaves nobody behind."""

import os
import signal

from lianxi.portal.starting.processes import end_with_parent

if os.environ.get("LIANXI_BOUND"):
    end_with_parent(signal.SIGKILL)

from lianxi.portal.starting.bodies import Bodies, sizes
from lianxi.portal.wsgi import application as site

application = Bodies(site, *sizes(os.environ))

__all__ = ["application"]
