"""我也反映: a resident joins a published matter. The voice stays the own one; that they are one matter is kept beside it."""

import datetime as dt

from lianxi.commons.refusals import NotFound

from ..models import Joining, Voice
from ..queries import joined


def join(voice: Voice, *, copy: int, at: dt.datetime) -> Joining | None:
    """Join the matter of a published copy with a voice that was just raised.

    None where there is nothing to join any more (withdrawn, kept away), and where somebody is complained about: of such
    voices nothing is counted in public (X-14). The voice itself stands either way.
    """
    if voice.accused_any:
        return None
    try:
        matter = joined.matter_of(copy)
    except NotFound:
        return None
    if matter == voice.pk:
        return None
    made: Joining
    made, _new = Joining._base_manager.get_or_create(voice=voice, defaults={"matter_id": matter, "at": at})
    return made
