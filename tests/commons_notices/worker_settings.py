"""The house's settings, for a worker that knows the kinds of these tests."""

from lianxi.portal.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.commons_notices.conftest"]
