"""Business time for whole columns: B(t), the business seconds up to t, by look-up in the calendar's slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from deskpulse.facts.build.columns import NONE, Codes, Ints, Mask, Vocabulary
from deskpulse.settings import ScheduleRule, Settings
from deskpulse.time.business import BusinessCalendar


@dataclass(frozen=True, kw_only=True, eq=False)
class Clock:
    """The calendar laid out: ``cum`` and ``opened`` by (schedule - 1) * slots + slot; ``starts`` per schedule."""

    settings: Settings
    calendar: BusinessCalendar
    cum: Ints
    opened: Ints
    slots: int
    starts: tuple[Ints, ...]

    @property
    def schedules(self) -> tuple[str, ...]:
        """The names of the schedules, in the order of their numbers."""
        return tuple(sorted(self.calendar.number, key=self.calendar.number.__getitem__))

    def business(self, at: Ints, schedule: Ints) -> Ints:
        """B(``at``) under the schedule's number (0: none); null without either or outside the calendar."""
        size = self.calendar.slot_seconds
        if not self.slots:
            return np.full(len(at), NONE)
        slot = at // size - self.calendar.base
        known = (schedule > 0) & (at != NONE) & (slot >= 0) & (slot < self.slots)
        index = np.where(known, (schedule - 1) * self.slots + slot, 0)
        value = self.cum[index] + self.opened[index] * (at % size)
        return np.where(known, value, NONE)

    def instant(self, business: Ints, schedule: Ints) -> Ints:
        """The first instant at which B shows ``business``; null without it. The inverse of ``business``."""
        size = self.calendar.slot_seconds
        result = np.full(len(business), NONE)
        for number, starts in enumerate(self.starts, 1):
            slot = (business - 1) // size
            mine = (schedule == number) & (business != NONE) & (slot >= 0) & (slot < len(starts))
            result[mine] = starts[slot[mine]] + (business[mine] - 1) % size + 1
        return result


def lay_out(settings: Settings, calendar: BusinessCalendar) -> Clock:
    """The calendar's tables as dense arrays."""
    schedules = len(calendar.number)
    keys = calendar.openings["key"].to_numpy()
    starts = calendar.openings["start"].to_numpy()
    numbers = keys // calendar.stride
    return Clock(
        settings=settings,
        calendar=calendar,
        cum=calendar.slots["cum"].to_numpy(),
        opened=calendar.slots["open"].to_numpy(),
        slots=calendar.slots.num_rows // schedules if schedules else 0,
        starts=tuple(starts[numbers == number] for number in range(1, schedules + 1)),
    )


def schedule_numbers(clock: Clock, at: Ints, *, named: Codes, team: Codes, channel: Codes, words: Vocabulary) -> Ints:
    """The number of the schedule in force on each row; 0 for none.

    What the source says wins where such a schedule is defined, then the first rule that fits.
    """
    number = np.zeros(len(at), np.int64)
    for rule in reversed(clock.settings.schedule_rules):
        fits = _fits(rule, clock.settings.schedules[rule.schedule].zone, at, team, channel, words)
        number[fits] = clock.calendar.number[rule.schedule]
    for name, wanted in clock.calendar.number.items():
        number[named == words.code(name)] = wanted
    return number


def _fits(rule: ScheduleRule, zone: str, at: Ints, team: Codes, channel: Codes, words: Vocabulary) -> Mask:
    fits = np.ones(len(at), np.bool_)
    for wanted, column in ((rule.team, team), (rule.queue, team), (rule.channel, channel)):
        if wanted is not None:
            fits &= column == words.code(wanted)
    if rule.valid_from:
        fits &= at >= midnight(rule.valid_from, zone)
    if rule.valid_to:
        fits &= at < midnight(rule.valid_to + timedelta(days=1), zone)
    return fits


def rule_edges(settings: Settings) -> tuple[int, ...]:
    """The instants at which a schedule rule begins or ends."""
    edges = set()
    for rule in settings.schedule_rules:
        zone = settings.schedules[rule.schedule].zone
        if rule.valid_from:
            edges.add(midnight(rule.valid_from, zone))
        if rule.valid_to:
            edges.add(midnight(rule.valid_to + timedelta(days=1), zone))
    return tuple(sorted(edges))


def midnight(day: date, zone: str) -> int:
    """The start of a day in a zone, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())
