"""Posts that run out."""

import datetime as dt

from lianxi.commons.permissions.models import Posting

from .. import clock


def to_remind(*, on: dt.date) -> list[Posting]:
    """Posts whose last day is near enough for a reminder; also those that the holder was told of."""
    soon = Posting.objects.held(on).filter(until__lte=on + clock.lead()).select_related("person", "unit")
    return [one for one in soon.order_by("until", "pk") if on >= clock.remind_from(one.since, one.until)]
