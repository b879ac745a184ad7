"""Who votes in a unit, for the roll of a poll."""

import datetime as dt
from collections import Counter
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxi.commons.ballotbox.rolls import Drawn, LeftOut, Name, RollSource
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotPermitted, Text
from lianxi.commons.rulebook import applies, rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import PARTY_KINDS, UnitKind

from .. import policies
from ..models import Affiliation, Member
from ..terms import CURRENT, Kind, Standing


@applies("E-06", where=gettext_lazy("无记名投票的选民名册"))
def without_vote(member: Member) -> Text:
    """Why a member does not vote; empty where he or she does."""
    if member.standing == Standing.SUSPENDED:
        return _("停止党籍")
    return _("预备党员没有表决权") if member.kind == Kind.PROBATIONARY else ""


class VotingMembers(RollSource):
    """Full members in good standing; who is on probation or suspended is left out, and shown with the article."""

    key: ClassVar[str] = "members"
    label = gettext_lazy("从党员名册取有表决权的党员")

    def applies(self, unit: Unit) -> bool:
        return unit.kind in PARTY_KINDS

    def draw(self, unit: Unit, *, actor: Actor, on: dt.date) -> Drawn:
        there = Member.objects.filter(standing__in=CURRENT)
        if unit.kind == UnitKind.GROUP:
            there = there.filter(pk__in=Affiliation.objects.filter(group=unit, until=None).values("member"))
        else:
            there = there.filter(branch_path__startswith=unit.path)
        seen = policies.VIEW.all(actor).filter(pk__in=there.values("pk"))
        people = list(
            seen.select_related("person", "branch")
            .only("kind", "standing", "person__name", "branch__name", "branch__name_en", "branch__short_name", "branch_path")
            .order_by("branch_path", "person__name", "pk")
        )  # fmt: skip
        if len(people) != there.count():
            raise NotPermitted(_("这里有您看不到的党员登记，请书记或组织员来取名册。"), open_to=[policies.heads.says])
        several = len({one.branch_id for one in people}) > 1
        law = rule("E-06", on=on)

        same = Counter((one.person.name, one.branch_id if several else 0) for one in people)

        def note(one: Member) -> str:
            parts = [one.branch.brief] if several else []
            if same[one.person.name, one.branch_id if several else 0] > 1:
                parts.append(_("编号%(number)s") % {"number": one.number})
            return " ".join(parts)

        return Drawn(
            entries=tuple(Name(one.person.name, note(one)) for one in people if not without_vote(one)),
            left_out=tuple(
                LeftOut(one.person.name, note(one), said, law) for one in people if (said := without_vote(one))
            ),
            remark=_("受留党察看处分的、被留置或逮捕的，党员名册里看不出来。有这样的人，请从名单里去掉。"),
        )
