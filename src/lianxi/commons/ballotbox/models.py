"""A secret vote: what is asked, who may vote, who keeps the key, and the chain of its ballots.

Nothing leads from a person to a ballot, and the tables are made so that nothing can: the roll is frozen before the first card
exists and is never touched again; credentials stand in the order of their numbers; a ballot has neither a time nor a person.
Triggers keep what is promised (`migrations/0002_promises.py`): entries and blobs are only appended, each after the head of its
poll, in the right state; states go only forwards; what was put to the vote does not change.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.models import Event
from lianxi.commons.permissions import Guarded
from lianxi.commons.sealing import SealedField
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .terms import EntryKind, Kind, Part, State, Step, Verdict, Work

_link: dict[str, Any] = {"related_name": "+"}


class Poll(models.Model):
    """A secret vote 无记名投票. `uuid` is its address and the salt of its cards; `head` and `height` are those of its chain,
    written by the chain's own trigger; `height` is -1 before the first entry. `ballots`: how many have voted."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), **_link)
    unit_path = PathField()
    uuid = models.CharField(max_length=22, unique=True, editable=False)
    title = models.CharField(_("名称"), max_length=80)
    about = models.TextField(_("说明"), blank=True)
    kind = models.CharField(_("投什么"), max_length=12, choices=Kind.choices)
    most = models.PositiveSmallIntegerField(_("最多选几个"), default=1)
    rule = models.CharField(_("怎样算通过"), max_length=8, choices=Verdict.choices, blank=True, default=Verdict.NONE)
    revote = models.BooleanField(_("可以重投，以最后一次为准"), default=True)
    is_election = models.BooleanField(_("是选举"), default=False)
    approval = models.CharField(_("上级批准采用电子投票的文件"), max_length=120, blank=True)
    threshold = models.PositiveSmallIntegerField(_("几位监票人才能开票"), default=2)
    few_reason = models.CharField(_("监票人少于三位的理由"), max_length=200, blank=True)
    giver = models.ForeignKey(Person, models.PROTECT, verbose_name=_("发卡人"), null=True, blank=True, **_link)
    opens_on = models.DateField(_("投票日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    cards_lost = models.PositiveIntegerField(_("挂失补发的卡"), default=0)
    cards_given = models.PositiveIntegerField(_("发出的卡"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("签到人数"), null=True, blank=True)
    stamp = models.PositiveBigIntegerField(default=0, editable=False)
    """Second that stands in the archive: the beginning of the day on which the poll was opened."""
    head = models.CharField(max_length=64, blank=True, editable=False)
    height = models.IntegerField(default=-1, editable=False)
    ballots = models.PositiveIntegerField(_("已投票人数"), default=0, editable=False)
    archive_hash = models.CharField(max_length=64, blank=True, editable=False)
    archive_size = models.PositiveBigIntegerField(default=0, editable=False)
    hints_hash = models.CharField(max_length=64, blank=True, editable=False)
    hints_size = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("开始时间"))

    objects = Guarded()

    class Meta:
        verbose_name = _("无记名投票")
        indexes = [
            models.Index(fields=["unit_path", "-created_at"], name="poll_unit_path"),
            models.Index(fields=["-created_at"], name="poll_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="poll_state"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="poll_kind"),
            models.CheckConstraint(condition=Q(rule__in=Verdict.values), name="poll_rule"),
            models.CheckConstraint(condition=Q(most__gt=0), name="poll_most"),
            models.CheckConstraint(condition=Q(threshold__gt=0), name="poll_threshold"),
            models.CheckConstraint(
                condition=Q(height=-1, head="") | (Q(height__gte=0) & ~Q(head="")), name="poll_head_whole"
            ),
            models.CheckConstraint(
                condition=Q(cards_given=None, attended=None) | Q(cards_given__isnull=False, attended__isnull=False),
                name="poll_attendance_whole",
            ),
            models.CheckConstraint(condition=Q(ballots__lte=F("height")) | Q(ballots=0), name="poll_ballots_of_chain"),
        ]

    def __str__(self) -> str:
        return self.title


class PollEvent(Event):
    """A step of a poll. Never one for a ballot."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="+", db_index=False)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="poll_event_number")]


class Item(models.Model):
    """A motion, an option or a candidate; or a name that may be written in."""

    poll = models.ForeignKey(Poll, models.PROTECT, **_link)
    part = models.CharField(max_length=6, choices=Part.choices, default=Part.ITEM)
    number = models.PositiveSmallIntegerField(_("编号"))
    text = models.CharField(_("内容"), max_length=300)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("选票上的一项")
        ordering = ["part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "part", "number"], name="poll_item_number"),
            models.UniqueConstraint(fields=["poll", "text"], name="poll_item_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="poll_item_part"),
        ]

    def __str__(self) -> str:
        return self.text


class RollEntry(models.Model):
    """Who may vote 选民名册. No mark of anything later: no card, no attendance, no time."""

    poll = models.ForeignKey(Poll, models.PROTECT, **_link)
    number = models.PositiveIntegerField(_("序号"))
    name = SealedField(_("姓名"), mask="name")
    note = models.CharField(_("备注"), max_length=60, blank=True)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("选民名册")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="roll_number")]

    def __str__(self) -> str:
        return str(self.name)


class Trustee(models.Model):
    """Who keeps a share of the key 监票人. `number` is the place in the list, from 1."""

    poll = models.ForeignKey(Poll, models.PROTECT, **_link)
    number = models.PositiveSmallIntegerField(_("序号"))
    person = models.ForeignKey(Person, models.PROTECT, **_link)
    name = models.CharField(_("姓名"), max_length=60)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("监票人")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="trustee_number"),
            models.UniqueConstraint(fields=["poll", "person"], name="trustee_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TrusteeFile(models.Model):
    """What a trustee handed in, letter by letter. What in it is secret only the trustee it is for can read."""

    trustee = models.ForeignKey(Trustee, models.PROTECT, **_link)
    step = models.CharField(max_length=12, choices=Step.choices)
    text = models.TextField()

    objects = Guarded("ballotbox.Poll", "trustee__poll")

    class Meta:
        verbose_name = _("监票人交的文件")
        constraints = [
            models.UniqueConstraint(fields=["trustee", "step"], name="trustee_file_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="trustee_file_step"),
        ]

    def __str__(self) -> str:
        return self.step


class Credential(models.Model):
    """The public key of a card. Rows are written in the order of the keys: the order of the cards is lost."""

    poll = models.ForeignKey(Poll, models.PROTECT, **_link)
    key = models.TextField()
    key_hash = models.CharField(max_length=64)
    revoked = models.BooleanField(default=False)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("选票卡的公钥")
        constraints = [models.UniqueConstraint(fields=["poll", "key_hash"], name="credential_once")]

    def __str__(self) -> str:
        return self.key_hash


class Blob(models.Model):
    """Something that an entry refers to, by its hash: the bytes that stand in the archive."""

    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False, **_link)
    hash = models.CharField(max_length=64)
    text = models.BinaryField()

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("档案里的文件")
        constraints = [models.UniqueConstraint(fields=["poll", "hash"], name="blob_once")]

    def __str__(self) -> str:
        return self.hash


class Entry(models.Model):
    """A link of the chain 票箱. `text` is the event as it stands in the archive, `hash` that of the text, `payload` that of
    what it is about; `credential`, of a ballot only, the hash of the public key it was signed with."""

    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False, **_link)
    height = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    payload = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    credential = models.CharField(max_length=64, blank=True)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("票箱的一项")
        ordering = ["height"]
        indexes = [models.Index(fields=["poll", "credential", "-height"], name="entry_of_credential")]
        constraints = [
            models.UniqueConstraint(fields=["poll", "height"], name="entry_height"),
            models.UniqueConstraint(
                fields=["poll", "payload"], condition=Q(kind=EntryKind.BALLOT), name="entry_ballot_once"
            ),
            models.UniqueConstraint(
                fields=["poll", "kind"],
                condition=Q(kind__in=[EntryKind.SETUP, EntryKind.END, EntryKind.TALLY, EntryKind.RESULT]),
                name="entry_kind_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind"),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.BALLOT) & ~Q(credential=""))
                | (~Q(kind=EntryKind.BALLOT) & Q(credential="")),
                name="entry_credential_of_ballots",
            ),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.END) & Q(payload="")) | (~Q(kind=EntryKind.END) & ~Q(payload="")),
                name="entry_payload",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.height} {self.kind}"


class HintPart(models.Model):
    """Some of the hints that are offered beside the archive, in the order of its ballots. Computed from it, and trusted by nobody."""

    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False, **_link)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("提示")
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="hint_part_once")]

    def __str__(self) -> str:
        return str(self.number)


class Progress(models.Model):
    """How far a job on a poll has come. `problem`: why it cannot go on, in the words of the verifier."""

    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False, **_link)
    work = models.CharField(max_length=8, choices=Work.choices)
    done = models.PositiveIntegerField(default=0)
    whole = models.PositiveIntegerField(default=0)
    ended = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)

    objects = Guarded("ballotbox.Poll", "poll")

    class Meta:
        verbose_name = _("进度")
        constraints = [models.UniqueConstraint(fields=["poll", "work"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.work} {self.done}/{self.whole}"
