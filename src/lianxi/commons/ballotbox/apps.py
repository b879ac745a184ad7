from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BallotBoxConfig(AppConfig):
    name = "lianxi.commons.ballotbox"
    label = "ballotbox"
    verbose_name = _("无记名投票")

    def ready(self) -> None:
        from . import notices_of, workflow  # noqa: F401  (declare kinds of notices, and what keeps from a post)
