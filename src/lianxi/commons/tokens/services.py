"""Issue, withdraw and read tokens."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted, Refusal, Text

from .models import Token

PREFIX = "lx_"
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
LENGTH = 40
DAYS_AT_MOST = 366


class NoToken(Refusal):
    code, status = "no-token", 401
    sentence = _("令牌不对，或已到期、已收回。")


def digest_of(text: str) -> bytes:
    """A token has 200 bits drawn by lot: a plain digest is enough."""
    return hashlib.sha256(text.encode()).digest()


def issue(
    *, name: str, roles: Sequence[str], days: int, actor: Actor, at: dt.datetime, lot: Random
) -> tuple[Token, str]:
    """Issue a token for oneself, with roles that one holds. Gives it and its text, which is not kept.

    Raises NotPermitted without an account, BadInput for roles not held or a term too long.
    """
    if actor.person_id is None:
        raise NotPermitted
    held = {post.role for post in actor.posts}
    errors: dict[str, Text] = {}
    if not name.strip():
        errors["name"] = _("请写用途。")
    if not roles or not set(roles) <= held:
        errors["roles"] = _("只能选您现在担任的职务。")
    if not 1 <= days <= DAYS_AT_MOST:
        errors["days"] = _("有效期1到%(n)d天。") % {"n": DAYS_AT_MOST}
    if errors:
        raise BadInput(errors)
    text = PREFIX + "".join(lot.choice(ALPHABET) for _ in range(LENGTH))
    token = Token.objects.create(
        person_id=actor.person_id, name=name.strip()[:80], digest=digest_of(text), roles=sorted(set(roles)), since=at,
        until=at + dt.timedelta(days=days),
    )  # fmt: skip
    return token, text


def withdraw(pk: int, *, actor: Actor, at: dt.datetime) -> Token:
    """Withdraw one's own token. Raises NotFound."""
    token = Token.objects.filter(pk=pk, person=actor.person_id or 0, withdrawn_at=None).first()
    if token is None:
        raise NotFound
    token.withdrawn_at = at
    token.save()
    return token


def actor_with(text: str, *, at: dt.datetime) -> Actor:
    """The actor of a token: the person's posts of today, narrowed to its roles. Raises NoToken."""
    token = (
        Token.objects.select_related("person")
        .filter(digest=digest_of(text), withdrawn_at=None, since__lte=at, until__gt=at)
        .exclude(person__account__is_active=False)
        .first()
    )
    if token is None:
        raise NoToken
    today = timezone.localtime(at).date()
    if token.used_on != today:
        Token.objects.filter(pk=token.pk).update(used_on=today)
    actor = actor_of(token.person_id, on=today)
    posts = tuple(post for post in actor.posts if post.role in token.roles)
    return replace(actor, posts=posts)
