"""Where the names of a roll come from. Commons knows no register: the rooms above declare theirs in `AppConfig.ready`.

class VotingMembers(RollSource):
    key, label = "members", _("党员名册里有表决权的人")
    def applies(self, unit): …
    def draw(self, unit, *, actor, on): return Drawn(entries=(Name("林岚", "第一党支部"), …), left_out=(…))

register(VotingMembers())
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text
from lianxi.commons.rulebook import Rule
from lianxi.commons.units.models import Unit


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody on a roll. `note`: what tells two of one name apart, as the branch."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who belongs to the unit and does not vote, with the reason and the article."""

    name: str
    note: str
    reason: Text
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a source gives. `remark`: what the source cannot know, so that a person has to look."""

    entries: tuple[Name, ...]
    left_out: tuple[LeftOut, ...] = ()
    remark: Text = ""


class RollSource:
    """A register from which a roll is drawn."""

    key: ClassVar[str]
    label: ClassVar[Text]

    def applies(self, unit: Unit) -> bool:
        """Whether the register knows who belongs to such a unit."""
        raise NotImplementedError

    def draw(self, unit: Unit, *, actor: Actor, on: dt.date) -> Drawn:
        """Who votes in the unit on that day. Raises NotPermitted where the actor may not see all of them."""
        raise NotImplementedError


_SOURCES: dict[str, RollSource] = {}


def register(source: RollSource) -> RollSource:
    """Make a register known. Keys are unique; registering the same class again replaces it (a reload)."""
    known = _SOURCES.get(source.key)
    if known is not None and type(known) is not type(source):
        raise ValueError(f"Roll source {source.key} is registered twice.")
    _SOURCES[source.key] = source
    return source


def sources_for(unit: Unit) -> list[RollSource]:
    """The registers that know the unit."""
    return [one for one in _SOURCES.values() if one.applies(unit)]


def source_named(key: str) -> RollSource | None:
    """None for an unknown key."""
    return _SOURCES.get(key)
