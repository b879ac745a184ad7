"""Imports 导入批次, their rows, what they made, and exports 导出记录."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.sealing import SealedField

from .sheets.problems import said
from .terms import OrderState, State, Verdict, Work


class ImportBatch(models.Model):
    """One uploaded sheet on its way into the records 导入批次.

    `kind`: name of its `SheetKind`; `about`: key of the record that its columns belong to (none: the kind has its own). `notes`: what is said about the sheet; `trouble`: why it could not be read, applied
    or undone (each a msgid with its facts). `columns`: column number in the sheet → name.
    """

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WAITING)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))
    file_name = models.CharField(_("文件"), max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    wanted_sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    trouble = models.JSONField(default=list)
    ready = models.PositiveIntegerField(default=0)
    mended = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    good_only = models.BooleanField(default=False)
    applied = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["by", "-at"], name="import_mine"),
            models.Index(fields=["kind", "digest"], name="import_digest"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def good(self) -> int:
        """How many rows may be applied."""
        return self.ready + self.mended

    @property
    def bad(self) -> int:
        """How many rows may not."""
        return self.wrong + self.duplicate

    @property
    def said(self) -> list[str]:
        """The notes on the sheet, in the active language."""
        return [said(note["msgid"], note["params"]) for note in self.notes]

    @property
    def troubles(self) -> list[str]:
        """What stood in the way, in the active language."""
        return [said(note["msgid"], note["params"]) for note in self.trouble]


class ImportEvent(Event):
    """What happened to an import."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+", db_index=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_event_number")]


class ImportFile(models.Model):
    """The uploaded bytes, sealed, in Base64; thrown away as soon as the rows have been read."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, primary_key=True, related_name="+")
    content = SealedField()


class ImportRow(models.Model):
    """A row of the sheet. `content` is sealed JSON: values, what the cells showed, notes; emptied once it has been applied."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    content = SealedField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict")]


class ImportMade(models.Model):
    """A record that an import made: what undoing takes back."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="+", db_index=False)
    row = models.PositiveIntegerField()
    of_kind = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    of_pk = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["batch", "of_kind"], name="import_made_batch"),
            models.Index(fields=["of_kind", "of_pk"], name="import_made_record"),
        ]


class ImportProgress(models.Model):
    """How far the job of an import is. A table of its own: the job writes it outside its transaction."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, primary_key=True, related_name="+")
    work = models.CharField(max_length=10, choices=Work.choices, default=Work.CHECK)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stop = models.BooleanField(default=False)
    began = models.DateTimeField(null=True)
    moved = models.DateTimeField(null=True)

    @property
    def percent(self) -> int:
        """0–100, for the bar."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class Export(models.Model):
    """A list that somebody took out 导出记录. Never changed."""

    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("导出人"), max_length=60)
    name = models.CharField(_("清单"), max_length=120)
    format = models.CharField(_("格式"), max_length=4)
    rows = models.PositiveIntegerField(_("行数"))
    columns = models.JSONField(default=list)
    revealed = models.JSONField(_("未打码的列"), default=list)
    asked = models.JSONField(_("筛选条件"), default=dict)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"], name="export_by")]

    def __str__(self) -> str:
        return self.name


class ExportOrder(models.Model):
    """A long list on its way out 长清单的导出: written by a job, fetched by nobody but the one who asked, for a limited time.

    `kind`: name of its `ListKind`; `asked`: the list's question, as its address has it. `keys`: keys of the records in
    it, eight bytes each: whether each of them is still open to the person is asked again when the file is fetched.
    """

    kind = models.CharField(max_length=40)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("导出人"))
    at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=8, choices=OrderState.choices, default=OrderState.RUNNING)
    language = models.CharField(max_length=8, default="zh-hans")
    format = models.CharField(_("格式"), max_length=4)
    asked = models.TextField(blank=True)
    reveal = models.JSONField(default=list)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    job = models.BigIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    began = models.DateTimeField(null=True)
    moved = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    keys = models.BinaryField(default=b"")
    until = models.DateTimeField(_("下载到"), null=True)

    class Meta:
        verbose_name = _("长清单的导出")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"], name="export_order_by")]

    def __str__(self) -> str:
        return self.file_name or self.kind


class ExportPart(models.Model):
    """Some of the bytes of a long export, sealed, in Base64; thrown away with its time."""

    order = models.ForeignKey(ExportOrder, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    content = SealedField()

    class Meta:
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="export_part_once")]


Json = dict[str, Any]
