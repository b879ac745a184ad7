"""What can be done about a person's posts and account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    APPOINT = "appoint", _("任职")
    END = "end", _("卸任")
    CANCEL = "cancel", _("任职未生效，撤销")
    CREATE_ACCOUNT = "create_account", _("开账号")
    RESET_PASSWORD = "reset_password", _("重设密码")
    DROP_SECOND_FACTOR = "drop_second_factor", _("取消两步登录")
    DISABLE = "disable", _("停用账号")
    ENABLE = "enable", _("恢复账号")


ICONS: dict[str, str] = {
    Verb.APPOINT: "user-plus",
    Verb.END: "user-x",
    Verb.CANCEL: "arrow-back-up",
    Verb.CREATE_ACCOUNT: "key",
    Verb.RESET_PASSWORD: "password",
    Verb.DROP_SECOND_FACTOR: "shield-exclamation",
    Verb.DISABLE: "lock",
    Verb.ENABLE: "lock-open",
}
