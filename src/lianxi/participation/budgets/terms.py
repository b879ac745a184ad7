"""States and kinds of a round of projects, with their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("筹备")
    PROPOSING = "proposing", _("征集项目")
    REVIEW = "project_review", _("审核项目")
    VOTING = "voting", _("投票")
    COUNTING = "counting", _("计票")
    DISPLAYED = "displayed", _("公示")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已终止")


SHOWN = (State.PROPOSING, State.REVIEW, State.VOTING, State.COUNTING, State.DISPLAYED, State.PUBLISHED)
"""States in which everybody sees the round."""

OUT = (State.DISPLAYED, State.PUBLISHED)
"""The result is out: everybody reads it, checks it, and may object."""

RUNNING = (State.DRAFT, State.PROPOSING, State.REVIEW, State.VOTING, State.COUNTING, State.DISPLAYED)

PATH = (State.DRAFT, State.PROPOSING, State.REVIEW, State.VOTING, State.COUNTING, State.DISPLAYED, State.PUBLISHED)
"""The way of a round from beginning to end, as the stepper shows it."""


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("待审核")
    ADMITTED = "admitted", _("列入投票")
    DECLINED = "not_admitted", _("不列入")


class ObjectionState(models.TextChoices):
    OPEN = "objection_open", _("等答复")
    UPHELD = "objection_upheld", _("成立")
    REJECTED = "objection_rejected", _("不成立")


class Channel(models.TextChoices):
    PHONE = "phone", _("手机")
    PAPER = "paper", _("纸票")
    FILE = "file", _("文件导入")


class Given(models.TextChoices):
    CODE = "code", _("投票码")
    PAPER = "paper", _("纸票")
