"""Give a post, and end it."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.apart import checks_before
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS, LEADS, Role
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted, Text
from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.units.models import Unit

from .. import policies as may
from ..notices_of import tell_ended, tell_given, tell_runs_out, tell_taken_back
from ..queries.ending import to_remind
from ..terms import Verb
from .recording import locked, reason_in, record


@transaction.atomic
def appoint(
    person: Person, *, unit: Unit, role: str, since: dt.date, actor: Actor, at: dt.datetime, reason: str,
    until: dt.date | None = None, head: bool = False,
) -> Posting:  # fmt: skip
    """任职: the person holds the role at the unit from a day to a day (None: until it is ended).

    Raises NotPermitted (also for oneself), BadInput for dates, role or a post held already, Blocked by Z-04 and by what the
    person keeps (`permissions.apart`).
    """
    _may_appoint(person, unit, role, actor)
    why = reason_in(reason)
    person = locked(person)
    _check_term(unit, role, since, until, head)
    overlapping = Posting.objects.filter(Q(until=None) | Q(until__gte=since), person=person)
    if until:
        overlapping = overlapping.filter(since__lte=until)
    if overlapping.filter(unit=unit, role=role).exists():
        raise BadInput({"role": _("这段时间里，这个人已经担任这个职务。")})
    checks = list(checks_before(person.pk, role, at))
    if role in ADMINS:
        checks.append(admins_apart(person, role, overlapping, on=timezone.localtime(at).date()))
    if missing := [check for check in checks if not check.passed]:
        raise Blocked(missing)
    made = Posting.objects.create(person=person, unit=unit, role=role, head=head, since=since, until=until)
    record(Verb.APPOINT, person, actor=actor, at=at, reason=why, **_facts(made))
    tell_given(made, at=at)
    return made


@applies("Z-04", where=_("系统、安全、审计管理由三个人分任"))
def admins_apart(person: Person, role: str, overlapping: "object", *, on: dt.date) -> Check:
    """Whether the person is free of the other two posts of those who keep the system (Z-04)."""
    held = [one.get_role_display() for one in overlapping.filter(role__in=ADMINS).exclude(role=role)]  # type: ignore[attr-defined]
    found = _("%(who)s同时担任%(roles)s") % {"who": person, "roles": "、".join(held)} if held else _("没有担任另外两种")
    return Check(rule("Z-04", on=on), _("系统管理、安全管理、审计管理由三个人分任"), found, not held, _("三员分设"))


@transaction.atomic
def end_posting(posting: Posting, *, last_day: dt.date, actor: Actor, at: dt.datetime, reason: str) -> Posting | None:
    """卸任: the post ends with that day. A last day before the first one takes the post back: it never came about (None).

    Raises NotFound, NotPermitted, BadInput.
    """
    if not may.VIEW.may(actor, posting.person):
        raise NotFound
    if not (granted := may.END.why(actor, posting)):
        own = posting.person_id == actor.person_id
        raise NotPermitted(_("自己的职务不由自己结束。") if own else "", granted.open_to)
    why = reason_in(reason)
    person = locked(posting.person)
    now = Posting.objects.select_for_update().select_related("unit", "person").filter(pk=posting.pk).first()
    if now is None or (now.until is not None and now.until <= last_day):
        raise BadInput({"last_day": _("这个职务到那天已经结束了。")})
    today = timezone.localtime(at).date()
    if last_day < today - dt.timedelta(days=1):
        raise BadInput({"last_day": _("最后一天不早于昨天：已经办的事不能变成无职务办的。")})
    if last_day < now.since:
        record(Verb.CANCEL, person, actor=actor, at=at, reason=why, **_facts(now))
        tell_taken_back(now, at=at)
        now.delete()
        return None
    now.until = last_day
    now.save(update_fields=["until"])
    record(Verb.END, person, actor=actor, at=at, reason=why, **_facts(now))
    tell_ended(now, on=today, at=at)
    return now


def remind(*, actor: Actor, at: dt.datetime) -> int:
    """Remind people of posts that run out, each once for each last day; gives how many were told. Raises NotPermitted: for a job only."""
    if not actor.job:
        raise NotPermitted
    told = 0
    for one in to_remind(on=timezone.localtime(at).date()):
        told += tell_runs_out(one, at=at)
    return told


def _may_appoint(person: Person, unit: Unit, role: str, actor: Actor) -> None:
    if person.pk == actor.person_id:
        raise NotPermitted(_("不能给自己安排职务。"))
    wanted = may.APPOINT_ADMIN if role in ADMINS else may.APPOINT
    if not (granted := wanted.why(actor, unit)):
        raise NotPermitted(open_to=granted.open_to)


def _check_term(unit: Unit, role: str, since: dt.date, until: dt.date | None, head: bool) -> None:
    errors: dict[str, Text] = {}
    if role not in Role.values:
        errors["role"] = _("请选职务。")
    if head and role not in LEADS:
        errors["head"] = _("只有书记、主任可以是负责人。")
    if until and until < since:
        errors["until"] = _("卸任日期早于任职日期。")
    if not unit.stands(since):
        errors["since"] = _("那一天还没有这个单位，或者它已经撤销。")
    elif until and not unit.stands(until):
        errors["until"] = _("到那一天这个单位已经撤销。")
    if errors:
        raise BadInput(errors)


def _facts(posting: Posting) -> dict[str, str]:
    return {
        "role": posting.role,
        "unit": posting.unit.name,
        "since": posting.since.isoformat(),
        "until": posting.until.isoformat() if posting.until else "",
    }
