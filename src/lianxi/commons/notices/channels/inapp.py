"""站内: the list of notices in the house itself. The row is the delivery; there is nothing to send."""

from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person

from . import Channel, Letter, Undeliverable


class InApp(Channel):
    name = "inapp"
    label = _("站内")
    carries = False

    def reaches(self, person: Person) -> bool:
        return True

    def to(self, person: Person) -> str:
        return ""

    def send(self, letter: Letter) -> None:
        raise Undeliverable("in-app notices are read, not sent")


CHANNEL = InApp()
