"""The roll of a round: who is a member of its branches on the day."""

from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS
from lianxi.organization.members.models import Member
from lianxi.organization.members.terms import Standing

from ..checks import forget
from ..models import Participant, Round, RoundGroup


def branches_of(unit: Unit) -> list[Unit]:
    """The branches that a round of this unit forms groups in: itself, or those below it that stand."""
    if unit.kind in BRANCH_KINDS:
        return [unit]
    return list(Unit.objects.filter(path__startswith=unit.path, kind__in=BRANCH_KINDS, until=None).order_by("path"))


def count_roll(record: Round) -> tuple[int, int]:
    """Bring the roll up to date before it counts: newcomers get the next number, those who left go. Gives how many of each.

    Called with the round locked, until its lists are closed; afterwards the roll stands.
    """
    branches = [one.pk for one in branches_of(record.unit)]
    now = {
        member.pk: member
        for member in Member.objects.filter(branch__in=branches, standing=Standing.NORMAL)
        .order_by("branch_path", "pk")
        .only("pk", "branch_id", "kind")
    }
    had = {one.member_id: one for one in Participant.objects.filter(round=record)}
    gone = [one for key, one in had.items() if key not in now or now[key].branch_id != one.branch_id]
    RoundGroup.objects.filter(round=record, leader__in=[one.pk for one in gone]).update(leader=None, leader_way="")
    Participant.objects.filter(pk__in=[one.pk for one in gone]).delete()
    left = {one.member_id for one in gone}
    changed = []
    for key, one in had.items():
        if key not in left and one.kind != now[key].kind:
            one.kind = now[key].kind
            changed.append(one)
    Participant.objects.bulk_update(changed, ["kind"])
    last = max((one.number for one in had.values()), default=0)
    new = [member for key, member in now.items() if key not in had or key in left]
    Participant.objects.bulk_create(
        Participant(round=record, number=number, member=member, branch_id=member.branch_id, kind=member.kind)
        for number, member in enumerate(new, last + 1)
    )
    forget(record)
    return len(new), len(gone)
