"""The house's settings, for a worker that knows the slow list of these tests."""

from lianxi.portal.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.commons_papers.long_list"]
