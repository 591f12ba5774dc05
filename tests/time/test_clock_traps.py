"""How clocks go wrong in support figures (the traps' group "Clocks", as far as time alone is concerned)."""

from __future__ import annotations

from datetime import date, datetime

from deskpulse.time.bucket import bucket_starts
from deskpulse.time.business import business_seconds
from deskpulse.time.schedule import DAYS, Schedule, always, parse_windows, weekly

HOUR = 3600
MINUTE = 60


def _schedule(zone: str, texts: list[str], *, days: tuple[str, ...] = DAYS, holidays: frozenset[date] = frozenset(),
              half_days: dict[date, list[str]] | None = None) -> Schedule:  # fmt: skip
    half = {day: parse_windows(windows) for day, windows in (half_days or {}).items()}
    week = weekly({day: texts for day in days})
    return Schedule(name="trap", zone=zone, week=week, holidays=holidays, half_days=half)


def test_04_split_shifts_and_lunch_breaks() -> None:
    """Tuesday 08:00 to Wednesday 10:00: Tuesday 9-12 and 13-17 (7 h), Wednesday 9-10 (1 h)."""
    schedule = _schedule("UTC", ["09:00-12:00", "13:00-17:00"], days=DAYS[:5])
    assert business_seconds(schedule, datetime(2024, 3, 5, 8), datetime(2024, 3, 6, 10)) == 8 * HOUR


def test_04_a_holiday_and_a_half_day() -> None:
    """23 to 27 December 2024, Monday to Friday, 9-17: 23rd 8 h, 24th 9-12 3 h, 25th and 26th closed, 27th 8 h."""
    schedule = _schedule(
        "Europe/London",
        ["09:00-17:00"],
        days=DAYS[:5],
        holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26)}),
        half_days={date(2024, 12, 24): ["09:00-12:00"]},
    )
    assert business_seconds(schedule, datetime(2024, 12, 23), datetime(2024, 12, 28)) == 19 * HOUR


def test_04_holidays_that_span_the_turn_of_the_year() -> None:
    """Closed from 2024-12-30 to 2025-01-02: of that week only Friday the 3rd counts, 8 h."""
    closed = frozenset({date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2)})
    schedule = _schedule("UTC", ["09:00-17:00"], days=DAYS[:5], holidays=closed)
    assert business_seconds(schedule, datetime(2024, 12, 28), datetime(2025, 1, 6)) == 8 * HOUR


def test_04_several_schedules_in_one_ticket_counted_per_moment_or_by_the_last() -> None:
    """Tuesday 10:00 to 18:00 UTC, handed at 14:00 from London (9-17) to New York (9-17 = 14-22 UTC in winter).

    Per moment: 4 h of London, then 4 h of New York. All by the last: only New York's 4 h.
    """
    london, new_york = (_schedule(zone, ["09:00-17:00"]) for zone in ("Europe/London", "America/New_York"))
    start, handed, end = (datetime(2024, 1, 9, hour) for hour in (10, 14, 18))
    per_moment = business_seconds(london, start, handed) + business_seconds(new_york, handed, end)
    assert per_moment == 8 * HOUR
    assert business_seconds(new_york, start, end) == 4 * HOUR


def test_05_a_zone_that_changes_at_midnight() -> None:
    """Sao Paulo, 2018-11-04: 00:00 became 01:00, so a window 00-02 lasts one hour, and the day 23."""
    early = _schedule("America/Sao_Paulo", ["00:00-02:00"], days=("sunday",))
    assert business_seconds(early, datetime(2018, 11, 3), datetime(2018, 11, 6)) == HOUR
    whole = _schedule("America/Sao_Paulo", ["00:00-24:00"], days=("sunday",))
    assert business_seconds(whole, datetime(2018, 11, 3), datetime(2018, 11, 6)) == 23 * HOUR


def test_05_a_zone_that_changes_back_at_midnight() -> None:
    """Sao Paulo, 2018-02-17 (Saturday): 24:00 became 23:00, so 22-24 lasted three hours."""
    late = _schedule("America/Sao_Paulo", ["22:00-24:00"], days=("saturday",))
    assert business_seconds(late, datetime(2018, 2, 17), datetime(2018, 2, 19)) == 3 * HOUR


def test_05_a_zone_that_changes_on_sunday_morning() -> None:
    """London, 2024-03-31 01:00 became 02:00: 00-06 is 5 h. 2024-10-27 02:00 became 01:00: 00-06 is 7 h."""
    night = _schedule("Europe/London", ["00:00-06:00"], days=("sunday",))
    assert business_seconds(night, datetime(2024, 3, 30), datetime(2024, 4, 2)) == 5 * HOUR
    assert business_seconds(night, datetime(2024, 10, 26), datetime(2024, 10, 29)) == 7 * HOUR


def test_05_a_zone_that_changes_by_30_minutes() -> None:
    """Lord Howe, 2023-10-01 02:00 became 02:30: 01-03 is 90 min. 2024-04-07 02:00 became 01:30: 01-03 is 150 min."""
    night = _schedule("Australia/Lord_Howe", ["01:00-03:00"], days=("sunday",))
    assert business_seconds(night, datetime(2023, 9, 30), datetime(2023, 10, 2)) == 90 * MINUTE
    assert business_seconds(night, datetime(2024, 4, 6), datetime(2024, 4, 8)) == 150 * MINUTE


def test_05_the_southern_hemisphere() -> None:
    """Sydney opens at 9: in January at 22:00 UTC the day before (UTC+11), in July at 23:00 (UTC+10)."""
    office = _schedule("Australia/Sydney", ["09:00-17:00"])
    assert business_seconds(office, datetime(2024, 1, 9, 21), datetime(2024, 1, 9, 23)) == HOUR
    assert business_seconds(office, datetime(2024, 7, 9, 22), datetime(2024, 7, 9, 23, 30)) == 30 * MINUTE


def test_05_a_week_that_starts_with_a_change_keeps_its_first_day() -> None:
    """Tehran, Monday 2021-03-22: 00:00 (20:30 UTC) became 01:00. Open 9-17 on all 7 days: 56 h."""
    office = _schedule("Asia/Tehran", ["09:00-17:00"])
    monday, next_monday = bucket_starts("week", datetime(2021, 3, 22), datetime(2021, 3, 29), "Asia/Tehran")
    assert (monday, next_monday) == (datetime(2021, 3, 21, 20, 30), datetime(2021, 3, 28, 19, 30))
    assert business_seconds(office, monday, next_monday) == 56 * HOUR


def test_05_a_week_that_starts_with_a_holiday_keeps_its_other_days() -> None:
    """Easter Monday 2024-04-01 off: four days of 8 h remain."""
    office = _schedule("Europe/London", ["09:00-17:00"], days=DAYS[:5], holidays=frozenset({date(2024, 4, 1)}))
    assert business_seconds(office, datetime(2024, 3, 31, 23), datetime(2024, 4, 7, 23)) == 32 * HOUR


def test_05_open_always_across_the_change_is_elapsed_time() -> None:
    """From 12:00 to 12:00 local over London's spring change are 23 hours, and 23 count."""
    assert (
        business_seconds(always(zone="Europe/London"), datetime(2024, 3, 30, 12), datetime(2024, 3, 31, 11))
        == 23 * HOUR
    )


def test_06_a_ticket_open_for_17_months_is_not_capped() -> None:
    """743,040 minutes are 516 days: from 2023-01-01 to 2024-05-31 (365 + 31 + 29 + 31 + 30 + 30)."""
    start, end = datetime(2023, 1, 1), datetime(2024, 5, 31)
    assert business_seconds(always(zone="America/New_York"), start, end) == 743_040 * MINUTE


def test_06_one_still_open_runs_to_now_which_is_an_argument() -> None:
    """Opened on Monday at 9; asked at 10 and at 11 of the same day."""
    office = _schedule("UTC", ["09:00-17:00"], days=DAYS[:5])
    created = datetime(2024, 1, 8, 9)
    waited = [business_seconds(office, created, now) for now in (datetime(2024, 1, 8, 10), datetime(2024, 1, 8, 11))]
    assert waited == [HOUR, 2 * HOUR]


def test_07_created_on_friday_night_and_answered_on_saturday_is_zero() -> None:
    office = _schedule("Europe/London", ["09:00-17:00"], days=DAYS[:5])
    assert business_seconds(office, datetime(2024, 1, 12, 22), datetime(2024, 1, 13, 11)) == 0
