"""What everybody may see of a poll who has its address: what is asked, the check codes, the result and how to check it."""

import json
import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.engines.ballots.codes import CROCKFORD, code_of

from .. import policies
from ..models import Blob, Credential, Entry, Item, Poll, Trustee
from ..terms import ENDED, EntryKind, Part, State
from .results import Shown, result
from .roll import voters

PAGE = 120


@dataclass(frozen=True, slots=True)
class Public:
    """A poll as its public page shows it."""

    poll: Poll
    items: list[Item]
    roster: list[Item]
    trustees: list[str]
    voters: int
    cards: int
    shown: Shown | None
    fingerprint: str

    @property
    def ended(self) -> bool:
        return self.poll.state in ENDED

    @property
    def lists_codes(self) -> bool:
        """Whether there are check codes to look at."""
        return self.ended or self.poll.state == State.OPEN

    @property
    def name(self) -> str:
        """The file to which the archive is saved."""
        return f"{self.poll.uuid}.bel"


def by_uuid(uuid: str, *, actor: Actor) -> Poll:
    """A poll that is shown to whoever has its address, or that the actor sees at the desk. Raises NotFound."""
    found = Poll._base_manager.filter(policies.READ.q(actor) | policies.VIEW.q(actor), uuid=uuid).first()
    if found is None:
        raise NotFound
    found.unit = Unit.objects.get(pk=found.unit_id)
    return found


def public(uuid: str, *, actor: Actor) -> Public:
    """Raises NotFound."""
    poll = by_uuid(uuid, actor=actor)
    items = list(Item._base_manager.filter(poll=poll.pk).order_by("part", "number"))
    return Public(
        poll=poll,
        items=[one for one in items if one.part == Part.ITEM],
        roster=[one for one in items if one.part == Part.ROSTER],
        trustees=list(Trustee._base_manager.filter(poll=poll.pk).order_by("number").values_list("name", flat=True)),
        voters=voters(poll),
        cards=Credential._base_manager.filter(poll=poll.pk, revoked=False).count(),
        shown=result(poll) if poll.state == State.PUBLISHED else None,
        fingerprint=fingerprint_of(poll),
    )


@dataclass(frozen=True, slots=True)
class Codes:
    """A page of check codes in their own order, which tells nothing of when a ballot came."""

    poll: Poll
    rows: list[str]
    count: int
    page: int
    pages: int
    q: str = ""
    found: str = ""
    wrong: bool = False
    no_code: bool = False
    """What is looked for is no check code at all: mistyped, and nothing to be alarmed at."""

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1 if self.page < self.pages else 0


def check_codes(poll: Poll) -> list[str]:
    """The codes of the ballots that count now, sorted: one to each card that has voted."""
    last: dict[str, str] = {}
    rows = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.BALLOT).order_by("height")
    for credential, payload in rows.values_list("credential", "payload").iterator(chunk_size=2000):
        last[credential] = payload
    return sorted(code_of(payload) for payload in last.values())


def codes_page(poll: Poll, *, q: str = "", page: int = 1, whole: bool = False) -> Codes:
    """A page of the list, or all of it for the wall; `q`: a code that is looked for."""
    everything = check_codes(poll)
    typed = cleaned(q) if q.strip() else ""
    found = typed if typed and typed in everything else ""
    if whole:
        return Codes(poll, everything, len(everything), 1, 1)
    pages = max(1, -(-len(everything) // PAGE))
    page = min(max(page, 1), pages)
    rows = everything[(page - 1) * PAGE : page * PAGE]
    return Codes(
        poll,
        rows,
        len(everything),
        page,
        pages,
        q.strip()[:20],
        found,
        bool(typed) and not found,
        bool(q.strip()) and not typed,
    )


def how_to_check(found: Public) -> list[tuple[str, str]]:
    """The commands by which anybody checks the archive, with what each is for."""
    name = found.name
    ours = f"lianxi verify election {name} --credentials-count {found.voters} --credentials-fingerprint {found.fingerprint}"
    hinted = [(_("同一个程序，用上提示"), f"{ours} --hints {found.poll.uuid}.hints")] if found.poll.hints_hash else []
    return [
        (_("用联席的核验程序（不用装网站，离线也行）"), ours),
        *hinted,
        (
            _("用独立的核验程序Belenios 2.0（Debian、Ubuntu）"),
            f"mkdir check && cp {name} check/ && belenios-tool election verify --dir check",
        ),
    ]


def fingerprint_of(poll: Poll) -> str:
    """The fingerprint of the list of cards, as verifiers print it; empty before voting has begun."""
    payload = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.SETUP).values_list("payload", flat=True).first()
    if not payload:
        return ""
    text = Blob._base_manager.filter(poll=poll.pk, hash=payload).values_list("text", flat=True).get()
    digest: str = json.loads(bytes(text))["credentials"]
    return b64encode(bytes.fromhex(digest)).decode().rstrip("=")


def cleaned(typed: str) -> str:
    """A code as it was typed, in the form of the list; empty where it is none. O is read as 0, I and L as 1; signs of full
    width, as Chinese input methods give them, as those of the list."""
    plain = unicodedata.normalize("NFKC", typed)
    signs = re.sub(r"[\s\-\u2010-\u2014_·.]", "", plain).upper().translate(str.maketrans("OIL", "011"))
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 and set(signs) <= set(CROCKFORD) else ""
