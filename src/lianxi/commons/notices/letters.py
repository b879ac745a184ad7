"""From claimed deliveries to one letter, with the recipient's eyes and in the recipient's language."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urljoin

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from lianxi.commons.permissions import asking
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.protection.services import KeyLost, open_for_delivery

from .channels import Item, Letter, channels
from .kinds import kind_named, subject_named
from .models import Delivery
from .queries import words_for
from .wording import speaking, worded

SALT = "lianxi.notices.stop"


class Unreadable(Exception):
    """The address cannot be opened: its key is lost."""


def letter_of(batch: Sequence[Delivery], *, at: dt.datetime) -> tuple[Letter | None, set[int]]:
    """The letter, and the keys of deliveries that it leaves out: whose record the person must not meet any more, or
    which were read meanwhile. None if nothing is left.

    Raises Undeliverable or Unreadable if there is nowhere to send it, KeyError if its channel is no more.
    """
    first = batch[0]
    return _to_address(first) if first.person is None else _to_person(batch, at)


def _to_person(batch: Sequence[Delivery], at: dt.datetime) -> tuple[Letter | None, set[int]]:
    first = batch[0]
    person = first.person
    assert person is not None
    actor = actor_of(person.pk, on=timezone.localtime(at).date())
    with asking(actor), speaking(person.language):
        words = words_for([one.notice for one in batch], actor)
        # What a first try may have sent already goes into every later try: the letter stays the same.
        left = [
            (one, said)
            for one, said in zip(batch, words, strict=True)
            if said is not None and (one.notice.read_at is None or one.attempts > 1)
        ]
        if not left:
            return None, {one.pk for one in batch}
        items = tuple(_item(one, said) for one, said in left)
    letter = Letter(
        to=channels()[first.channel].to(person),
        name=person.name,
        language=person.language,
        items=items,
        ident=ident(first),
        settings_url=whole(reverse("notice_settings")),
        stop_url=whole(reverse("notices_stop", args=[token(first)])),
        digest=len(items) > 1,
    )
    return letter, {one.pk for one in batch} - {one.pk for one, _said in left}


def _item(one: Delivery, said: dict[str, object]) -> Item:
    """As it may leave the house: the record by its reference, never by its title."""
    outside = {**said, "what": said.get("reference", said.get("what", ""))}
    title, body = worded(kind_named(one.notice.kind), one.notice.facts, outside)
    return Item(title, body, whole(one.notice.link))


def _to_address(one: Delivery) -> tuple[Letter | None, set[int]]:
    """There is news, and where to look: nothing of the matter."""
    subject = subject_named(one.notice.about)
    try:
        to = open_for_delivery(one.notice.address)
    except (KeyLost, InvalidTag) as lost:
        raise Unreadable("key lost") from lost
    with speaking(one.notice.language):
        item = Item(str(subject.news_title), str(subject.news_body), whole(subject.news_link()))
    letter = Letter(
        to=to,
        name="",
        language=one.notice.language or "zh-hans",
        items=(item,),
        ident=ident(one),
        settings_url="",
        stop_url=whole(reverse("notices_stop", args=[token(one)])),
    )
    return letter, set()


def ident(first: Delivery) -> str:
    """The same each time this letter is tried; another installation, or the same one begun again, never repeats it."""
    return f"lianxi-{first.letter}-{first.made_at:%Y%m%d%H%M%S%f}"


def whole(link: str) -> str:
    """A link with the host of this installation."""
    return urljoin(settings.PUBLIC_URL, link)


def token(one: Delivery) -> str:
    """What a letter's link ends with: it proves that one has the letter, and opens nothing but the end of such letters."""
    return signing.Signer(salt=SALT).sign_object([one.notice_id, one.channel])


def from_token(text: str) -> tuple[int, str] | None:
    """Notice and channel of a token; None for anything else."""
    try:
        notice, channel = signing.Signer(salt=SALT).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(notice), str(channel)
