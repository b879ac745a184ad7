"""The only way to the plain text of a sealed field."""

import datetime as dt

from cryptography.exceptions import InvalidTag
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Refusal
from lianxi.commons.sealing import Sealed

from .models import Look


class KeyLost(Refusal):
    code, status = "key-lost", 500
    sentence = _("这一项打不开：加密它的密钥不在了。请找系统管理员。")


def reveal(
    record: models.Model, field: str, *, actor: Actor, at: dt.datetime, reason: str, subject_id: int | None = None
) -> str:
    """Give the plain text of a sealed field, after the look has been recorded and committed.

    The caller has checked that `actor` may see it. Raises BadInput without a reason, KeyLost when its key is gone.
    """
    value = getattr(record, field)
    if not isinstance(value, Sealed):
        raise TypeError(f"{field} is not a sealed field.")
    reason = reason.replace("\x00", "")
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句为什么要看。")})
    with transaction.atomic(durable=True):
        Look.objects.create(
            at=at,
            by_id=actor.person_id,
            by_name=actor.name,
            reason=reason.strip()[:200],
            of_kind=ContentType.objects.get_for_model(record),
            of_pk=record.pk,
            field=field,
            subject_id=subject_id,
        )
    return open_for_delivery(value)


def open_for_delivery(value: Sealed) -> str:
    """The plain text for a letter or message to the person it belongs to. Raises KeyLost."""
    try:
        return value._text()
    except (KeyError, InvalidTag):
        raise KeyLost from None
