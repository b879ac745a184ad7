"""Roles 职务 held at a unit."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SECRETARY = "secretary", _("书记")
    DIRECTOR = "director", _("主任")
    DEPUTY = "deputy", _("副职")
    CLERK = "clerk", _("窗口")
    DISPATCHER = "dispatcher", _("受理派单")
    HANDLER = "handler", _("承办人")
    SUPERVISOR = "supervisor", _("督办")
    ORGANISER = "organiser", _("组织员")
    PUBLISHER = "publisher", _("公开审核")
    DISCIPLINE = "discipline", _("纪检")
    SYSTEM_ADMIN = "system_admin", _("系统管理")
    SECURITY_ADMIN = "security_admin", _("安全管理")
    AUDIT_ADMIN = "audit_admin", _("审计管理")


LEADS = (Role.SECRETARY, Role.DIRECTOR)
"""Who heads a unit 负责人."""

ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""Who keeps the system 三员: three persons, never one (Z-04)."""
