"""Holidays that others publish: countries' from the package ``holidays``, any from an iCalendar file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from deskpulse.errors import InputError, SettingsError

LAST_REPEAT = datetime(2100, 1, 1)
MIDNIGHT = time()


@dataclass(frozen=True, kw_only=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166 code) or of one of its subdivisions.

    ``place`` is where that is written, for errors: they show only when the dates are first needed.
    """

    country: str
    subdivision: str | None = None
    place: str = "holiday_country"

    def of_year(self, year: int) -> frozenset[date]:
        """The days off of a year, those moved off weekends included; raises SettingsError for an unknown place."""
        return _public_holidays(self, year)


@lru_cache(maxsize=4096)
def _public_holidays(of: PublicHolidays, year: int) -> frozenset[date]:
    from holidays import country_holidays, list_supported_countries

    try:
        return frozenset(country_holidays(of.country, subdiv=of.subdivision, years=year))
    except NotImplementedError:
        known = list_supported_countries().get(of.country)
    if known is None:
        raise SettingsError(f"{of.place}: no holidays are known for country '{of.country}'. Type a code like 'GB'.")
    listed = f"Known: {', '.join(known)}." if known else "Leave holiday_subdivision out."
    raise SettingsError(f"{of.place}: '{of.country}' has no holidays of a subdivision '{of.subdivision}'. {listed}")


def calendar_holidays(path: Path) -> frozenset[date]:
    """The days of an iCalendar file's whole-day events, repeats until 2100 included; cancelled events are skipped.

    Raises InputError for a file that cannot be read and for an event that covers part of a day.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(path.read_bytes(), multiple=True)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    except (ValueError, IndexError) as error:
        raise InputError(f"{path} is not an iCalendar file: {error}. Export it again as .ics.") from None
    if not calendars:
        raise InputError(f"{path} is not an iCalendar file: it holds no whole calendar. Export it again as .ics.")
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    return frozenset(day for event in events for day in _event_days(event, path))


def _event_days(event: Any, path: Path) -> Iterator[date]:
    if event.get("STATUS") == "CANCELLED" or "DTSTART" not in event:
        return
    first = _whole_day(event, "DTSTART", path)
    after = _whole_day(event, "DTEND", path) if "DTEND" in event else first + timedelta(days=1)
    for start in _starts(event, first):
        yield from (start + timedelta(days=n) for n in range((after - first).days))


def _whole_day(event: Any, key: str, path: Path) -> date:
    value = event[key].dt
    if not isinstance(value, datetime):
        assert isinstance(value, date)
        return value
    if value.time() != MIDNIGHT:
        raise InputError(f"{path}: '{event.get('SUMMARY')}' covers part of a day. Write that day under half_days.")
    return value.date()


def _starts(event: Any, first: date) -> Iterator[date]:
    if "RRULE" not in event:
        yield first
        return
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=datetime.combine(first, MIDNIGHT), ignoretz=True)
    left_out = set(_left_out(event))
    for start in rule.between(datetime.min, LAST_REPEAT):
        if start.date() not in left_out:
            yield start.date()


def _left_out(event: Any) -> Iterator[date]:
    lists = event.get("EXDATE", [])
    for dates in lists if isinstance(lists, list) else [lists]:
        for moment in dates.dts:
            yield moment.dt.date() if isinstance(moment.dt, datetime) else moment.dt
