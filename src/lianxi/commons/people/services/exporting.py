"""The list of posts, taken out as a sheet."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from lianxi.commons.papers.services.exporting import ExportColumn, ExportFile, export
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting

from .. import policies as may
from .. import queries
from ..queries.lists import matching

COLUMNS = (
    ExportColumn("name", _("姓名"), lambda post: post.person.name),
    ExportColumn("unit", _("单位"), lambda post: post.unit.name, width=24),
    ExportColumn("role", _("职务"), lambda post: str(post.get_role_display())),
    ExportColumn("head", _("负责人"), lambda post: str(_("是")) if post.head else ""),
    ExportColumn("since", _("任职日期"), lambda post: post.since),
    ExportColumn("until", _("卸任日期"), lambda post: post.until),
)


def export_people(asked: queries.Asked, *, reason: str, actor: Actor, at: dt.datetime, on: dt.date) -> ExportFile:
    """The posts that the list's conditions and the actor's permission let through, with the reason on record."""
    people = may.EXPORT.all(actor).filter(pk__in=matching(asked, actor=actor, on=on).values("pk"))
    posts = Posting.objects.filter(person__in=people.values("pk")).select_related("person", "unit")
    if asked.view in ("now", "soon"):
        posts = posts.filter(pk__in=Posting.objects.held(on).order_by().values("pk"))
    return export(
        COLUMNS, posts.order_by("person__name", "person", "-since").iterator(chunk_size=500), name=_("任职名单"),
        actor=actor, at=at, reason=reason, asked={"query": asked.query()},
    )  # fmt: skip
