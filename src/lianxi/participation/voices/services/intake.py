"""How a voice begins 受理登记, and how its receipt code opens it again."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import BadInput, NotFound, Refusal, Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import policies
from ..models import Party, Voice
from ..queries import people
from ..terms import Channel, Kind, Naming, Part, Topic
from ..workflow import WALK, keeper_of
from .photos import Encoded, keep_photos

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
KEY_BITS = 52
"""Keys stay below 2**53, so that every browser holds them exactly."""
TEXT_AT_MOST = 5000
DISCIPLINE = "discipline"
"""The choice on the form that leads to the discipline door; nothing is stored (X-19)."""


class DisciplineDoor(Refusal):
    """Complaints on discipline get the right door and are not stored (X-19)."""

    code, status = "discipline-door", 422
    sentence = _("这类内容这里不接收、不保存。请直接找纪检监察机关（12388）。")


@dataclass(frozen=True, slots=True)
class Said:
    """What is raised, as typed. `accused_*`: whom it is about; they never meet it.

    `accused_words`: as the resident wrote it. Names in it that hold a post are found; where words are left over, it is
    kept to the dispatcher until it is known who is meant.
    """

    text: str
    title: str = ""
    kind: str = Kind.HELP
    topic: str = Topic.OTHER
    place: Unit | None = None
    address: str = ""
    naming: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    channel: str = Channel.PHONE
    language: str = "zh-hans"
    accused_units: Sequence[Unit] = ()
    accused_persons: Sequence[Person] = ()
    accused_words: str = ""
    photos: Sequence[Encoded] = field(default=())
    received_at: dt.datetime | None = None


@transaction.atomic
def raise_voice(said: Said, *, actor: Actor, at: dt.datetime, lot: Random) -> tuple[Voice, str]:
    """Raise a voice 提出诉求; gives it and its receipt code, which is not kept.

    `lot` draws code and number. Anybody may raise one; on behalf of others only who may register there.
    Raises BadInput, DisciplineDoor, NotPermitted.
    """
    if said.kind == DISCIPLINE:
        raise DisciplineDoor
    _check(said)
    place = said.place or Unit.objects.filter(kind=UnitKind.STREET).order_by("path").first()
    if place is None:
        raise BadInput({"place": _("还没有设街道，先建单位树。")})
    units, persons, left = whom(said, on=timezone.localtime(at).date())
    owner = keeper_of(place, [*units, *_headed_by(persons, timezone.localtime(at).date())])
    if said.channel in (Channel.WINDOW, Channel.TELEPHONE, Channel.LETTER):
        policies.REGISTER.get(actor, pk=place.pk)
    naming = said.naming or (Naming.CONFIDENTIAL if said.phone or said.email or said.contact_name else Naming.ANONYMOUS)
    received_at = said.received_at or at
    code = drawn_code(lot)
    voice = Voice(
        pk=lot.getrandbits(KEY_BITS),
        year=timezone.localtime(received_at).year,
        number=_number(received_at, lot),
        code_is=blind("code:" + code),
        channel=said.channel,
        naming=naming,
        kind=said.kind,
        topic=said.topic,
        title=clean_line(said.title) or first_words(said.text),
        text=clean_text(said.text)
        + ("\n\n" + gettext("（反映的单位或人员：%(who)s）") % {"who": left} if left else ""),
        place=place,
        address=clean_line(said.address)[:200],
        contact_name=said.contact_name if naming != Naming.ANONYMOUS else "",
        phone=said.phone if naming != Naming.ANONYMOUS else "",
        email=said.email if naming != Naming.ANONYMOUS else "",
        author_id=actor.person_id if actor.as_resident and naming != Naming.ANONYMOUS else None,
        language=said.language,
        owner=owner,
        received_at=received_at,
        accused_any=bool(units or persons or left),
        accused_open=bool(left),
    )
    try:
        with transaction.atomic():
            WALK.begin(voice, verb="raise", actor=actor, at=received_at, facts={"channel": said.channel})
    except IntegrityError as error:
        raise BadInput({"text": _("没有存上，请再点一次。")}) from error
    for unit in units:
        Party._base_manager.create(voice=voice, unit=unit, part=Part.ACCUSED, at=at, by_name=actor.name)
    for person in persons:
        Party._base_manager.create(voice=voice, person=person, part=Part.ACCUSED, at=at, by_name=actor.name)
    keep_photos(voice, said.photos, at=at)
    return voice, shown_code(code)


def whom(said: Said, *, on: dt.date) -> tuple[list[Unit], list[Person], str]:
    """The units and persons complained about, and the words in which it is still open who is meant."""
    words = clean_line(said.accused_words)[:200]
    named = people.named_in(words, on=on) if words else []
    persons = list(dict.fromkeys([*said.accused_persons, *named]))
    return list(said.accused_units), persons, words if people.left_over(words, named) else ""


def drawn_code(lot: Random) -> str:
    """The eight characters of a new code: the first that `raise_voice` draws from its lot."""
    return "".join(lot.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """YH-7K3M-92QD"""
    return f"{settings.STREET['prefix']}-{code[:4]}-{code[4:]}"


def normal_code(typed: str) -> str:
    """The eight characters of a typed code; letters that look like digits become digits. Empty if it cannot be one."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    text = text.removeprefix(settings.STREET["prefix"]) if len(text) > CODE_LENGTH else text
    text = text.replace("O", "0").replace("I", "1").replace("L", "1")
    return text if len(text) == CODE_LENGTH and all(c in ALPHABET for c in text) else ""


def with_receipt(typed: str) -> Voice:
    """The voice of a receipt code. Raises NotFound. Who shows a code proves to be its holder; callers throttle."""
    code = normal_code(typed)
    found = Voice._base_manager.filter(code_is=blind("code:" + code)).first() if code else None
    if found is None:
        raise NotFound(_("没有这个收件码。请看第4到7位，数字0和字母O容易看错。"))
    return found


def clean_text(text: str) -> str:
    """Without control and bidirectional characters; line breaks stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).strip()


def clean_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def first_words(text: str, most: int = 28) -> str:
    """A title from the first sentence."""
    line = clean_line(text)
    for index, character in enumerate(line[:most]):
        if character in "。！？!?；;" and index > 5:
            return line[:index]
    return line if len(line) <= most else line[:most] + "…"


def _headed_by(persons: Sequence[Person], on: dt.date) -> list[Unit]:
    return list(
        Unit.objects.filter(pk__in=Posting.objects.held(on).filter(head=True, person__in=list(persons)).values("unit"))
    )


def _check(said: Said) -> None:
    errors: dict[str, Text] = {}
    text = clean_text(said.text)
    if len(text) < 5:
        errors["text"] = _("请写一句什么事，至少5个字。")
    elif len(text) > TEXT_AT_MOST:
        errors["text"] = _("写了%(n)d个字，最多%(most)d个。请短一些，或分两件说。") % {
            "n": len(text),
            "most": TEXT_AT_MOST,
        }
    if len(clean_line(said.title)) > 80:
        errors["title"] = _("标题最多80个字。")
    if said.kind not in Kind.values:
        errors["kind"] = _("请从这几类里选一类。")
    if said.topic not in Topic.values:
        errors["topic"] = _("请从这几类里选一类。")
    for name, value, known in (
        ("channel", said.channel, Channel.values),
        ("naming", said.naming, ["", *Naming.values]),
    ):
        if value not in known:
            errors[name] = _("请从这几类里选一类。")
    digits = "".join(unicodedata.normalize("NFKC", said.phone).replace("-", "").split())
    if digits and not (digits.removeprefix("+").isdigit() and 7 <= len(digits.removeprefix("+")) <= 15):
        errors["phone"] = _("电话号码是7到15位数字，请再看一遍，或不留。")
    if len(clean_line(said.contact_name)) > 60:
        errors["contact_name"] = _("称呼最多60个字。")
    if len(clean_line(said.address)) > 200:
        errors["address"] = _("地点最多200个字。")
    if errors:
        raise BadInput(errors)


def _number(received_at: dt.datetime, lot: Random) -> int:
    """A number that nobody in this year has, drawn by lot among at least twice as many as are taken."""
    year = timezone.localtime(received_at).year
    last = Voice._base_manager.filter(year=year).order_by("-number").values_list("number", flat=True).first() or 0
    span = 99_999 if last <= 99_999 else 999_999
    for attempt in range(60):
        number = lot.randrange(1, (span if attempt < 20 else 999_999) + 1)
        if not Voice._base_manager.filter(year=year, number=number).exists():
            return number
    raise BadInput({"text": _("今年的编号快用完了，请告诉系统管理员。")})
