"""Sealed fields: text that is encrypted in the database, masked wherever it is printed, and found by a blind index.

AES-256-GCM with `table.column` as associated data, so that a value moved to another column does not open; the first byte
is the number of the key in the ring. The blind index is HMAC-SHA256 cut to 16 bytes, with a key of its own.
Only `lianxi.commons.protection.services.reveal` opens a value for people; models seal and mask.
"""

import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from lianxi.commons.blinding import NO_KEYS, blind
from lianxi.commons.masking import MASKS, UNREADABLE


@lru_cache(maxsize=1)
def ring() -> dict[int, AESGCM]:
    """The keys by number, the sealing key first. Raises ImproperlyConfigured without keys."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured(NO_KEYS)
    pairs = (entry.split(":", 1) for entry in settings.FIELD_KEYS)
    return {int(number): AESGCM(bytes.fromhex(key)) for number, key in pairs}


def _seal(text: str, context: str) -> bytes:
    number, key = next(iter(ring().items()))
    nonce = os.urandom(12)
    return bytes([number]) + nonce + key.encrypt(nonce, text.encode(), context.encode())


def _open(blob: bytes, context: str) -> str:
    """Raises KeyError for a lost key, InvalidTag for a value that was tampered with or moved."""
    return ring()[blob[0]].decrypt(blob[1:13], blob[13:], context.encode()).decode()


class Sealed:
    """A sealed text. `str()`, `repr()`, templates and exports give the mask; empty is falsy."""

    __slots__ = ("_blob", "_plain", "context", "mask")

    def __init__(self, context: str, mask: str, *, plain: str | None = None, blob: bytes | None = None) -> None:
        self.context, self.mask, self._plain, self._blob = context, mask, plain, blob

    def _text(self) -> str:
        if self._plain is None:
            self._plain = _open(self._blob, self.context) if self._blob else ""
        return self._plain

    def readable(self) -> bool:
        """Whether the key that opens it is at hand."""
        try:
            self._text()
        except (KeyError, InvalidTag):
            return False
        return True

    def __bool__(self) -> bool:
        return bool(self._blob) or bool(self._plain)

    def __str__(self) -> str:
        if not self:
            return ""
        return MASKS[self.mask](self._text()) if self.readable() else UNREADABLE

    def __repr__(self) -> str:
        return f"<Sealed {self}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and bool(self) == bool(other) and (not self or self._text() == other._text())

    def __hash__(self) -> int:
        return hash(self.context)

    def __reduce__(self) -> Any:
        raise TypeError("A sealed value is not pickled.")


class _SealedAttribute:
    """Turns text into `Sealed` at assignment."""

    def __init__(self, field: "SealedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.wrap(value)


class _Bytes(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that go in bulk as one array for each column.

    Django writes a placeholder for each value of each row as soon as a field has a way of its own to write one;
    PostgreSQL needs none for bytes.
    """

    @property
    def get_placeholder(self) -> Any:
        raise AttributeError("get_placeholder")


class SealedField(_Bytes):
    """Encrypted text. `mask` names how it is shown: phone, identity, name, address or text."""

    def __init__(self, *args: Any, mask: str = "text", **kwargs: Any) -> None:
        self.mask = mask
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["mask"] = self.mask
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        table = cls._meta.db_table
        # A history row keeps the sealed bytes of the row it copies: same context.
        tracked = getattr(cls, "pgh_tracked_model", None)
        self.context = f"{tracked._meta.db_table if tracked else table}.{name}"
        setattr(cls, name, _SealedAttribute(self))

    def wrap(self, value: Any) -> Sealed:
        if isinstance(value, Sealed):
            return value
        if isinstance(value, str):
            return Sealed(self.context, self.mask, plain=value.strip())
        return Sealed(self.context, self.mask, blob=bytes(value or b""))

    def get_prep_value(self, value: Any) -> Any:
        value = self.wrap(value)
        if not value:
            return b""
        if value._blob is None or value.context != self.context:
            return _seal(value._text(), self.context)
        return value._blob

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared=True)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return value


class BlindField(_Bytes):
    """Blind index of the sealed field `of`; filter by the plain text: `objects.filter(phone_is="138…")`."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["of"] = self.of
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        source = getattr(model_instance, self.of)
        if source._plain is not None or add:
            value = blind(source._text()) if source else None
            setattr(model_instance, self.attname, value)
        return getattr(model_instance, self.attname)

    def get_prep_value(self, value: Any) -> Any:
        return blind(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared=True)
