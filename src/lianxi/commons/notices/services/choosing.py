"""What a person chooses; and an address that wants no more."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotFound, Text

from .. import clock
from ..channels import carriers
from ..kinds import groups, kind_named
from ..letters import from_token
from ..models import Delivery, Notice, Preference, Stopped
from ..queries import preference_of
from ..terms import TO_SEND, DeliveryState
from .posting import goes_out


@transaction.atomic
def set_preferences(
    *,
    channels: Collection[str],
    off: Collection[str],
    digest_at: dt.time,
    quiet_from: dt.time,
    quiet_until: dt.time,
    actor: Actor,
    at: dt.datetime,
) -> Preference:
    """通知设置: one's own channels, digest time, quiet hours, and groups whose letters are off.

    What waits for its first try follows at once. Raises BadInput, NotFound for somebody without a person.
    """
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        raise NotFound
    errors: dict[str, Text] = {}
    if strange := set(channels) - set(carriers()):
        errors["channels"] = _("没有这种方式：%(name)s") % {"name": "、".join(sorted(strange))}
    elif unreachable := [
        str(one.label) for name, one in carriers().items() if name in channels and not one.reaches(person)
    ]:
        errors["channels"] = _("还没有登记%(name)s，请组织员先补上。") % {"name": "、".join(unreachable)}
    if set(off) - {one.name for one in groups()}:
        errors["off"] = _("这几类通知不能关。")
    zone = timezone.get_default_timezone()
    if clock.is_quiet(clock.next_time(at, digest_at, zone), quiet_from, quiet_until, zone):
        errors["digest_at"] = _("汇总的时间在免打扰时段里，改一个。")
    if errors:
        raise BadInput(errors)
    wanted, _made = Preference.objects.update_or_create(
        person=person,
        defaults={
            "channels": sorted(channels),
            "off": sorted(off),
            "digest_at": digest_at,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )
    _follow(wanted, at)
    return wanted


@transaction.atomic
def stop(token: str, *, at: dt.datetime) -> str:
    """退订 by the link in a letter: its channel for a person, the address for somebody without an account.

    Gives the label of what was stopped. The list in the house stays. Raises NotFound for a link that is not ours.
    """
    found = from_token(token)
    notice = Notice.objects.select_related("person").filter(pk=found[0]).first() if found else None
    if found is None or notice is None:
        raise NotFound(_("这个链接不完整，请从邮件里再点一次。"))
    if notice.person:
        _stop_channel(notice.person, found[1], at)
    elif notice.address_is:
        _stop_address(bytes(notice.address_is), at)
    return str(carriers()[found[1]].label) if found[1] in carriers() else found[1]


def _stop_channel(person: Person, channel: str, at: dt.datetime) -> None:
    wanted = preference_of(person)
    wanted.channels = [name for name in wanted.channels if name != channel]
    wanted.save()
    _follow(wanted, at)


def _stop_address(address_is: bytes, at: dt.datetime) -> None:
    Stopped.objects.get_or_create(address_is=address_is, defaults={"at": at})
    waiting = Delivery.objects.filter(notice__address_is=address_is, state__in=TO_SEND)
    _drop(list(waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)), at)


def _follow(wanted: Preference, at: dt.datetime) -> None:
    waiting = Delivery.objects.filter(person=wanted.person_id, state__in=TO_SEND, letter=None).select_related("notice")
    for one in waiting.select_for_update(skip_locked=True, of=("self",)):
        kind = kind_named(one.notice.kind)
        if one.channel not in wanted.channels or (kind.group.may_be_off and kind.group.name in wanted.off):
            _drop([one.pk], at)
        else:
            one.next_try_at = goes_out(one.urgency, wanted, at=at, breaks_quiet=kind.breaks_quiet)
            one.save(update_fields=["next_try_at"])


def _drop(deliveries: list[int], at: dt.datetime) -> None:
    Delivery.objects.filter(pk__in=deliveries).update(state=DeliveryState.NOT_NEEDED, ended_at=at)
