"""How many people say the same 几人反映: what the public reads is counted without anything that is kept away, and rounded."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from .. import policies
from ..models import Joining, Voice
from .figures import rounded

MOST = 20
_WHO = Coalesce(
    Cast("voice__author_id", CharField()),
    Func(F("voice__phone_is"), Value("hex"), function="encode", output_field=CharField()),
    Cast("voice_id", CharField()),
)
"""Who says it: whoever writes twice under one account or phone is one person."""


def matter_of(copy: int) -> int:
    """The key of the voice behind a published copy that is not withdrawn. Raises NotFound."""
    from .public import standing

    found: int | None = standing().filter(pk=copy).values_list("voice", flat=True).first()
    if found is None:
        raise NotFound
    return found


def has_joined(voice: Voice) -> bool:
    """Whether this voice joined a published matter."""
    return Joining._base_manager.filter(voice=voice.pk).exists()


def people_of(matters: Iterable[int]) -> dict[int, int]:
    """How many people stand behind each matter, the first included, as the public reads it: none below five, the others
    rounded to five (`rounded`), without voices in which somebody is complained about (X-14).
    """
    keys = set(matters)
    if not keys:
        return {}
    counted = (
        Joining._base_manager.filter(matter__in=keys, voice__accused_any=False)
        .exclude(voice__phone_is=F("matter__phone_is"))
        .exclude(voice__author=F("matter__author"))
        .values_list("matter")
        .annotate(people=Count(_WHO, distinct=True))
    )
    shown = {matter: rounded(1 + people) for matter, people in counted}
    return {matter: count for matter, count in shown.items() if count is not None}


def others(voice: Voice, *, actor: Actor) -> list[Voice]:
    """The other voices of the same matter that the actor may see, newest first: for the desk."""
    said = Joining._base_manager.filter(Q(voice=voice.pk) | Q(matter=voice.pk)).values_list("matter", flat=True).first()
    if said is None:
        return []
    same = Q(pk=said) | Q(pk__in=Joining._base_manager.filter(matter=said).values("voice"))
    rows: QuerySet[Voice, Any] = policies.VIEW.all(actor).filter(same).exclude(pk=voice.pk)
    return list(rows.select_related("owner", "place").order_by("-received_at", "-pk")[:MOST])
