"""A person's saved views."""

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from .models import SavedView


def saved_views(room: str, *, actor: Actor) -> list[SavedView]:
    """The actor's views of one list, in the order of saving."""
    return list(SavedView.objects.filter(person=actor.person_id or 0, room=room, deleted_at=None))


def own_view(pk: int, *, actor: Actor) -> SavedView:
    """Raises NotFound for the views of others."""
    found = SavedView.objects.filter(pk=pk, person=actor.person_id or 0).first()
    if found is None:
        raise NotFound
    return found
