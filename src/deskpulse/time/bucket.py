"""Hours, days, weeks (from Monday), months, quarters and years of a zone, as instants in UTC.

Days and longer begin at local midnight, or at the jump where the clock skips it. Hours begin on the local hour; the
hours of a repeated stretch stay apart, and a change of offset within an hour begins a new one.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from deskpulse.errors import UnknownNameError
from deskpulse.time.zone import from_epoch, offset_pieces, to_epoch, to_local, to_utc

GRAINS = ("hour", "day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
HOUR = 3600


def day_start(day: date, zone: str) -> datetime:
    """The instant a date begins in a zone."""
    return to_utc(datetime.combine(day, time()), zone)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_day(grain: str, day: date) -> date:
    """The first day of the day, week, month, quarter or year a date lies in."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[grain]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_first_day(grain: str, day: date) -> date:
    """The first day of the next one."""
    if grain in MONTHS:
        return add_months(first_day(grain, day), MONTHS[grain])
    return first_day(grain, day) + timedelta(days=7 if grain == "week" else 1)


def bucket_start(grain: str, instant: datetime, zone: str) -> datetime:
    """The start of the bucket an instant lies in."""
    if grain not in GRAINS:
        raise UnknownNameError("grain", grain, GRAINS)
    if grain == "hour":
        return _hour_start(instant, zone)
    return day_start(first_day(grain, to_local(instant, zone).date()), zone)


def next_bucket(grain: str, start: datetime, zone: str) -> datetime:
    """The start of the bucket after the one that starts at ``start``, which is where that one ends."""
    if grain == "hour":
        return _next_hour(start, zone)
    following = start
    day = to_local(start, zone).date()
    while following <= start:  # a date that the zone skipped as a whole has no bucket
        day = next_first_day(grain, day)
        following = day_start(day, zone)
    return following


def bucket_starts(grain: str, start: datetime, end: datetime, zone: str) -> tuple[datetime, ...]:
    """The starts of all buckets that touch [start, end), in order; the first may lie before ``start``."""
    starts = []
    bucket = bucket_start(grain, start, zone)
    while bucket < end:
        starts.append(bucket)
        bucket = next_bucket(grain, bucket, zone)
    return tuple(starts)


def _hour_start(instant: datetime, zone: str) -> datetime:
    epoch = to_epoch(instant)
    since, offset = offset_pieces(zone, instant - timedelta(hours=1), instant)[-1]
    start = (epoch + offset) // HOUR * HOUR - offset
    return from_epoch(start if since is None else max(start, since))


def _next_hour(start: datetime, zone: str) -> datetime:
    pieces = offset_pieces(zone, start, start + timedelta(hours=1))
    offset, change = pieces[0][1], pieces[-1][0]
    following = ((to_epoch(start) + offset) // HOUR + 1) * HOUR - offset
    return from_epoch(following if change is None else min(following, change))
