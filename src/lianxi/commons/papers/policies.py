"""Who may do what with an import."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, Clause, clause, job, permission

from .models import ExportOrder, ImportBatch

JOB = "papers.work"


@clause(_("这是您上传的"))
def author(actor: Actor) -> Q:
    return Q(by=actor.person_id) if actor.person_id else NOBODY


worker = job(JOB, says=_("导入任务"))

VIEW = permission("papers.view", _("查看导入"), ImportBatch, author, worker)
APPLY = permission("papers.apply", _("确认导入"), ImportBatch, author)
UNDO = permission("papers.undo", _("撤销导入"), ImportBatch, author)
WORK = permission("papers.work", _("处理导入"), ImportBatch, worker)

ordered = Clause(_("这是您要导出的"), author.q)
FETCH = permission("papers.fetch", _("下载自己的长清单"), ExportOrder, ordered)
