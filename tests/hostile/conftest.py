"""The same voices as on the resident's pages."""

from tests.voices_desk.conftest import as_  # noqa: F401
from tests.voices_front.conftest import answered, now, raised  # noqa: F401
