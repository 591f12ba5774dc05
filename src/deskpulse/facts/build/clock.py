"""Business time for whole columns: B(t), the business seconds up to t, by look-up in the calendar's slots.

A duration is B(t2) - B(t1). The joins are on one packed integer, so they run on any engine.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis


from deskpulse.metrics.fact import Table, Value
from deskpulse.settings import ScheduleRule, Settings
from deskpulse.time.business import BusinessCalendar


def schedule_number(rows: Table, settings: Settings, calendar: BusinessCalendar) -> Value:
    """The number of the schedule in force on rows with ``schedule``, ``team``, ``channel`` and ``at``; null if none.

    What the source says wins where such a schedule is defined, then the first rule that fits.
    """
    named = [(rows.schedule == name, number) for name, number in calendar.number.items()]
    ruled = [
        (_fits(rows, rule, settings.schedules[rule.schedule].zone), calendar.number[rule.schedule])
        for rule in settings.schedule_rules
    ]
    branches = [*named, *ruled]
    return ibis.cases(*branches, else_=None).cast("int64") if branches else ibis.null("int64")


def schedule_name(number: Value, calendar: BusinessCalendar) -> Value:
    """The name of a schedule's number."""
    branches = [(number == wanted, name) for name, wanted in calendar.number.items()]
    return ibis.cases(*branches, else_=None) if branches else ibis.null("string")


def _fits(rows: Table, rule: ScheduleRule, zone: str) -> Value:
    tests = [ibis.literal(True)]
    if rule.team is not None:
        tests.append(rows.team == rule.team)
    if rule.queue is not None:
        tests.append(rows.team == rule.queue)
    if rule.channel is not None:
        tests.append(rows.channel == rule.channel)
    for bound, test in ((rule.valid_from, "from"), (rule.valid_to, "to")):
        if bound is not None:
            edge = midnight(bound, zone)
            tests.append(rows.at >= edge if test == "from" else rows.at < edge)
    return ibis.and_(*tests)


def rule_edges(settings: Settings) -> tuple[int, ...]:
    """The instants at which a schedule rule begins or ends."""
    bounds = (
        midnight(day, settings.schedules[rule.schedule].zone)
        for rule in settings.schedule_rules
        for day in (rule.valid_from, rule.valid_to)
        if day is not None
    )
    return tuple(sorted(set(bounds)))


def midnight(day: date, zone: str) -> int:
    """The start of a day in a zone, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


def business_clock(rows: Table, slots: Table, calendar: BusinessCalendar, *, at: str, number: str, into: str) -> Table:
    """Adds the column ``into``: B(``at``) in whole seconds under the schedule ``number``; null without either."""
    size, stride, base = calendar.slot_seconds, calendar.stride, calendar.base
    key = rows[number] * stride + (rows[at] // size).cast("int64") - base
    keyed = rows.mutate(slot_key=key)
    slot = slots.select(slot_key="key", slot_cum="cum", slot_open="open")
    joined = keyed.left_join(slot, "slot_key")
    value = joined.slot_cum + joined.slot_open * (joined[at] % size)
    return joined.mutate(**{into: value.cast("int64")}).drop("slot_key", "slot_key_right", "slot_cum", "slot_open")


def business_instant(
    rows: Table, openings: Table, calendar: BusinessCalendar, *, clock: str, number: str, into: str
) -> Table:
    """Adds ``into``: the instant at which the schedule's clock first shows ``clock``; the inverse of B."""
    size = calendar.slot_seconds
    reached = rows[clock] - 1
    keyed = rows.mutate(open_key=rows[number] * calendar.stride + (reached // size).cast("int64"), reached=reached)
    opening = openings.select(open_key="key", open_start="start")
    joined = keyed.left_join(opening, "open_key")
    value = joined.open_start + joined.reached % size + 1
    return joined.mutate(**{into: value.cast("int64")}).drop("open_key", "open_key_right", "open_start", "reached")

