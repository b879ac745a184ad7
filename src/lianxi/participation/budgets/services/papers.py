"""Paper ballots, entered by two persons."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from ..models import Round, Sheet
from ..workflow import WALK
from .voting import checked_choices


@transaction.atomic
def enter_sheet(one: Round, *, number: int, choices: Sequence[int], actor: Actor, at: dt.datetime) -> Sheet:
    """录入纸票: the first person's entry, or the second's, or a correction of one's own. The event keeps that it was entered, not what.

    Raises BadInput for a number below 1, choices that no ballot can hold, or a third person.
    """
    if not 0 < number < 1_000_000:
        raise BadInput({"number": _("票号从1写起。")})
    now = WALK.take("enter", one, actor=actor, at=at, facts={"sheet": number})
    if actor.person_id is None:
        raise BadInput({"number": _("要登录后录入。")})
    chosen = checked_choices(now, choices)
    me = Person.objects.get(pk=actor.person_id)
    sheet = Sheet._base_manager.filter(round=now, number=number).first()
    if sheet is None:
        return Sheet._base_manager.create(round=now, number=number, first=chosen, first_by=me)
    if sheet.first_by_id == me.pk:
        sheet.first = chosen
    elif sheet.second_by_id in (None, me.pk):
        sheet.second, sheet.second_by = chosen, me
    else:
        raise BadInput({"number": _("这张票已由两个人录过，请他们中的一位来改。")})
    sheet.save()
    return sheet
