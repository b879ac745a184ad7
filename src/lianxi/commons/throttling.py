"""How often something may be tried: from one address, and in all. Counts live in the cache; an address only as a blind key."""

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from .blinding import blind
from .refusals import NotFound, Refusal, Text, TooMany

EVERYWHERE = "*"


def address_of(meta: Mapping[str, str]) -> str:
    """The address a request came from, by `request.META`; behind `settings.PROXIES` trusted proxies the one that they saw.

    Of an IPv6 address its /64: one household has as many addresses below it as it likes.
    """
    seen = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain = [*seen, meta.get("REMOTE_ADDR", "")]
    text = chain[-1 - min(settings.PROXIES, len(chain) - 1)]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:64]
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def spend(what: str, who: str, *, at: dt.datetime, sentence: Text = "") -> None:
    """Count one try of `what` by `who`, or raise TooMany if one of its limits (`settings.THROTTLES`) is used up.

    Looked at and counted under one lock: of two at the same moment only one has the last try.
    """
    for times, seconds in settings.THROTTLES[what]:
        key = _key(what, who, seconds, at)
        with _alone(key):
            if (so_far := cache.get(key, 0)) >= times:
                raise TooMany(sentence)
            cache.set(key, so_far + 1, seconds)


def give_back(what: str, who: str, *, at: dt.datetime) -> None:
    """Take back a try that was spent on something that was then refused for another reason."""
    for _times, seconds in settings.THROTTLES[what]:
        key = _key(what, who, seconds, at)
        with _alone(key):
            cache.set(key, max(cache.get(key, 0) - 1, 0), seconds)


@contextmanager
def spending(what: str, who: str, *, at: dt.datetime, sentence: Text = "") -> Iterator[None]:
    """One try of `what` by `who` for what is done within; it counts only if that is not refused. Raises TooMany."""
    spend(what, who, at=at, sentence=sentence)
    try:
        yield
    except Refusal:
        give_back(what, who, at=at)
        raise


@contextmanager
def guessing(what: str, who: str, *, at: dt.datetime, sentence: Text = "") -> Iterator[None]:
    """For looking up a secret. A wrong one (NotFound) counts as a try, a right one does not; once a limit is used up,
    right and wrong are both answered with TooMany.
    """
    try:
        yield
    except NotFound:
        spend(what, who, at=at, sentence=sentence)
        raise
    except Refusal:
        unspent(what, who, at=at, sentence=sentence)
        raise
    unspent(what, who, at=at, sentence=sentence)


def unspent(what: str, who: str, *, at: dt.datetime, sentence: Text = "") -> None:
    """Raise TooMany if a limit of `what` is used up by `who`. Counts nothing; waits for whoever is counting."""
    for times, seconds in settings.THROTTLES[what]:
        key = _key(what, who, seconds, at)
        with _alone(key):
            if cache.get(key, 0) >= times:
                raise TooMany(sentence)


def once(what: str, token: str, *, seconds: int) -> bool:
    """Whether this is the first time within `seconds` that `token` is shown."""
    return bool(cache.add(_once(what, token), 1, seconds))


def forget(what: str, token: str) -> None:
    """Take back a `once` whose act was refused, so that it can be tried again."""
    cache.delete(_once(what, token))


def _once(what: str, token: str) -> str:
    return f"once:{what}:{hashlib.sha256(token.encode()).hexdigest()}"


def _key(what: str, who: str, seconds: int, at: dt.datetime) -> str:
    return f"tries:{what}:{seconds}:{int(at.timestamp()) // seconds}:{blind('address:' + who).hex()}"


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """The cache reads and writes apart; a lock of the database keeps two from counting as one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield
