"""Ballots are given out, and cast with a code. A person and a ballot never meet in one row, one event, one page.

A resident draws a printed slip from the box and is ticked off: staff do not know which code it was. Casting uses the code up and gives a
receipt that was never printed: only who cast the ballot can open it again.
"""

import datetime as dt
from collections.abc import Sequence
from random import Random

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotFound, NotOpenFromHere

from ..models import Ballot, Elector, Proposal, Round, Slip
from ..terms import OUT, Channel, Given, ProposalState, State
from ..workflow import WALK
from .codes import drawn, normal_code, shown_code
from .proposing import locked
from .typed import plain

SLIPS_AT_MOST = 2000
KEY_BITS = 52


@transaction.atomic
def print_slips(one: Round, *, number: int, actor: Actor, at: dt.datetime, lot: Random) -> list[str]:
    """印投票码: new codes, shown this once. Raises BadInput beyond 2,000 at a time."""
    if not 0 < number <= SLIPS_AT_MOST:
        raise BadInput({"number": _("一次印1到2000张。")})
    now = WALK.take("print_slips", one, actor=actor, at=at, facts={"slips": number})
    codes: set[str] = set()
    while len(codes) < number:
        codes.add(drawn(lot))
    found = sorted(codes)
    lot.shuffle(found)
    Slip._base_manager.bulk_create([Slip(round=now, code_is=blind(f"slip:{code}")) for code in found])
    now.slips += number
    now.save(update_fields=["slips"])
    return [shown_code(code) for code in found]


def elector_key(one: int, name: str, door: str) -> str:
    """What of a resident is blinded for the roll of a round."""
    return f"elector:{one}:{name}\0{door}"


@transaction.atomic
def give(one: Round, *, name: str, door: str, kind: str, actor: Actor, at: dt.datetime) -> Elector:
    """登记领票: tick off a resident who draws a slip or takes a paper ballot. Raises BadInput for who has one already."""
    name, door = plain(name), plain(door)
    errors = {key: _("这一项要写。") for key, value in (("name", name), ("door", door)) if not value}
    if kind not in Given.values:
        errors["kind"] = _("请选投票码或者纸票。")
    if errors:
        raise BadInput(errors)
    if actor.person_id is None:
        raise BadInput({"name": _("要登录后登记。")})
    now = WALK.take("give", one, actor=actor, at=at)
    by = Person.objects.get(pk=actor.person_id)
    try:
        with transaction.atomic():
            return Elector._base_manager.create(
                round=now,
                name=name,
                door=door,
                who_is=blind(elector_key(now.pk, name, door)),
                given=kind,
                at=at,
                by=by,
            )
    except IntegrityError:
        raise BadInput({"name": _("这位居民已经领过票了，一人一票。")}) from None


def slip_of(typed: str) -> Slip:
    """The unused slip of a code, its round being voted on. Raises NotFound, BadInput. Callers throttle."""
    code = normal_code(typed)
    slip = Slip._base_manager.select_related("round").filter(code_is=blind(f"slip:{code}")).first() if code else None
    if slip is None:
        raise NotFound(_("没有这个投票码。请对照纸条再看一遍。"))
    if slip.used:
        raise BadInput({"code": _("这个投票码已经用过了，一个码投一次。")})
    if slip.round.state != State.VOTING:
        raise BadInput({"code": _("这一轮现在不在投票。")})
    return slip


def checked_choices(one: Round, choices: Sequence[int]) -> list[int]:
    """Numbers of admitted projects, each once, at most as many as the round allows. Raises BadInput."""
    chosen = sorted(set(choices))
    admitted = set(
        Proposal._base_manager.filter(round=one.pk, state=ProposalState.ADMITTED).values_list("number", flat=True)
    )
    if set(chosen) - admitted:
        raise BadInput({"choices": _("选票上没有这个项目。")})
    if one.most and len(chosen) > one.most:
        raise BadInput({"choices": _("最多选%(most)d个，您选了%(n)d个。") % {"most": one.most, "n": len(chosen)}})
    return chosen


@transaction.atomic
def cast(code: str, *, choices: Sequence[int], lot: Random) -> str:
    """投票: use the code up and put the ballot in; gives the receipt. No event: the box does not say when.

    Raises NotFound, BadInput, NotOpenFromHere. Two with one code at the same moment: one of them is in.
    """
    slip = slip_of(code)
    now = locked(slip.round, State.VOTING)
    slip = Slip._base_manager.select_for_update().get(pk=slip.pk)
    if slip.used:
        raise BadInput({"code": _("这个投票码已经用过了，一个码投一次。")})
    chosen = checked_choices(now, choices)
    receipt = drawn(lot)
    slip.used = True
    slip.save(update_fields=["used"])
    Ballot._base_manager.create(
        id=lot.getrandbits(KEY_BITS),
        round=now,
        choices=chosen,
        channel=Channel.PHONE,
        receipt_is=blind(f"receipt:{receipt}"),
    )
    return shown_code(receipt)


def with_receipt(one: Round, typed: str) -> Ballot:
    """The ballot of a receipt. Raises NotFound; callers throttle. Raises NotOpenFromHere before the result is public."""
    if one.state not in OUT:
        raise NotOpenFromHere(_("结果公示以后，凭回执看自己的份额。"), state=one.state)
    code = normal_code(typed)
    found = Ballot._base_manager.filter(round=one.pk, receipt_is=blind(f"receipt:{code}")).first() if code else None
    if found is None:
        raise NotFound(_("没有这张回执。请对照再看一遍。"))
    return found
