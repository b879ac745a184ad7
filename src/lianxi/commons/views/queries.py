"""A person's saved views."""

from typing import Any

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from .models import SavedView


def saved_views(room: str, *, actor: Actor) -> list[SavedView]:
    """The actor's views of one list, in the order of saving."""
    return list(SavedView.objects.filter(person=actor.person_id or 0, room=room, deleted_at=None))


def with_saved(
    views: list[dict[str, Any]], *, room: str, query: str, here: str, plain: str, actor: Actor
) -> dict[str, Any]:
    """The tabs of a list with the actor's own behind them, and what `views/saved.html` shows.

    `views`: the list's own tabs (label, url, count, current); `query`: its question now; `here`, `plain`: the addresses of
    this question and of the list without any. A saved view that is open is the current tab.
    """
    saved = saved_views(room, actor=actor)
    opened = next((one for one in saved if one.query == query), None)
    tabs = [one | {"current": one["current"] and opened is None} for one in views]
    tabs += [{"label": one.label, "url": f"?{one.query}", "count": None, "current": one is opened} for one in saved]
    return {"views": tabs, "view": opened, "room": room, "query": query, "here": here, "plain": plain}


def own_view(pk: int, *, actor: Actor) -> SavedView:
    """Raises NotFound for the views of others."""
    found = SavedView.objects.filter(pk=pk, person=actor.person_id or 0).first()
    if found is None:
        raise NotFound
    return found
