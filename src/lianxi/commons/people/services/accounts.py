"""Open an account for a person, reset, disable and enable it. A one-time password is drawn by lot and not kept."""

import datetime as dt
from random import Random

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.accounts.queries import number_in
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted, Text
from lianxi.commons.rulebook import Check, applies, rule

from .. import policies as may
from ..terms import Verb
from .recording import locked, reason_in, record

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""


def one_time_password(lot: Random) -> str:
    """Three groups of five: 74 bits, easy to read out over a telephone."""
    return "-".join("".join(lot.choice(LETTERS) for _n in range(5)) for _g in range(3))


@transaction.atomic
def open_account(
    *, name: str, phone: str, username: str, actor: Actor, at: dt.datetime, lot: Random, reason: str
) -> tuple[Account, str]:
    """开账号: for the person of that name and phone, who is made if unknown. Gives the account and its one-time password.

    Raises NotPermitted, BadInput: a phone that belongs to somebody of another name, an account that exists.
    """
    if not may.OPEN_ACCOUNT.anywhere(actor):
        raise NotPermitted(open_to=[one.says for one in may.OPEN_ACCOUNT.clauses])
    why = reason_in(reason)
    person = _person(name.strip(), phone.strip(), username.strip())
    person = locked(person)
    if Account.objects.filter(person=person).exists():
        raise BadInput({"name": _("这个人已经有账号。")})
    password = one_time_password(lot)
    account = Account(username=username.strip(), person=person, must_change_password=True)
    account.set_password(password)
    try:
        account.full_clean(exclude=["password"])
        with transaction.atomic():
            account.save()
    except ValidationError as wrong:
        raise BadInput({"username": [str(one) for one in wrong.messages]}) from None
    except IntegrityError:
        raise BadInput({"username": _("这个账号名已经有人用。")}) from None
    record(Verb.CREATE_ACCOUNT, person, actor=actor, at=at, reason=why, username=account.username)
    return account, password


def _person(name: str, phone: str, username: str) -> Person:
    errors: dict[str, Text] = {}
    if not 1 <= len(name) <= 60 or not name.isprintable():
        errors["name"] = _("请写姓名，不超过60个字。")
    number = number_in(phone)
    if phone and not 7 <= len(number) <= 15:
        errors["phone"] = _("请写电话号码的数字。")
    if not username:
        errors["username"] = _("请写账号名。")
    elif Account.objects.filter(username__iexact=username).exists():
        errors["username"] = _("这个账号名已经有人用。")
    if errors:
        raise BadInput(errors)
    known = list(Person.objects.filter(phone_is=number)) if number else []
    same = [one for one in known if one.name == name]
    if known and len(same) != 1:
        raise BadInput({"phone": _("这个号码登记在别人名下，请核对姓名和号码。")})
    return same[0] if same else Person.objects.create(name=name, phone=number)


@transaction.atomic
def reset_password(person: Person, *, actor: Actor, at: dt.datetime, lot: Random, reason: str) -> str:
    """重设密码: gives a new one-time password; whoever is logged in with the old one is out. Raises NotFound, NotPermitted, Blocked by Z-04."""
    account, why = _account(person, actor, reason)
    _keeps_the_split(person, account, "password", at)
    password = one_time_password(lot)
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    record(Verb.RESET_PASSWORD, person, actor=actor, at=at, reason=why)
    return password


@transaction.atomic
def drop_second_factor(person: Person, *, actor: Actor, at: dt.datetime, reason: str) -> None:
    """取消两步登录: for somebody who lost the telephone and the recovery codes. Raises NotFound, NotPermitted, BadInput, Blocked."""
    account, why = _account(person, actor, reason)
    factors = Authenticator.objects.filter(user=account)
    if not factors.exists():
        raise BadInput({"reason": _("这个账号没有开两步登录。")})
    _keeps_the_split(person, account, "factor", at)
    factors.delete()
    record(Verb.DROP_SECOND_FACTOR, person, actor=actor, at=at, reason=why)


@transaction.atomic
def disable(person: Person, *, actor: Actor, at: dt.datetime, reason: str) -> Account:
    """停用账号: nobody logs in with it, open pages and tokens stop at once; posts stay. Raises NotFound, NotPermitted, BadInput."""
    return _switch(person, False, Verb.DISABLE, actor, at, reason)


@transaction.atomic
def enable(person: Person, *, actor: Actor, at: dt.datetime, reason: str) -> Account:
    """恢复账号. Raises NotFound, NotPermitted, BadInput."""
    return _switch(person, True, Verb.ENABLE, actor, at, reason)


def _switch(person: Person, on: bool, verb: Verb, actor: Actor, at: dt.datetime, reason: str) -> Account:
    account, why = _account(person, actor, reason)
    if account.is_active == on:
        raise BadInput({"reason": _("账号已经是这样了。")})
    account.is_active = on
    account.save(update_fields=["is_active"])
    record(verb, person, actor=actor, at=at, reason=why)
    return account


def _account(person: Person, actor: Actor, reason: str) -> tuple[Account, str]:
    """The account, locked with its person, and the reason."""
    if not may.VIEW.may(actor, person):
        raise NotFound
    if not (granted := may.ACCOUNT.why(actor, person)):
        own = person.pk == actor.person_id
        raise NotPermitted(_("自己的账号由别人来管；密码请在“改密码”里改。") if own else "", granted.open_to)
    why = reason_in(reason)
    locked(person)
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        raise BadInput({"reason": _("这个人还没有账号。")})
    return account, why


@applies("Z-04", where=_("重设系统、安全、审计管理的账号"))
def _keeps_the_split(person: Person, account: Account, what: str, at: dt.datetime) -> None:
    """Whoever keeps accounts must not get into the account of another who keeps the system (Z-04). Raises Blocked."""
    today = timezone.localtime(at).date()
    if not Posting.objects.held(today).filter(person=person, role__in=ADMINS).exists():
        return
    has_factor = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
    if what == "password" and has_factor:
        return
    law = rule("Z-04", on=today)
    if what == "password":
        needed, found = (
            _("三员的账号开着两步登录，新密码才不能单独进入"),
            _("这个账号没有开两步登录，请到服务器上当面重设"),
        )
    else:
        needed, found = _("三员的两步登录不由另一员取消"), _("这个人担任三员之一，请到服务器上当面重设")
    raise Blocked([Check(law, needed, found, False, _("三员分设"))])
