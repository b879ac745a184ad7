"""The walk of a round: drafting → open → lists closed → drawn → placed → objections → confirmed → reported.

The seed is drawn once, after the lists are closed, and nothing leads back from there: nobody can try seeds.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxi.commons.workflow import tell
from lianxi.commons.workflow.walk import Row, Walk

from . import checks as must
from . import policies as may
from .models import Round, RoundStep
from .terms import State as S

LAID_OUT = (must.groups_for_all, must.sizes_lawful, must.meets_enough, must.leaders_may_lead, must.fits)

WALK = Walk(
    Round,
    RoundStep,
    "round",
    view=may.VIEW,
    tell=tell("groups"),
    rows=(
        Row("change", _("修改"), (S.DRAFTING,), None, may.KEEP),
        Row("set_group", _("设小组"), (S.DRAFTING,), None, may.KEEP),
        Row("open", _("开始选组"), (S.DRAFTING,), S.OPEN, may.KEEP, (*LAID_OUT, must.closes_later), ("members",)),
        Row("amend", _("调整名额"), (S.OPEN,), None, may.KEEP, (must.sizes_lawful,)),
        Row("extend", _("延长时间"), (S.OPEN,), None, may.KEEP, (must.closes_later,)),
        Row("designate", _("组织指定"), (S.DRAFTING, S.OPEN), None, may.KEEP),
        Row("take_back_slip", _("撤回录入"), (S.OPEN,), None, may.KEEP),
        Row("undesignate", _("撤回指定"), (S.DRAFTING, S.OPEN), None, may.KEEP),
        Row(
            "name_leader", _("定组长"), (S.DRAFTING, S.OPEN, S.PLACED, S.OBJECTIONS), None, may.KEEP,
            (must.leaders_may_lead,),
        ),
        Row("close", _("停止选组"), (S.OPEN,), S.CLOSED, may.KEEP, (must.time_has_come, *LAID_OUT)),
        Row("reopen", _("重新开放选组"), (S.CLOSED,), S.OPEN, may.KEEP, (must.closes_later,)),
        Row("draw", _("抽出种子"), (S.CLOSED,), S.DRAWN, may.KEEP, (must.fits, must.seed_drawn)),
        Row("place", pgettext_lazy("step of a round", "编组"), (S.DRAWN,), S.PLACED, may.KEEP, (must.fits,)),
        Row("move", _("手工调整"), (S.PLACED, S.OBJECTIONS), None, may.KEEP, (), ("member",)),
        Row("publish", _("告诉党员，征求意见"), (S.PLACED,), S.OBJECTIONS, may.KEEP, (must.groups_lawful,), ("members",)),
        Row("object", _("提意见"), (S.OBJECTIONS,), None, may.OBJECT, (), ("keepers",)),
        Row("answer_objection", _("答复意见"), (S.OBJECTIONS,), None, may.KEEP, (), ("member",)),
        Row(
            "confirm", _("支委会确定"), (S.OBJECTIONS,), S.CONFIRMED, may.CONFIRM,
            (must.objections_answered, must.time_to_object_over, must.groups_lawful, must.leaders_named, must.leaders_may_lead, must.committee_quorate),
        ),
        Row("report", _("报上级"), (S.CONFIRMED,), S.REPORTED, may.KEEP, (), ("above",)),
        Row(
            "cancel", pgettext_lazy("round of groups", "取消编组"),
            (S.DRAFTING, S.OPEN, S.CLOSED, S.DRAWN, S.PLACED, S.OBJECTIONS), S.CANCELLED, may.KEEP, (), ("members",),
        ),
    ),
)  # fmt: skip
