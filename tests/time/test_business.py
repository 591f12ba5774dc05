"""Business time: laws that hold for any schedule, and days worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.time.business import business_calendar, business_seconds, segments
from deskpulse.time.schedule import DAYS, Schedule, always, weekly

HOUR = 3600
ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
)
OFFICE = Schedule(
    name="office",
    zone="Europe/London",
    week=weekly({day: ["09:00-12:00", "13:00-17:30"] for day in DAYS[:5]}),
)
NIGHT = Schedule(name="night", zone="Europe/London", week=weekly({day: ["22:00-06:00"] for day in DAYS[:5]}))

instants = st.datetimes(datetime(2015, 1, 1), datetime(2019, 12, 31)).map(lambda t: t.replace(microsecond=0))
days = st.dates(date(2015, 1, 1), date(2019, 12, 31))
edges = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted)


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _windows(minutes: list[int]) -> list[str]:
    return [f"{_text(a)}-{_text(b)}" for a, b in zip(minutes[::2], minutes[1::2], strict=False)]


schedules = st.builds(
    lambda zone, week, holidays: Schedule(
        name="any", zone=zone, week=weekly(dict(zip(DAYS, map(_windows, week), strict=True))), holidays=holidays
    ),
    st.sampled_from(ZONES),
    st.lists(edges, min_size=7, max_size=7),
    st.frozensets(days, max_size=5),
)


@settings(max_examples=60, deadline=None)
@given(schedules, instants, instants, instants)
def test_parts_add_up_to_the_whole(schedule: Schedule, a: datetime, b: datetime, c: datetime) -> None:
    whole = business_seconds(schedule, a, c)
    assert business_seconds(schedule, a, b) + business_seconds(schedule, b, c) == whole


@settings(max_examples=60, deadline=None)
@given(schedules, instants, st.integers(0, 10**7), st.integers(0, 10**6))
def test_more_time_never_counts_less_nor_more_than_it_is(
    schedule: Schedule, start: datetime, length: int, more: int
) -> None:
    end = start + timedelta(seconds=length)
    short = business_seconds(schedule, start, end)
    long = business_seconds(schedule, start, end + timedelta(seconds=more))
    assert 0 <= short <= length
    assert 0 <= long - short <= more


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), instants, instants)
def test_open_always_is_elapsed_time_across_every_change_of_clocks(zone: str, start: datetime, end: datetime) -> None:
    assert business_seconds(always(zone=zone), start, end) == int((end - start).total_seconds())


@settings(max_examples=40, deadline=None)
@given(schedules, instants, st.integers(0, 90 * 86_400))
def test_the_stretches_are_apart_in_order_and_sum_to_the_business_time(
    schedule: Schedule, start: datetime, length: int
) -> None:
    end = start + timedelta(seconds=length)
    found = segments(schedule, start, end)
    flat = [moment for stretch in found for moment in stretch]
    assert flat == sorted(set(flat))
    assert all(start <= moment <= end for moment in flat)
    seconds = sum(int((to - since).total_seconds()) for since, to in found)
    assert seconds == business_seconds(schedule, start, end)


def test_a_split_shift_leaves_lunch_out() -> None:
    """Wednesday 2024-01-10, 11:30 to 14:00 in London (UTC): 30 min before lunch, 60 after."""
    assert business_seconds(OFFICE, datetime(2024, 1, 10, 11, 30), datetime(2024, 1, 10, 14)) == 90 * 60
    assert segments(OFFICE, datetime(2024, 1, 10, 11, 30), datetime(2024, 1, 10, 14)) == (
        (datetime(2024, 1, 10, 11, 30), datetime(2024, 1, 10, 12)),
        (datetime(2024, 1, 10, 13), datetime(2024, 1, 10, 14)),
    )


def test_seconds_are_exact() -> None:
    """From 11:59:58 to 13:00:01: two seconds before lunch, one after."""
    assert business_seconds(OFFICE, datetime(2024, 1, 10, 11, 59, 58), datetime(2024, 1, 10, 13, 0, 1)) == 3


def test_a_night_shift_that_begins_on_friday_ends_on_saturday() -> None:
    """Friday 2024-01-12 20:00 to Monday 2024-01-15 23:00: 22-06 on Friday night (8 h), 22-23 on Monday (1 h)."""
    assert business_seconds(NIGHT, datetime(2024, 1, 12, 20), datetime(2024, 1, 15, 23)) == 9 * HOUR


def test_time_outside_the_validity_is_closed() -> None:
    """Valid on Tuesday the 9th and Wednesday the 10th only, 7.5 h each, of a week asked for."""
    dated = Schedule(
        name="dated", zone="UTC", week=OFFICE.week, valid_from=date(2024, 1, 9), valid_to=date(2024, 1, 10)
    )
    assert business_seconds(dated, datetime(2024, 1, 8), datetime(2024, 1, 15)) == 15 * HOUR


def test_backwards_is_negative() -> None:
    assert business_seconds(OFFICE, datetime(2024, 1, 10, 11), datetime(2024, 1, 10, 10)) == -HOUR


def test_a_local_mean_time_with_seconds_is_taken_to_the_minute() -> None:
    """Liberia was 44 min 30 s behind UTC until 1972; a whole day stays a whole day and slots stay possible."""
    liberia = always(zone="Africa/Monrovia")
    assert business_seconds(liberia, datetime(1972, 1, 6), datetime(1972, 1, 8)) == 2 * 86_400
    office = Schedule(name="office", zone="Africa/Monrovia", week=OFFICE.week)
    assert business_calendar({"office": office}, datetime(1971, 1, 1), datetime(1972, 6, 1)).slot_seconds == 60


def test_a_calendar_of_no_schedules_is_empty() -> None:
    calendar = business_calendar({}, datetime(2024, 1, 1), datetime(2024, 2, 1))
    assert calendar.slots.num_rows == calendar.openings.num_rows == 0
    assert calendar.slots.column_names == ["key", "cum", "open"]


def test_the_calendar_covers_both_ends_and_packs_the_key() -> None:
    """Three days of 900 s slots are 288; the first is 2024-01-01 = day 19,723 of the epoch, slot 19,723 * 96."""
    calendar = business_calendar({"office": OFFICE}, datetime(2024, 1, 1, 13), datetime(2024, 1, 3))
    assert calendar.number == {"office": 1}
    assert calendar.base == 19_723 * 96
    assert calendar.slots.num_rows == 288
    assert calendar.slots["key"][0].as_py() == calendar.stride == 1_000_000
    assert calendar.openings["start"][0].as_py() == 19_723 * 86_400 + 9 * HOUR  # New Year's Day is no holiday here


def test_a_long_calendar_of_short_slots_widens_the_key() -> None:
    """30 years at 60 s are 15.8 million slots, more than a million: the stride must pass them."""
    odd = Schedule(name="odd", zone="UTC", week=weekly({"monday": ["09:01-09:02"]}))
    calendar = business_calendar({"odd": odd}, datetime(1995, 1, 1), datetime(2024, 12, 31))
    assert calendar.slots.num_rows == (date(2025, 1, 1) - date(1995, 1, 1)).days * 1440
    assert calendar.stride == 100_000_000
