"""States, kinds and steps of a secret vote, with their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("筹备")
    PREPARING = "preparing", _("制作密钥和选票卡")
    OPEN = "poll_open", _("投票中")
    CLOSED = "poll_closed", _("已截止，待开票")
    COUNTED = "counted", _("已开票")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已终止")


PATH = (State.DRAFT, State.PREPARING, State.OPEN, State.CLOSED, State.COUNTED, State.PUBLISHED)
"""The way of a poll from beginning to end, as the stepper shows it."""

RUNNING = (State.DRAFT, State.PREPARING, State.OPEN, State.CLOSED)
"""States in which a poll can still be ended without a result."""

SHOWN = (State.PREPARING, State.OPEN, State.CLOSED, State.COUNTED, State.PUBLISHED)
"""States in which everybody who has the address sees what is asked."""

ENDED = (State.CLOSED, State.COUNTED, State.PUBLISHED)
"""No ballot comes any more: the archive can be checked."""


class Kind(models.TextChoices):
    MOTIONS = "motions", _("议题表决")
    CHOICE = "choice", pgettext_lazy("投什么", "征求意见")
    CANDIDATES = "candidates", _("候选人投票")


class Part(models.TextChoices):
    ITEM = "item", _("选票上的一项")
    ROSTER = "roster", _("可以另选的人")


class Verdict(models.TextChoices):
    """By which rule the result decides. Empty: it only tells what people think."""

    NONE = "", _("只征求意见，不作决定")
    MEETING = "B-07", _("党员大会表决：赞成超过应到会的一半")


class Step(models.TextChoices):
    """What a trustee hands in, in this order."""

    CERTIFICATE = "certificate", _("证书")
    POLYNOMIAL = "polynomial", _("份额")
    OUTPUT = "output", _("自己的公钥")
    SHARE = "share", _("解密份额")


KEY_STEPS = (Step.CERTIFICATE, Step.POLYNOMIAL, Step.OUTPUT)
"""The steps by which the key is made."""


class EntryKind(models.TextChoices):
    """Events of the chain, as the archive names them."""

    SETUP = "Setup", _("开始")
    BALLOT = "Ballot", _("选票")
    END = "EndBallots", _("截止")
    TALLY = "EncryptedTally", _("加密的合计")
    SHARE = "PartialDecryption", _("解密份额")
    RESULT = "Result", _("结果")


class Work(models.TextChoices):
    """Jobs on a poll whose progress is shown."""

    ADD_UP = "add_up", _("合计选票")
    COUNT = "count", _("开票并核验")
    PUBLISH = "publish", _("写出档案")
