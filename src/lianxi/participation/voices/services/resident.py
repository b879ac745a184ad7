"""What the resident adds 补充."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from lianxi.commons.permissions import Actor

from ..models import Supplement, Voice
from ..terms import State
from ..workflow import WALK
from .intake import clean_text
from .photos import Encoded, keep_photos
from .receiving import need_reason


def resident_answers(voice: Voice, *, text: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """补充: the answer to what was asked; the clock runs again."""
    return _add("resident_answers", voice, text, actor, at, seen)


def supplement(voice: Voice, *, text: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """补充情况: the resident adds something unasked."""
    return _add("supplement", voice, text, actor, at, seen)


@transaction.atomic
def add_with_photos(
    voice: Voice, *, text: str, photos: Sequence[Encoded] = (), actor: Actor, at: dt.datetime, seen: int | None = None
) -> Voice:
    """补充, words and photos in one act: the answer where something was asked, else unasked."""
    add = resident_answers if voice.state == State.AWAITING_RESIDENT else supplement
    voice = add(voice, text=text, actor=actor, at=at, seen=seen)
    keep_photos(voice, photos, at=at)
    return voice


@transaction.atomic
def _add(verb: str, voice: Voice, text: str, actor: Actor, at: dt.datetime, seen: int | None) -> Voice:
    text = need_reason(clean_text(text)[:5000], "text")
    voice = WALK.take(verb, voice, actor=actor, at=at, seen=seen)
    Supplement._base_manager.create(voice=voice, text=text, at=at)
    return voice
