"""What a web process loads: the site, bound to the process that started it: a hard kill leaves nobody behind."""

import os
import signal
import sys

from lianxi.portal.starting.processes import end_with_parent

if os.environ.get("LIANXI_BOUND"):
    end_with_parent(signal.SIGKILL)

from lianxi.portal.starting.bodies import Bodies, sizes
from lianxi.portal.wsgi import application as site

# Seconds that a thread may compute while another waits. A request gives up its turn at each of its queries; with Python's five
# milliseconds it waited as long as the check of a ballot to get them all back.
sys.setswitchinterval(0.001)

application = Bodies(site, *sizes(os.environ))

__all__ = ["application"]
