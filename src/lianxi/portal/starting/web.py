"""What a web process loads: the site, bound to the process that started it: a hard kill leaves nobody behind."""

import os
import signal

from lianxi.portal.starting.processes import end_with_parent

if os.environ.get("LIANXI_BOUND"):
    end_with_parent(signal.SIGKILL)

from lianxi.portal.wsgi import application

__all__ = ["application"]
