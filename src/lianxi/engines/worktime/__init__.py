"""Deadlines in working days and hours: a pure function of what happened and of the working calendar.

    read(marks, limit, calendar) -> Reading      when it is due, and the sum line by line
    lead(due, 2, calendar, known_on)             the moment to warn
    late_by(due, now, calendar, known_on)        how many working days late
    add(day, months=-6)                          a day so many months, days or working days away

How time is counted (Civil Code 民法典, art. 200–204, unless a rule says otherwise):
- The day on which a period begins is not counted (201); a period in hours runs from the very moment (201).
- A period in months ends on the day of the same number, or on the last of the month (202).
- A period in days or months that would end on a rest day ends on the next working day (203; `Limit.roll`).
- The last day ends at the close of business hours (203).
- A day counts if the clock was running when the day began. So neither the day of the start nor the day on which a
  standing clock runs on is counted; the day on which it begins to stand is. The limit ends at the first close of a
  counted day, enough days having been counted, at which the clock is running: a clock that stands on its last day
  gives a whole day back.
- The calendar is read as it was known on the day of the start: a notice that appears later moves no running clock.
"""

from .calendar import Calendar, Edition
from .counting import add
from .marks import Limit, Line, Mark, Move, Reading, Unit
from .reading import late_by, lead, read

__all__ = [
    "Calendar",
    "Edition",
    "Limit",
    "Line",
    "Mark",
    "Move",
    "Reading",
    "Unit",
    "add",
    "late_by",
    "lead",
    "read",
]
