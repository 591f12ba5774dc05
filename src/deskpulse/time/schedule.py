"""Business hours: when a team works, on the wall clock of its zone.

A schedule is a statement about local time, minute by minute: it is open at an instant when the wall clock then shows
a time inside one of that date's windows. An hour the clock skips is never open, an hour it repeats is open twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from deskpulse.errors import SettingsError
from deskpulse.time.holiday import PublicHolidays

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOUR = 60
MIDNIGHT = 24 * HOUR
TIME = re.compile(r"(\d{1,2}):(\d{2})")


class Window(NamedTuple):
    """Open from minute ``start`` of the local day up to, not including, minute ``end`` (at most 1440)."""

    start: int
    end: int


Windows = tuple[Window, ...]


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Windows of each weekday (Monday first), with the dates on which others or none apply.

    A holiday closes its date from midnight to midnight; a half day's own windows replace that date's, even on a
    holiday. Before ``valid_from`` and after ``valid_to`` (both included) it is closed.
    """

    name: str
    zone: str
    week: tuple[Windows, ...]
    holidays: frozenset[date] = frozenset()
    half_days: Mapping[date, Windows] = field(default_factory=dict)
    public_holidays: PublicHolidays | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def windows_on(self, day: date) -> Windows:
        """The windows of a date, in order."""
        if not in_force(day, self.valid_from, self.valid_to):
            return ()
        if day in self.half_days:
            return self.half_days[day]
        return () if self.is_holiday(day) else self.week[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        """Whether the date is a holiday, by date or as a country's."""
        if day in self.holidays:
            return True
        return self.public_holidays is not None and day in self.public_holidays.of_year(day.year)


def in_force(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a date lies from ``valid_from`` to ``valid_to``, both included; null is no limit."""
    return (valid_from is None or day >= valid_from) and (valid_to is None or day <= valid_to)


def weekly(days: Mapping[str, Sequence[str]]) -> tuple[Windows, ...]:
    """The windows of each weekday from texts by day name: ``{"monday": ["09:00-12:00", "13:00-17:30"]}``.

    A window over midnight belongs, after midnight, to the next day. Raises SettingsError.
    """
    week: list[list[Window]] = [[] for _ in DAYS]
    for name, texts in days.items():
        day = DAYS.index(name)
        for window in parse_windows(texts):
            week[day].append(Window(window.start, min(window.end, MIDNIGHT)))
            if window.end > MIDNIGHT:
                week[(day + 1) % 7].append(Window(0, window.end - MIDNIGHT))
    return tuple(joined(windows) for windows in week)


def parse_windows(texts: Sequence[str]) -> Windows:
    """A day's windows in order; one over midnight ends after minute 1440. Raises SettingsError on overlap."""
    windows = sorted(parse_window(text) for text in texts)
    for first, second in pairwise(windows):
        if second.start < first.end:
            raise SettingsError(f"the windows {', '.join(texts)} overlap. Write each hour once.")
    return tuple(windows)


def parse_window(text: str) -> Window:
    """``09:00-17:30``, ``00:00-24:00``, or over midnight ``22:00-06:00`` (which ends at minute 1800)."""
    first, dash, last = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise SettingsError(f"'{text}' is not a window. Write '09:00-17:30'.")
    start, end = parse_minute(first.strip()), parse_minute(last.strip())
    if start == end:
        raise SettingsError(f"'{text}' is empty. Write '00:00-24:00' for the whole day, [] for a closed one.")
    return Window(start, end if end > start else end + MIDNIGHT)


def parse_minute(text: str) -> int:
    """Minute of the day of ``09:30``; 1440 for ``24:00``. Raises SettingsError."""
    match = TIME.fullmatch(text)
    hour, minute = (int(part) for part in match.groups()) if match else (99, 99)
    if minute >= HOUR or hour * HOUR + minute > MIDNIGHT:
        raise SettingsError(f"'{text}' is not a time of day. Write '09:00', up to '24:00'.")
    return hour * HOUR + minute


def joined(windows: Iterable[Window]) -> Windows:
    """The same minutes in as few windows as possible."""
    result: list[Window] = []
    for window in sorted(windows):
        if result and window.start <= result[-1].end:
            result[-1] = Window(result[-1].start, max(result[-1].end, window.end))
        elif window.end > window.start:
            result.append(window)
    return tuple(result)


def always(name: str = "always", zone: str = "UTC") -> Schedule:
    """A schedule that is open 24 hours a day, 7 days a week."""
    return Schedule(name=name, zone=zone, week=weekly({day: ["00:00-24:00"] for day in DAYS}))
