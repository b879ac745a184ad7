"""电子邮件: plain text with a simple HTML copy, through Django's mail settings (`EMAIL_URL`)."""

import smtplib
from email.utils import formataddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.protection.services import KeyLost, open_for_delivery

from . import Channel, Letter, TryAgain, Undeliverable

SECONDS = 20
"""So long the mail server may take to answer."""


class Email(Channel):
    name = "email"
    label = _("电子邮件")

    def ready(self) -> bool:
        """Without a mail server Django prints mails to the log: addresses do not belong there."""
        return not settings.EMAIL_BACKEND.startswith(
            ("django.core.mail.backends.console", "django.core.mail.backends.dummy")
        )

    def reaches(self, person: Person) -> bool:
        return bool(person.email)

    def to(self, person: Person) -> str:
        try:
            return open_for_delivery(person.email)
        except KeyLost as lost:
            raise Undeliverable("key lost") from lost

    def send(self, letter: Letter) -> None:
        try:
            validate_email(letter.to)
        except ValidationError:
            raise Undeliverable("not an address") from None
        try:
            with get_connection(timeout=SECONDS) as connection:
                self.message(letter, connection).send()
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise self._trouble("SMTPRecipientsRefused", code) from None
        except smtplib.SMTPResponseException as answer:
            raise self._trouble(type(answer).__name__, answer.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryAgain(type(error).__name__) from None

    def message(self, letter: Letter, connection: object = None) -> EmailMultiAlternatives:
        """The letter as a mail, in its language."""
        street = settings.STREET["name_en" if letter.language.startswith("en") else "name"]
        with override(letter.language):
            facts = {"letter": letter, "street": street}
            text = render_to_string("notices/letter.txt", facts)
            mail = EmailMultiAlternatives(
                subject=self.subject(letter),
                body=text.strip() + "\n",
                from_email=formataddr((f"{street} · {gettext('联席')}", settings.DEFAULT_FROM_EMAIL)),
                to=[letter.to],
                connection=connection,
                headers=self.headers(letter),
            )
            mail.attach_alternative(render_to_string("notices/letter.html", facts), "text/html")
        return mail

    def subject(self, letter: Letter) -> str:
        if len(letter.items) == 1:
            return letter.items[0].title
        return ngettext("%(n)d条通知：%(first)s", "%(n)d条通知：%(first)s", len(letter.items)) % {
            "n": len(letter.items),
            "first": letter.items[0].title,
        }

    def headers(self, letter: Letter) -> dict[str, str]:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
        return {
            "Message-ID": f"<{letter.ident}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": letter.language,
            "List-Unsubscribe": f"<{letter.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def _trouble(self, name: str, code: int) -> Exception:
        """5xx about this recipient or message is for ever, except where the server itself is the trouble."""
        said = f"{name} {code}"
        about_us = name in {"SMTPAuthenticationError", "SMTPConnectError", "SMTPHeloError"}
        return Undeliverable(said) if 500 <= code < 600 and not about_us else TryAgain(said)


CHANNEL = Email()
