"""Two records of one person become one; undone as long as nothing builds on it."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Account
from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import BadInput, NotPermitted, Text

from .. import policies
from ..models import Affiliation, Member, Merge, TakingPart, Transfer
from ..terms import CURRENT, OPEN_TRANSFERS, Standing, WayOut

TAKEN = frozenset(["education", "work", "address", "lost", "mobile", "nationality", "joined_on", "full_on", "phone"])
"""Items that may be taken over from the record that goes."""


def _locked(kept: Member, gone: Member, actor: Actor) -> tuple[Member, Member]:
    rows = {
        one.pk: one
        for one in policies.MERGE.all(actor)
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(pk__in=(kept.pk, gone.pk))
        .order_by("pk")
    }
    if kept.pk not in rows or gone.pk not in rows:
        raise NotPermitted(open_to=[policies.keeps.says])
    return rows[kept.pk], rows[gone.pk]


def _why_not(kept: Member, gone: Member, day: dt.date) -> Text | None:
    if kept.pk == gone.pk:
        return _("要选两条不同的登记。")
    if kept.standing not in CURRENT or gone.standing not in CURRENT:
        return _("只合并在册的登记。")
    if Transfer.objects.filter(member__in=(kept, gone), state__in=OPEN_TRANSFERS).exists():
        return _("有转接在办，先办完或者撤回。")
    if Account.objects.filter(person=gone.person_id, is_active=True).exists():
        return _("“%(name)s”的这条登记有账号。请保留有账号的一条。") % {"name": gone}
    if Posting.objects.held(day).filter(person=gone.person_id).exists():
        return _("“%(name)s”的这条登记有任职。请保留有任职的一条。") % {"name": gone}
    return None


@transaction.atomic
def merge(
    kept: Member, *, gone: Member, reason: str, actor: Actor, at: dt.datetime, take: tuple[str, ...] = ()
) -> Merge:
    """合并: `gone` leaves the lists and points to `kept`; both histories stay. `take`: items taken over from `gone`.

    Raises NotPermitted, BadInput.
    """
    kept, gone = _locked(kept, gone, actor)
    day = timezone.localtime(at).date()
    if why_not := _why_not(kept, gone, day):
        raise BadInput({"gone": why_not})
    if strange := set(take) - TAKEN:
        raise BadInput({"take": _("不能取这些项：%(names)s。") % {"names": "、".join(sorted(strange))}})
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    with because(actor, reason):
        before = {"kept": _latest(kept), "gone": _latest(gone), "standing": gone.standing}
        current = Affiliation.objects.select_for_update().get(member=gone, until=None)
        before["affiliation"] = current.pk
        current.until, current.way_out = max(day, current.since), WayOut.MERGED
        current.save()
        gone.standing = Standing.MERGED
        gone.save()
        _take_over(kept, gone, take)
        before["parts"] = _take_parts(kept, gone)
        before |= {"kept_after": _latest(kept), "gone_after": _latest(gone), "person_after": _latest(kept.person)}
    return Merge.objects.create(
        kept=kept, gone=gone, reason=reason.strip()[:200], at=at, by_id=actor.person_id, by_name=actor.name,
        taken=list(take), before=before,
    )  # fmt: skip


def _take_over(kept: Member, gone: Member, take: tuple[str, ...]) -> None:
    for name in take:
        if name == "phone":
            kept.person.phone, kept.person.phone_is = gone.person.phone, gone.person.phone_is
            kept.person.save()
        else:
            setattr(kept, name, getattr(gone, name))
    if take:
        kept.save()


def _take_parts(kept: Member, gone: Member) -> list[int]:
    """The signs of taking part go along, or the person would seem to have stayed away; gives their keys."""
    known = set(TakingPart.objects.filter(member=kept).values_list("kind", "on"))
    moved = [one.pk for one in TakingPart.objects.filter(member=gone) if (one.kind, one.on) not in known]
    TakingPart.objects.filter(pk__in=moved).update(member=kept)
    return moved


def _history(record: Any) -> Any:
    return apps.get_model(record._meta.app_label, f"{type(record).__name__}Event")._base_manager.filter(
        pgh_obj=record.pk
    )


def _latest(record: Any) -> int:
    return _history(record).order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0


def built_on(row: Merge) -> list[Text]:
    """What has been built on a merge since, in words: it stands in the way of undoing."""
    found: list[Text] = []
    if _latest(row.kept) != row.before["kept_after"] or _latest(row.kept.person) != row.before["person_after"]:
        found.append(_("保留的登记后来改过"))
    if _latest(row.gone) != row.before["gone_after"]:
        found.append(_("并入的登记后来改过"))
    if Transfer.objects.filter(member=row.kept, asked_at__gt=row.at).exists():
        found.append(_("后来提过转接"))
    if Affiliation.objects.filter(member=row.kept, since__gt=timezone.localtime(row.at).date()).exists():
        found.append(_("组织关系后来动过"))
    if Merge.objects.filter(kept=row.kept, undone_at=None, pk__gt=row.pk).exists():
        found.append(_("后来又并入了别的登记，先撤销那一次"))
    return found


@transaction.atomic
def undo_merge(row: Merge, *, actor: Actor, at: dt.datetime) -> Merge:
    """撤销合并: everything as before, if nothing was built on it. Raises NotPermitted, BadInput."""
    row = Merge.objects.select_for_update().get(pk=row.pk)
    kept, gone = _locked(row.kept, row.gone, actor)
    row.kept, row.gone = kept, gone
    if row.undone_at:
        raise BadInput({"gone": _("已经撤销过。")})
    if reasons := built_on(row):
        raise BadInput({"gone": _("不能撤销：%(why)s。") % {"why": "；".join(str(one) for one in reasons)}})
    with because(actor, str(_("撤销合并"))):
        _give_back(kept, row)
        TakingPart.objects.filter(pk__in=row.before.get("parts", []), member=kept).update(member=gone)
        Affiliation.objects.filter(pk=row.before["affiliation"]).update(until=None, way_out="")
        gone.standing = row.before["standing"]
        gone.save()
    row.undone_at = at
    row.save()
    return row


def _give_back(kept: Member, row: Merge) -> None:
    before = _history(kept).get(pgh_id=row.before["kept"])
    names = [name for name in row.taken if name != "phone"]
    for name in names:
        setattr(kept, name, getattr(before, name))
    if names:
        kept.save()
    if "phone" in row.taken:
        earlier = _history(kept.person).filter(pgh_id__lt=row.before["person_after"]).order_by("-pgh_id").first()
        if earlier:
            kept.person.phone, kept.person.phone_is = earlier.phone, earlier.phone_is
            kept.person.save()
