"""Persons 人员 and accounts 账号."""

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.sealing import BlindField, SealedField


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Person(models.Model):
    """A person 人员, with or without an account. Phone and e-mail are sealed; the blind index finds them."""

    name = models.CharField(_("姓名"), max_length=60)
    phone = SealedField(_("手机"), mask="phone")
    phone_is = BlindField(of="phone")
    email = SealedField(_("电子邮箱"), mask="text")
    email_is = BlindField(of="email")
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["phone_is"], name="person_phone_is"),
            models.Index(fields=["name"], name="person_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Make an account; the password is hashed, never kept."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login"]
)
class Account(AbstractBaseUser):
    """What a person logs in with 账号. It grants nothing: posts do."""

    username = models.CharField(
        _("账号名"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]+$", _("账号名只用字母、数字、汉字和 . @ - _。"))],
    )
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(_("可用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username
