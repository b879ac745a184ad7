"""As worker_settings, with the mail backend that dies."""

from .worker_settings import *  # noqa: F403

EMAIL_BACKEND = "tests.commons_notices.dying.Backend"
