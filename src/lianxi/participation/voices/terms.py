"""States, kinds and reasons of voices, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy


class State(models.TextChoices):
    """Where a voice stands 状态."""

    RECEIVED = "received", _("待受理")
    DECLINED = "declined", _("不予受理")
    ACCEPTED = "accepted", _("已受理")
    DISPATCHED = "dispatched", _("已派")
    OBJECTED = "objected", _("派单异议")
    IN_HAND = "in_hand", _("办理中")
    AWAITING_RESIDENT = "awaiting_resident", _("待补充")
    IN_REVIEW = "in_review", _("待审核")
    ANSWERED = "answered", _("已答复")
    CALL_BACK = "call_back", _("回访中")
    UNSATISFIED = "unsatisfied", _("不满意")
    SECOND_HANDLING = "second_handling", _("二次办理")
    REOPENED = "reopened", _("重新打开")
    CLOSED = "closed", _("办结")


ENDED = (State.DECLINED, State.CLOSED)
OPEN = tuple(state for state in State if state not in ENDED)
IN_WORK = (State.IN_HAND, State.SECOND_HANDLING)


class Kind(models.TextChoices):
    """What is wanted 诉求类型 (J-01)."""

    HELP = "help", _("求助、报修")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    ENQUIRY = "enquiry", _("咨询")
    REPORT = "report", _("举报")


class Topic(models.TextChoices):
    """What it is about 类别."""

    WORKS = "works", _("市政设施")
    SANITATION = "sanitation", _("环境卫生")
    NOISE = "noise", _("噪声")
    PROPERTY = "property", _("物业")
    HOUSING = "housing", _("住房")
    TRAFFIC = "traffic", _("交通")
    ELDERLY = "elderly", _("养老")
    HEALTH = "health", _("卫生")
    EDUCATION = "education", _("教育")
    SAFETY = "safety", _("安全")
    WORK = "work", _("就业社保")
    OTHER = "other", pgettext_lazy("topic", "其他")


class Channel(models.TextChoices):
    """How it came 渠道."""

    PHONE = "phone", pgettext_lazy("channel", "手机")
    WINDOW = "window", pgettext_lazy("channel", "窗口")
    TELEPHONE = "telephone", _("电话")
    LETTER = "letter", _("来信")
    SHEET = "sheet", _("表格导入")
    API = "api", _("接口")


class Naming(models.TextChoices):
    """Whose name is on it 署名方式."""

    ANONYMOUS = "anonymous", _("匿名")
    CONFIDENTIAL = "confidential", _("保密")
    NAMED = "named", _("实名")


class Exit(models.TextChoices):
    """Lawful reasons for not taking a matter 不予受理的情形 (J-02)."""

    EMERGENCY = "emergency", _("紧急情况，应打110、119、120或122")
    OTHER_PROCEDURE = "other_procedure", _("依法应走诉讼、仲裁、复议，或已在信访中")
    REPEATED = "repeated", _("同一事情已在办或已办结，没有新情况")
    SECRET = "secret", _("涉及国家秘密、商业秘密或他人隐私")
    OUTSIDE = "outside", _("不在街道职责范围")
    ILLEGAL = "illegal", _("诉求违反法律法规")


class Part(models.TextChoices):
    """How a person or unit stands to a voice."""

    ACCUSED = "accused", _("被反映方")
    INTERESTED = "interested", _("有直接利害关系，已回避")


class Result(models.TextChoices):
    """What the answer says to the request 处理意见 (X-10)."""

    SUPPORT = "support", _("支持")
    EXPLAIN = "explain", _("解释说明")
    NOT_SUPPORT = "not_support", _("不予支持")


class Solved(models.TextChoices):
    """Whether it is solved; said by the handler, the resident and the call-back, each for themselves."""

    YES = "yes", _("解决了")
    PARTLY = "partly", _("解决了一部分")
    NO = "no", _("没有解决")


class Satisfied(models.TextChoices):
    YES = "yes", _("满意")
    FAIRLY = "fairly", _("基本满意")
    NO = "no", _("不满意")


class ClockKind(models.TextChoices):
    """The clocks of a voice 时限."""

    ACCEPT = "accept", _("受理")
    OBJECT = "object", _("提出派单异议")
    CONTACT = "contact", _("先行联系")
    ANSWER = "answer", _("答复")
    SECOND = "second", _("二次办理")
    RATE = "rate", _("评价")


class Contact(models.TextChoices):
    """How the resident was contacted first 先行联系."""

    CALL = "call", _("电话")
    VISIT = "visit", _("上门")
    MEET = "meet", _("当面")
    MESSAGE = "message", _("留言")


PUBLIC_STATES: dict[str, str] = {}
"""Filled below: what residents read where staff have a finer word."""
PUBLIC_STATES.update(
    {
        State.OBJECTED: State.ACCEPTED,
        State.DISPATCHED: State.ACCEPTED,
        State.IN_REVIEW: State.IN_HAND,
        State.CALL_BACK: State.ANSWERED,
        State.UNSATISFIED: State.SECOND_HANDLING,
        State.REOPENED: State.ACCEPTED,
    }
)


class Level(models.IntegerChoices):
    """How far a clock has been told about 提醒和升级 (S-07, S-08)."""

    WARNED = 0, _("到期前提醒")
    LATE = 1, _("告诉承办人和负责人")
    SECRETARY = 2, _("告诉社区书记")
    SUPERVISOR = 3, _("告诉街道督办人")


TERM_OVER = gettext_noop("公开期满")
"""Why a public copy is no longer shown: said of all that are taken down together."""
