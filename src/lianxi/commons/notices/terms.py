"""Words of notices: how urgent, and where a delivery stands."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """When a notice goes out 缓急."""

    AT_ONCE = "at_once", _("马上发")
    DIGEST = "digest", _("每天汇总")


class DeliveryState(models.TextChoices):
    """Where a delivery stands 送达."""

    WAITING = "waiting", _("等着发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("没发成，等着再发")
    GIVEN_UP = "given_up", _("没有送到")
    NOT_NEEDED = "not_needed", _("不用再发")


DS = DeliveryState
STEPS: tuple[tuple[DeliveryState, DeliveryState], ...] = (
    (DS.WAITING, DS.SENDING),
    (DS.WAITING, DS.NOT_NEEDED),
    (DS.WAITING, DS.GIVEN_UP),
    (DS.SENDING, DS.SENT),
    (DS.SENDING, DS.FAILED),
    (DS.SENDING, DS.GIVEN_UP),
    (DS.SENDING, DS.NOT_NEEDED),
    (DS.SENDING, DS.WAITING),
    (DS.FAILED, DS.SENDING),
    (DS.FAILED, DS.NOT_NEEDED),
    (DS.FAILED, DS.GIVEN_UP),
    (DS.GIVEN_UP, DS.WAITING),
)
"""The only ways a delivery moves; a trigger refuses every other."""
TO_SEND = (DS.WAITING, DS.FAILED)

DIGEST_AT = dt.time(8, 30)
QUIET_FROM = dt.time(21, 0)
QUIET_UNTIL = dt.time(7, 30)
"""Where a person has chosen nothing."""

TRIES = 12
"""So often is a delivery tried: over about a day."""
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=6)
