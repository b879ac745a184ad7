"""A mail backend whose process is killed once, after the server took the letter and before that is recorded."""

import os
import signal
from pathlib import Path
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class Backend(EmailBackend):
    def send_messages(self, email_messages: Any) -> Any:
        sent = super().send_messages(email_messages)
        mark = Path(os.environ["DIES_ONCE"])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return sent
