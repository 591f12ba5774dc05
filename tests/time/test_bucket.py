"""Buckets of time in a zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.errors import UnknownNameError
from deskpulse.time.bucket import GRAINS, add_months, bucket_start, bucket_starts, next_bucket
from deskpulse.time.zone import to_local

ZONES = ("UTC", "Europe/London", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GRAINS), st.sampled_from(ZONES), st.datetimes(datetime(2015, 1, 1), datetime(2019, 12, 31)))
def test_every_instant_lies_in_exactly_its_bucket(grain: str, zone: str, instant: datetime) -> None:
    start = bucket_start(grain, instant, zone)
    end = next_bucket(grain, start, zone)
    assert start <= instant < end
    assert bucket_start(grain, start, zone) == start
    assert bucket_start(grain, end - timedelta(seconds=1), zone) == start
    assert bucket_start(grain, end, zone) == end


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2015, 1, 1), datetime(2019, 12, 31)))
def test_days_begin_on_another_local_date(zone: str, instant: datetime) -> None:
    """In these zones no date comes back, so all instants of a bucket show its date."""
    start = bucket_start("day", instant, zone)
    assert to_local(start, zone).date() == to_local(instant, zone).date()
    assert to_local(start - timedelta(seconds=1), zone).date() < to_local(start, zone).date()


def _starts(grain: str, start: str, end: str, zone: str) -> list[str]:
    found = bucket_starts(grain, datetime.fromisoformat(start), datetime.fromisoformat(end), zone)
    return [moment.isoformat(timespec="minutes") for moment in found]


def test_days_across_a_change_at_midnight() -> None:
    """Sao Paulo: Sunday 2018-11-04 begins at 01:00 local = 03:00 UTC; the day after at 02:00 UTC."""
    assert _starts("day", "2018-11-03T12:00", "2018-11-05T12:00", "America/Sao_Paulo") == [
        "2018-11-03T03:00",
        "2018-11-04T03:00",
        "2018-11-05T02:00",
    ]


def test_a_date_the_zone_skipped_has_no_bucket() -> None:
    """Samoa went from Thursday 2011-12-29 (UTC-10) to Saturday the 31st (UTC+14) at 2011-12-30 10:00 UTC."""
    assert _starts("day", "2011-12-29T12:00", "2012-01-01T00:00", "Pacific/Apia") == [
        "2011-12-29T10:00",
        "2011-12-30T10:00",
        "2011-12-31T10:00",
    ]


def test_hours_of_a_repeated_stretch_stay_apart() -> None:
    """New York, 2016-11-06: 01:00 local comes at 05:00 and again at 06:00 UTC."""
    assert _starts("hour", "2016-11-06T04:30", "2016-11-06T07:30", "America/New_York") == [
        "2016-11-06T04:00",
        "2016-11-06T05:00",
        "2016-11-06T06:00",
        "2016-11-06T07:00",
    ]


def test_hours_of_a_half_hour_zone_begin_on_its_hour() -> None:
    assert _starts("hour", "2024-01-01T00:00", "2024-01-01T01:00", "Asia/Kolkata") == [
        "2023-12-31T23:30",
        "2024-01-01T00:30",
    ]


def test_an_hour_in_which_the_offset_changes_is_cut_there() -> None:
    """Lord Howe, 2024-04-07 02:00 (+11) = 15:00 UTC becomes 01:30 (+10:30), whose hour ends at 15:30 UTC.

    2023-10-01 02:00 (+10:30) = 2023-09-30 15:30 UTC becomes 02:30 (+11), whose hour ends at 16:00 UTC.
    """
    assert _starts("hour", "2024-04-06T14:00", "2024-04-06T16:00", "Australia/Lord_Howe") == [
        "2024-04-06T14:00",
        "2024-04-06T15:00",
        "2024-04-06T15:30",
    ]
    assert _starts("hour", "2023-09-30T14:30", "2023-09-30T17:00", "Australia/Lord_Howe") == [
        "2023-09-30T14:30",
        "2023-09-30T15:30",
        "2023-09-30T16:00",
    ]


def test_weeks_begin_on_monday_also_where_the_clock_changes_then() -> None:
    """Tehran: Monday 2021-03-22 began at 20:30 UTC the day before, the next week at 19:30."""
    assert _starts("week", "2021-03-20T00:00", "2021-03-30T00:00", "Asia/Tehran") == [
        "2021-03-14T20:30",
        "2021-03-21T20:30",
        "2021-03-28T19:30",
    ]


def test_months_quarters_and_years_across_summer_time() -> None:
    assert _starts("month", "2024-03-15T00:00", "2024-05-01T00:00", "Europe/London") == [
        "2024-03-01T00:00",
        "2024-03-31T23:00",
        "2024-04-30T23:00",
    ]
    assert _starts("quarter", "2024-01-01T00:00", "2024-07-01T00:00", "Europe/London") == [
        "2024-01-01T00:00",
        "2024-03-31T23:00",
        "2024-06-30T23:00",
    ]
    assert _starts("year", "2023-12-31T23:59", "2024-06-01T00:00", "Europe/London") == [
        "2023-01-01T00:00",
        "2024-01-01T00:00",
    ]


def test_nothing_is_in_an_empty_period() -> None:
    assert bucket_starts("day", datetime(2024, 1, 1), datetime(2024, 1, 1), "UTC") == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
    ],
)
def test_months_are_added_within_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_an_unknown_grain_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'week'"):
        bucket_start("weeks", datetime(2024, 1, 1), "UTC")
