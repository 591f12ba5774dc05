"""Periods in people's words, as instants in UTC: start included, end not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from deskpulse.errors import QuestionError
from deskpulse.language import declared
from deskpulse.time.bucket import (
    MONTHS,
    add_months,
    bucket_start,
    bucket_starts,
    day_start,
    first_day,
    next_bucket,
    next_first_day,
)
from deskpulse.time.zone import offset_pieces, to_local, to_utc, utc

__all__ = [
    "ALL", "WORDS", "Period", "bucket_start", "bucket_starts", "last_year", "next_bucket", "offset_pieces",
    "parse_instant", "parse_period", "previous",
]  # fmt: skip

WORDS = (
    "today, yesterday, this-week, last-week, this-month, last-month, this-quarter, last-quarter, this-year, "
    "last-year, last-7-days (any number of days), 2016, 2016-Q2, 2016-03, 2016-W10, 2016-03-01, "
    "2016-03-01..2016-03-09 (both included) or all"
)
NAMED = re.compile(r"(this|last)-(week|month|quarter|year)")
LAST_DAYS = re.compile(r"last-([1-9]\d{0,4})-days?")
FORMS = {
    "year": re.compile(r"(\d{4})"),
    "quarter": re.compile(r"(\d{4})-?q([1-4])"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "week": re.compile(r"(\d{4})-?w(\d{2})"),
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}
RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
YEAR_OF_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True, kw_only=True)
class Period:
    """From ``start`` to before ``end``, instants in UTC; both null is all of history."""

    start: datetime | None
    end: datetime | None


Days = tuple[date, date]
ALL = Period(start=None, end=None)


def parse_period(words: str, *, now: datetime, zone: str) -> Period:
    """The period that words like ``last-month`` or ``2016-W10`` name, in the zone; weeks start on Monday.

    ``last-7-days`` are the 7 whole days before today. A period may lie in the future. Raises QuestionError.
    """
    asked = re.sub(r"[\s_]+", "-", words.strip().lower())
    if asked == "all":
        return ALL
    try:
        days = _named(asked, to_local(now, zone).date()) or _dated(asked)
        period = _local_days(days, zone) if days else None
    except (ValueError, OverflowError):  # a month 13, a week 54, a year 0
        period = None
    if period is None:
        raise QuestionError(
            "No period is called '%(words)s'. Type %(known)s.", words=words, known=partial(declared, WORDS)
        )
    return period


def parse_instant(text: str, zone: str) -> datetime:
    """The instant of a date (its local midnight) or ISO 8601 time, local unless it has an offset, in UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return utc(moment) if moment.tzinfo else to_utc(moment, zone)
    except (ValueError, OverflowError):  # no date, or one at the end of all dates
        raise QuestionError(
            "'%(text)s' is not a date or time. Type 2016-03-01 or 2016-03-01T14:30.", text=text
        ) from None


def _local_days(days: Days, zone: str) -> Period:
    return Period(start=day_start(days[0], zone), end=day_start(days[1], zone))


def previous(period: Period, zone: str) -> Period:
    """The period of the same length directly before: whole months by months, whole days by days, else by seconds."""
    start, end = _bounds(period)
    days = _whole_days(start, end, zone)
    if days is None:
        return Period(start=start - (end - start), end=start)
    months = _whole_months(days)
    before = add_months(days[0], -months) if months else days[0] - (days[1] - days[0])
    return Period(start=day_start(before, zone), end=start)


def last_year(period: Period, zone: str) -> Period:
    """The same dates and local times a year earlier; whole weeks go back 52 weeks, so that weekdays match."""
    start, end = _bounds(period)
    days = _whole_days(start, end, zone)
    if days is None:
        return Period(start=_year_earlier(start, zone), end=_year_earlier(end, zone))
    first, after = days
    if _whole_months(days):
        return _local_days((add_months(first, -12), add_months(after, -12)), zone)
    if _whole_weeks(days):
        return _local_days((first - YEAR_OF_WEEKS, after - YEAR_OF_WEEKS), zone)
    last = add_months(after - timedelta(days=1), -12)
    return _local_days((add_months(first, -12), last + timedelta(days=1)), zone)


def _named(asked: str, today: date) -> Days | None:
    if asked == "today":
        return today, today + timedelta(days=1)
    if asked == "yesterday":
        return today - timedelta(days=1), today
    if match := LAST_DAYS.fullmatch(asked):
        return today - timedelta(days=int(match[1])), today
    if match := NAMED.fullmatch(asked):
        return _this_or_last(match[1], match[2], today)
    return None


def _this_or_last(which: str, grain: str, today: date) -> Days:
    start = first_day(grain, today)
    if which == "this":
        return start, next_first_day(grain, start)
    return first_day(grain, start - timedelta(days=1)), start


def _dated(asked: str) -> Days | None:
    if match := RANGE.fullmatch(asked):
        return date.fromisoformat(match[1]), date.fromisoformat(match[2]) + timedelta(days=1)
    for grain, form in FORMS.items():
        if match := form.fullmatch(asked):
            start = _first_date(grain, [int(part) for part in match.groups()])
            return start, next_first_day(grain, start)
    return None


def _first_date(grain: str, numbers: list[int]) -> date:
    if grain == "week":
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    if grain == "day":
        return date(*numbers)
    month = (numbers[1] - 1) * MONTHS[grain] + 1 if len(numbers) > 1 else 1
    return date(numbers[0], month, 1)


def _bounds(period: Period) -> tuple[datetime, datetime]:
    if period.start is None or period.end is None:
        raise QuestionError(
            "All of history has nothing to be compared with. Ask for a period: %(known)s.",
            known=partial(declared, WORDS),
        )
    return period.start, period.end


def _whole_days(start: datetime, end: datetime, zone: str) -> Days | None:
    first, after = to_local(start, zone).date(), to_local(end, zone).date()
    whole = day_start(first, zone) == start and day_start(after, zone) == end
    return (first, after) if whole and after > first else None


def _whole_months(days: Days) -> int:
    start, end = days
    if start.day != 1 or end.day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month


def _whole_weeks(days: Days) -> bool:
    return days[0].weekday() == 0 and (days[1] - days[0]).days % 7 == 0


def _year_earlier(instant: datetime, zone: str) -> datetime:
    local = to_local(instant, zone).replace(tzinfo=None)
    return to_utc(datetime.combine(add_months(local.date(), -12), local.time()), zone)
