"""The steps of a round for the stepper."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Round
from ..terms import PATH, State


def path_of(one: Round) -> list[dict[str, Any]]:
    """The steps of a round for the stepper."""
    here = PATH.index(State(one.state)) if one.state in PATH else len(PATH)
    return [
        {
            "title": state.label,
            "state": "done" if place < here or one.state == State.PUBLISHED else "now" if place == here else "come",
            "date": _("到%(day)s") % {"day": date_format(one.ends_on)} if place == here and one.ends_on else "",
        }
        for place, state in enumerate(PATH)
    ]
