"""Writes: a local figure is set and withdrawn, a confirmation recorded. What an article does not allow is refused and remembered."""

import datetime as dt
import re
import unicodedata
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lianxi.commons.permissions import Actor, Permission
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from lianxi.commons.units.models import Unit

from . import policies
from .book import Figure, Rule, UnknownRule, book
from .checks import Check
from .models import Confirmation, LocalRule, RefusedChange

TYPED = re.compile(r"\d{1,9}(?:\.\d{1,6}|/\d{1,6})?%?")


def figure_of(text: object) -> int | Fraction:
    """A figure as people type it: 60 (also in full-width digits), 4/5, 80%, 0.8. Raises BadInput under `value`."""
    written = unicodedata.normalize("NFKC", str(text)).strip().replace(",", "").replace("\u2009", "")
    if not TYPED.fullmatch(written):
        raise BadInput({"value": _("填一个数，比如5、4/5或者80%。")})
    try:
        found = Fraction(written[:-1]) / 100 if written.endswith("%") else Fraction(written)
    except ZeroDivisionError:
        raise BadInput({"value": _("填一个数，比如5、4/5或者80%。")}) from None
    return int(found) if found.denominator == 1 else found


def allowed(figure: Figure) -> Any:
    """What a local figure may be, as a sentence: 1日到60日."""
    if figure.fixed:
        return _("全国统一，没有给地方留余地")
    low = figure.written(figure.at_least) if figure.at_least is not None else None
    high = figure.written(figure.at_most) if figure.at_most is not None else None
    if low and high:
        return _("%(low)s到%(high)s") % {"low": low, "high": high}
    return _("不少于%(low)s") % {"low": low} if low else _("不超过%(high)s") % {"high": high}


def within(rule: Rule, figure: Figure, value: Any) -> Check:
    """Whether the article allows this local figure."""
    return Check(rule, allowed(figure), figure.written(value), figure.allows(value), label=str(figure.label))


def set_local_figure(
    rule_id: str, *, parameter: str = "", value: Any, unit: Unit, since: dt.date, source: str, reason: str,
    actor: Actor, at: dt.datetime,
) -> LocalRule:  # fmt: skip
    """改本地数值: what `unit` and all below it use from `since` on, instead of the book's own figure.

    It begins tomorrow at the earliest, so that no running clock moves. The open one before it ends the day before.
    Raises NotPermitted, BadInput (missing texts, a day in the past, no such figure), Blocked (outside the bounds of the
    article: remembered as RefusedChange).
    """
    _may(policies.CHANGE, actor, unit)
    rule, figure = _figure(rule_id, parameter, since, at)
    _texts(source=source, reason=reason)
    wanted = {
        "rule_id": rule_id, "parameter": parameter, "unit": unit, "value": value, "since": since,
        "source": source.strip(), "reason": reason.strip(), "at": at, "by_id": actor.person_id, "by_name": actor.name,
    }  # fmt: skip
    if not (check := within(rule, figure, value)).passed:
        _remember(wanted, figure)
        raise Blocked([check])
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = LocalRule.objects.filter(rule_id=rule_id, parameter=parameter, unit=unit)
        if before.filter(since__gte=since).exclude(until__lt=since).exists():
            raise BadInput({"since": _("从这一天起已经有一个本地数值，先撤回它，或者换一天。")})
        for one in before.filter(until=None):
            one.until = since - dt.timedelta(days=1)
            one.save(update_fields=["until"])
        try:
            with transaction.atomic():
                return LocalRule.objects.create(**wanted)
        except IntegrityError:
            raise BadInput({"since": _("这一天起用过一个又撤回的数值，换一天。")}) from None


def withdraw_local_figure(
    local: LocalRule, *, last_day: dt.date, reason: str, actor: Actor, at: dt.datetime
) -> LocalRule:
    """撤回本地数值: the last day on which it holds, today at the earliest; one not yet in force never comes into it.

    Raises NotPermitted, BadInput.
    """
    _may(policies.CHANGE, actor, local.unit)
    _texts(reason=reason)
    today = timezone.localtime(at).date()
    with transaction.atomic():
        now = LocalRule.objects.select_for_update().get(pk=local.pk)
        if now.until is not None and now.until < today:
            raise BadInput({"last_day": _("它已经停用了。")})
        if now.since > today:
            last_day = now.since - dt.timedelta(days=1)
        elif last_day < today:
            raise BadInput({"last_day": _("停用不能追溯，最早今天。")})
        now.until = last_day
        now.reason = f"{now.reason}\n{today}: {reason.strip()}"
        now.at, now.by_id, now.by_name = at, actor.person_id, actor.name
        now.save(update_fields=["until", "reason", "at", "by_id", "by_name"])
    return now


def confirm(
    rule_id: str, *, since: dt.date, unit: Unit, holds: bool, note: str, actor: Actor, at: dt.datetime
) -> Confirmation:
    """记录核对结果: an officer compared this edition with its text. Raises NotPermitted, BadInput, UnknownRule."""
    _may(policies.CONFIRM, actor, unit)
    _texts(note=note)
    if all(one.since != since for one in book().history(rule_id)):
        raise UnknownRule(rule_id, since)
    return Confirmation.objects.create(
        rule_id=rule_id,
        since=since,
        unit=unit,
        holds=holds,
        note=note.strip(),
        at=at,
        by_id=actor.person_id,
        by_name=actor.name,
    )


def _may(permission: Permission, actor: Actor, unit: Unit) -> None:
    if not (granted := permission.why(actor, unit)):
        raise NotPermitted(open_to=granted.open_to)


def _figure(rule_id: str, parameter: str, since: dt.date, at: dt.datetime) -> tuple[Rule, Figure]:
    if since <= timezone.localtime(at).date():
        raise BadInput({"since": _("起用不能追溯，最早明天。正在办的事情时限不变。")})
    rule = book().rule(rule_id, since)
    if parameter not in rule.figures:
        raise BadInput({"parameter": _("这条规则没有这个数值。")})
    return rule, rule.figures[parameter]


def _texts(**texts: str) -> None:
    errors: dict[str, Any] = {name: _("这一项要写。") for name, text in texts.items() if not text.strip()}
    limits = {"source": 200}
    errors |= {name: _("太长了。") for name, text in texts.items() if len(text) > limits.get(name, 2000)}
    if errors:
        raise BadInput(errors)


def _remember(wanted: dict[str, Any], figure: Figure) -> None:
    """Kept before the refusal is raised, in a transaction of its own."""
    required = {}
    for language in ("zh-hans", "en"):
        with override(language):
            required[language[:2]] = str(allowed(figure))
    with transaction.atomic():
        RefusedChange.objects.create(**wanted, required=required)
