"""When something that recurs is due: ``monday 08:00``, ``weekday 07:30``, ``month 06:00`` on a zone's wall clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from deskpulse.errors import DeskpulseError
from deskpulse.time.schedule import DAYS
from deskpulse.time.zone import to_local, to_utc

GROUPS = {"day": DAYS, "weekday": DAYS[:5], "weekend": DAYS[5:], **{day: (day,) for day in DAYS}}
MONTHS = {"month": range(1, 13), "quarter": range(1, 13, 3)}
FORM = re.compile(r"(.+?)\s+(\d{1,2}):(\d{2})")
LONGEST = 93
"""Days in the longest quarter and a day more: what recurs does so within them."""


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """At ``at`` o'clock on certain days of the week (0 is Monday), or on the first day of certain months."""

    words: str
    at: time
    weekdays: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()

    def falls_on(self, day: date) -> bool:
        """Whether it is due on a day."""
        return day.weekday() in self.weekdays or (day.day == 1 and day.month in self.months)

    def latest(self, now: datetime, zone: str) -> datetime:
        """The newest instant it was due at, up to ``now`` (both naive UTC)."""
        return next(due for due in self._walk(now, zone, -1) if due <= now)

    def next(self, now: datetime, zone: str) -> datetime:
        """The first instant after ``now`` it is due at."""
        return next(due for due in self._walk(now, zone, 1) if due > now)

    def _walk(self, now: datetime, zone: str, step: int) -> Iterator[datetime]:
        """The instants of the days around ``now``, away from it; an hour the clock skips is the moment of the jump."""
        today = to_local(now, zone).date()
        for distance in range(LONGEST):
            day = today + timedelta(days=step * distance)
            if self.falls_on(day):
                yield to_utc(datetime.combine(day, self.at), zone)


def parse_recurrence(words: str) -> Recurrence:
    """Of ``day 08:00``, ``weekday``, ``weekend``, ``monday, thursday``, ``month`` (its first day) or ``quarter``.

    Raises DeskpulseError.
    """
    match = FORM.fullmatch(words.strip().lower().removeprefix("every "))
    names = [name for name in re.split(r"[\s,]+", match[1]) if name] if match else []
    is_known = names and all(name in GROUPS or name in MONTHS for name in names)
    if not match or not is_known or int(match[2]) > 23 or int(match[3]) > 59:
        raise DeskpulseError(
            f"'{words}' is no time that recurs. Write 'monday 08:00', 'weekday 07:30', 'monday, thursday 08:00', "
            "'day 06:00', 'month 08:00' (its first day) or 'quarter 08:00'."
        )
    return Recurrence(
        words=words,
        at=time(int(match[2]), int(match[3])),
        weekdays=frozenset(DAYS.index(day) for name in names for day in GROUPS.get(name, ())),
        months=frozenset(month for name in names for month in MONTHS.get(name, ())),
    )
