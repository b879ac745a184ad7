"""Save, rename, delete and take back."""

import datetime as dt
import re
import unicodedata
from urllib.parse import parse_qs

from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted

from .models import SavedView
from .queries import own_view

AT_MOST = 30
LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d")
"""A telephone or ID number in a search: a view lies open in the database, so it keeps none."""


def _name(label: str) -> str:
    label = " ".join(label.split())
    if not label:
        raise BadInput({"label": _("请写一个名称。")})
    if len(label) > 40:
        raise BadInput({"label": _("名称最多40个字。")})
    return label


def save_view(*, room: str, label: str, query: str, actor: Actor, at: dt.datetime) -> SavedView:
    """存为视图: keep a question under a name. Raises BadInput."""
    if actor.person_id is None:
        raise NotPermitted
    if SavedView.objects.filter(person=actor.person_id, room=room, deleted_at=None).count() >= AT_MOST:
        raise BadInput({"label": _("最多存%(n)d个视图，先删掉不用的。") % {"n": AT_MOST}})
    if len(query) > 1000:
        raise BadInput({"label": _("条件太长，存不下。")})
    if LONG_NUMBER.search(unicodedata.normalize("NFKC", "".join(parse_qs(query).get("q", [])))):
        raise BadInput({"label": _("找的是一个人的号码，不存成视图。")})
    return SavedView.objects.create(person_id=actor.person_id, room=room, label=_name(label), query=query, saved_at=at)


def rename_view(view: SavedView, *, label: str, actor: Actor) -> SavedView:
    """改名. Raises NotFound, BadInput."""
    view = own_view(view.pk, actor=actor)
    view.label = _name(label)
    view.save(update_fields=["label"])
    return view


def delete_view(view: SavedView, *, actor: Actor, at: dt.datetime) -> SavedView:
    """删掉; it can be taken back."""
    view = own_view(view.pk, actor=actor)
    view.deleted_at = at
    view.save(update_fields=["deleted_at"])
    return view


def restore_view(view: SavedView, *, actor: Actor) -> SavedView:
    """撤回: take the deletion back."""
    view = own_view(view.pk, actor=actor)
    view.deleted_at = None
    view.save(update_fields=["deleted_at"])
    return view
