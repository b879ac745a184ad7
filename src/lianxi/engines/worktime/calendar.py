"""The working calendar: which days are worked, as known on a given day.

China moves workdays: each year's notice of the State Council names days off inside the week and worked days at the
weekend, and a later notice may change the year again (the Spring Festival of 2020). A calendar is therefore a tuple of
editions with a date of publication, and every question says what was known when it is asked.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

DAY = dt.timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Edition:
    """One notice of holidays. A later edition of the same year replaces the earlier one whole.

    `year`: the year that it arranges (it may name days of the year before). `published`: the day of the notice.
    `holidays`: days off; `workdays`: worked days at a weekend. `name`: the notice; `trust`: as in the rulebook
    (S = confirmed, A = to be confirmed).
    """

    year: int
    published: dt.date
    holidays: frozenset[dt.date]
    workdays: frozenset[dt.date] = frozenset()
    name: str = ""
    trust: str = "S"


@dataclass(frozen=True)
class Calendar:
    """Working days and hours. `hours`: opening and close of a working day, local wall time."""

    editions: tuple[Edition, ...] = ()
    hours: tuple[dt.time, dt.time] = (dt.time(8, 30), dt.time(17, 30))
    _published: tuple[dt.date, ...] = field(init=False, repr=False, compare=False)
    _views: tuple[tuple[dict[int, Edition], dict[dt.date, bool]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.hours[0] >= self.hours[1]:
            raise ValueError(f"hours must open before they close: {self.hours}")
        ordered = sorted(self.editions, key=lambda e: (e.published, e.year))
        object.__setattr__(self, "_published", tuple(e.published for e in ordered))
        object.__setattr__(self, "_views", tuple(_view(ordered[:n]) for n in range(len(ordered) + 1)))

    def edition(self, year: int, *, known_on: dt.date) -> Edition | None:
        """The notice in force for `year` as known at the end of the day `known_on`, or None."""
        return self._known(known_on)[0].get(year)

    def is_known(self, year: int, *, known_on: dt.date) -> bool:
        """Whether a notice for `year` had been published by `known_on`."""
        return year in self._known(known_on)[0]

    def is_working(self, day: dt.date, *, known_on: dt.date) -> bool:
        """Whether `day` is worked, by the editions published on or before `known_on`; else Monday to Friday."""
        special = self._known(known_on)[1].get(day)
        return day.weekday() < _SATURDAY if special is None else special

    def is_shifted(self, day: dt.date, *, known_on: dt.date) -> bool:
        """Whether the notice makes `day` something else than its day of the week says."""
        return self.is_working(day, known_on=known_on) != (day.weekday() < _SATURDAY)

    def working_days(self, first: dt.date, *, known_on: dt.date, back: bool = False) -> Iterator[dt.date]:
        """The worked days from `first` on (itself included when worked), forwards or back, without end."""
        for n in count():
            day = first - n * DAY if back else first + n * DAY
            if self.is_working(day, known_on=known_on):
                yield day

    def opening(self, day: dt.date, like: dt.datetime) -> dt.datetime:
        """The opening of hours on `day`, in the time zone of `like` (naive when it is naive)."""
        return dt.datetime.combine(day, self.hours[0], tzinfo=like.tzinfo)

    def close(self, day: dt.date, like: dt.datetime) -> dt.datetime:
        """The close of hours on `day`, in the time zone of `like`."""
        return dt.datetime.combine(day, self.hours[1], tzinfo=like.tzinfo)

    def _known(self, known_on: dt.date) -> tuple[dict[int, Edition], dict[dt.date, bool]]:
        return self._views[bisect_right(self._published, known_on)]


def _view(editions: list[Edition]) -> tuple[dict[int, Edition], dict[dt.date, bool]]:
    """What these editions (in order of publication) say together: the notice of each year, and each named day."""
    by_year = {edition.year: edition for edition in editions}
    days: dict[dt.date, bool] = {}
    for _, edition in sorted(by_year.items()):
        days |= dict.fromkeys(edition.holidays, False) | dict.fromkeys(edition.workdays, True)
    return by_year, days
