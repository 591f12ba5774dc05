"""Reading business hours."""

from __future__ import annotations

from datetime import date

import pytest

from deskpulse.errors import SettingsError
from deskpulse.time.schedule import Schedule, Window, always, joined, parse_window, parse_windows, weekly


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09:00-17:30", 540, 1050),
        ("9:05 - 12:00", 545, 720),
        ("00:00-24:00", 0, 1440),
        ("22:00-06:00", 1320, 1800),
        ("13:00\N{EN DASH}17:00", 780, 1020),
    ],
)
def test_a_window_is_read(text: str, start: int, end: int) -> None:
    assert parse_window(text) == Window(start, end)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9-17", "'9' is not a time of day"),
        ("09:00", "'09:00' is not a window"),
        ("09:00-25:00", "'25:00' is not a time of day"),
        ("09:00-24:01", "'24:01' is not a time of day"),
        ("09:60-10:00", "'09:60' is not a time of day"),
        ("09:00-09:00", "is empty"),
        ("", "'' is not a window"),
        ("09:00-12:00-13:00", "'12:00-13:00' is not a time of day"),
    ],
)
def test_a_broken_window_is_refused(text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        parse_window(text)


def test_windows_that_overlap_are_refused_and_ones_that_touch_are_not() -> None:
    with pytest.raises(SettingsError, match=r"09:00-12:00, 11:59-13:00 overlap"):
        parse_windows(["09:00-12:00", "11:59-13:00"])
    assert parse_windows(["12:00-13:00", "09:00-12:00"]) == (Window(540, 720), Window(720, 780))


def test_windows_are_joined_where_they_touch_or_overlap() -> None:
    assert joined([Window(720, 780), Window(540, 730), Window(800, 800), Window(900, 960)]) == (
        Window(540, 780),
        Window(900, 960),
    )


def test_a_window_over_midnight_continues_on_the_next_day() -> None:
    """Sunday's night runs into Monday's morning and meets its early shift there."""
    week = weekly({"sunday": ["22:00-06:00"], "monday": ["06:00-10:00"]})
    assert week[6] == (Window(1320, 1440),)
    assert week[0] == (Window(0, 600),)


def test_a_holiday_closes_its_own_date_from_midnight_to_midnight() -> None:
    """Monday 2024-01-01 off: the night that began on Sunday ends at its midnight; the one after begins on Tuesday."""
    night = Schedule(
        name="night",
        zone="UTC",
        week=weekly({"sunday": ["22:00-06:00"], "monday": ["22:00-06:00"]}),
        holidays=frozenset({date(2024, 1, 1)}),
    )
    assert night.windows_on(date(2023, 12, 31)) == (Window(1320, 1440),)
    assert night.windows_on(date(2024, 1, 1)) == ()
    assert night.windows_on(date(2024, 1, 2)) == (Window(0, 360),)


def test_a_half_day_goes_before_a_holiday() -> None:
    eve = date(2024, 12, 24)
    schedule = Schedule(
        name="office",
        zone="UTC",
        week=weekly({"tuesday": ["09:00-17:00"]}),
        holidays=frozenset({eve}),
        half_days={eve: (Window(540, 720),)},
    )
    assert schedule.windows_on(eve) == (Window(540, 720),)


def test_both_ends_of_the_validity_are_included() -> None:
    dated = Schedule(
        name="dated", zone="UTC", week=always().week, valid_from=date(2024, 1, 2), valid_to=date(2024, 1, 3)
    )
    assert [bool(dated.windows_on(date(2024, 1, day))) for day in (1, 2, 3, 4)] == [False, True, True, False]
