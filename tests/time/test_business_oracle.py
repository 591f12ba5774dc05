"""Business time against an oracle that asks zoneinfo what the wall clock shows in every single UTC minute.

The oracle shares nothing with the implementation: it reads the schedules' texts itself, looks the minute up in that
local date's windows and counts. 1.44 M random intervals, half of their ends within three days of a change of offset
or a holiday; no mismatch is allowed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest

from deskpulse.settings import load_settings
from deskpulse.time.business import BusinessCalendar, business_calendar, business_seconds
from deskpulse.time.schedule import Schedule

Ints = npt.NDArray[np.int64]
CASES = 160_000
DAY = 86_400

TEXT = """
[schedules.lord_howe]  # clocks move by 30 minutes at 02:00; edges inside the gap and the fold
zone = "Australia/Lord_Howe"
every_day = ["00:00-01:45", "02:10-05:00", "09:00-17:30"]
holidays = ["2023-10-01"]

[schedules.sydney]
zone = "Australia/Sydney"
weekdays = ["09:00-12:00", "13:00-17:30"]
sunday = ["01:30-02:15", "02:40-03:20"]
holidays = ["2022-12-26..2023-01-02", "2023-04-07", "2023-04-10"]
half_days = { "2022-12-24" = ["09:00-12:00"], "2022-12-31" = ["10:15-11:00", "12:00-13:00"] }

[schedules.sao_paulo]  # the clock jumps from 00:00 to 01:00 and back from 24:00 to 23:00
zone = "America/Sao_Paulo"
every_day = ["22:00-06:00", "09:00-12:00"]
holidays = ["2017-10-15", "2018-02-17", "2018-12-25"]

[schedules.kolkata]
zone = "Asia/Kolkata"
weekdays = ["09:30-18:15"]
saturday = ["10:07-12:59"]
holidays = ["2024-01-26", "2024-08-15"]

[schedules.new_york]
zone = "America/New_York"
weekdays = ["08:30-20:00"]
weekend = ["00:00-03:30", "23:00-24:00"]
holiday_country = "US"

[schedules.london]
zone = "Europe/London"
weekdays = ["09:00-12:30", "13:00-17:30"]
sunday = ["00:30-01:30"]
half_days = { "2023-12-24" = ["00:00-12:00"], "2024-03-31" = ["00:45-02:20"] }
valid_from = 2023-03-26
valid_to = "2024-10-27"

[schedules.always]
zone = "Europe/London"
every_day = ["00:00-24:00"]

[schedules.st_johns]  # until 2011 the clock moved at 00:01, so a date came back for 59 minutes
zone = "America/St_Johns"
every_day = ["00:00-00:30", "08:15-16:45", "23:15-24:00"]

[schedules.casablanca]  # summer time is interrupted by Ramadan
zone = "Africa/Casablanca"
every_day = ["02:20-02:50", "20:00-03:05"]
"""
FIRST_YEAR = {
    "lord_howe": 2023,
    "sydney": 2022,
    "sao_paulo": 2017,
    "kolkata": 2023,
    "new_york": 2023,
    "london": 2023,
    "always": 2023,
    "st_johns": 2009,
    "casablanca": 2023,
}
# Federal holidays as published by the Office of Personnel Management, with the days they are observed on.
US_HOLIDAYS = (
    "2023-01-01", "2023-01-02", "2023-01-16", "2023-02-20", "2023-05-29", "2023-06-19", "2023-07-04", "2023-09-04",
    "2023-10-09", "2023-11-10", "2023-11-11", "2023-11-23", "2023-12-25", "2024-01-01", "2024-01-15", "2024-02-19",
    "2024-05-27", "2024-06-19", "2024-07-04", "2024-09-02", "2024-10-14", "2024-11-11", "2024-11-28", "2024-12-25",
)  # fmt: skip
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Oracle:
    """Open minutes from ``start`` (epoch), the open minutes before each, and the epochs where things change."""

    start: int
    opened: Ints
    before: Ints
    edges: Ints

    def business(self, epochs: Ints) -> Ints:
        minute = (epochs - self.start) // 60
        return self.before[minute] * 60 + self.opened[minute] * (epochs % 60)

    def instant_of(self, seconds: Ints) -> Ints:
        """The first epoch at which so many seconds have passed."""
        minute = np.searchsorted((self.before + self.opened) * 60, seconds)
        return self.start + minute * 60 + seconds - self.before[minute] * 60


def _minutes(text: str) -> tuple[int, int]:
    first, last = (int(t.split(":")[0]) * 60 + int(t.split(":")[1]) for t in text.split("-"))
    return first, last


def _open_minutes_of(raw: dict[str, Any], day: date) -> npt.NDArray[np.bool_]:
    """The 1440 local minutes of a date."""
    opened = np.zeros(1440, bool)
    if not str(raw.get("valid_from", "0000")) <= str(day) <= str(raw.get("valid_to", "9999")):
        return opened
    if str(day) in raw.get("half_days", {}):
        for first, last in map(_minutes, raw["half_days"][str(day)]):
            opened[first:last] = True
        return opened
    if str(day) in _holidays(raw):
        return opened
    for first, last in map(_minutes, _texts(raw, day)):
        opened[first : last if last > first else 1440] = True
    for first, last in map(_minutes, _texts(raw, day - timedelta(days=1))):
        opened[: last if last < first else 0] = True
    return opened


def _texts(raw: dict[str, Any], day: date) -> list[str]:
    name = WEEK[day.weekday()]
    group = "weekend" if day.weekday() >= 5 else "weekdays"
    found: list[str] = raw.get(name) or raw.get(group) or raw.get("every_day") or []
    return found


def _holidays(raw: dict[str, Any]) -> set[str]:
    found = set(US_HOLIDAYS) if "holiday_country" in raw else set()
    for entry in raw.get("holidays", []):
        first, _, last = entry.partition("..")
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last or first):
            found.add(str(day))
            day += timedelta(days=1)
    return found


@lru_cache(maxsize=1)
def _oracle(name: str) -> Oracle:
    raw = tomllib.loads(TEXT)["schedules"][name]
    zone = ZoneInfo(raw["zone"])
    year = FIRST_YEAR[name]
    start, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 2))
    ordinal = date(year, 1, 1).toordinal() - 2
    days = [date.fromordinal(ordinal + n) for n in range(735)]
    local_open = np.concatenate([_open_minutes_of(raw, day) for day in days])
    walls = [datetime.fromtimestamp(epoch, zone) for epoch in range(start, end, 60)]
    minutes = np.array([(w.toordinal() - ordinal) * 1440 + w.hour * 60 + w.minute for w in walls])
    opened = local_open[minutes].astype(np.int64)
    jumps = np.flatnonzero(np.diff(minutes) != 1) * 60 + start
    holidays = [int(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp()) for day in _holidays(raw)]
    near = np.array([*jumps, *(h for h in holidays if start <= h < end), start], np.int64)
    return Oracle(start=start, opened=opened, before=np.cumsum(opened) - opened, edges=near)


@pytest.fixture(scope="module")
def schedules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Schedule]:
    path: Path = tmp_path_factory.mktemp("settings") / "deskpulse.toml"
    path.write_text(TEXT)
    return dict(load_settings(path).schedules)


@pytest.fixture(scope="module", params=FIRST_YEAR)
def case(request: pytest.FixtureRequest, schedules: dict[str, Schedule]) -> Iterator[tuple[Schedule, Oracle]]:
    yield schedules[request.param], _oracle(request.param)


def _calendar(schedule: Schedule) -> BusinessCalendar:
    year = FIRST_YEAR[schedule.name]
    return business_calendar({schedule.name: schedule}, datetime(year, 1, 1), datetime(year + 1, 12, 31))


def _instants(oracle: Oracle, seed: int, size: int) -> Ints:
    """Random epochs, half of them within three days of an edge."""
    rng = np.random.default_rng(seed)
    last = oracle.start + len(oracle.opened) * 60 - 1
    anywhere = rng.integers(oracle.start, last, size - size // 2)
    near = rng.choice(oracle.edges, size // 2) + rng.integers(-3 * DAY, 3 * DAY, size // 2)
    return rng.permutation(np.concatenate([anywhere, np.clip(near, oracle.start, last)]))


def _looked_up(calendar: BusinessCalendar, number: int, epochs: Ints) -> Ints:
    """B(t) as an engine computes it: one look-up by key, then cum + open * rest."""
    keys, cum, opened = (calendar.slots[name].to_numpy() for name in ("key", "cum", "open"))
    wanted = number * calendar.stride + epochs // calendar.slot_seconds - calendar.base
    row = np.searchsorted(keys, wanted)
    assert (keys[row] == wanted).all()
    found: Ints = cum[row] + opened[row] * (epochs % calendar.slot_seconds)
    return found


def test_looked_up_business_time_is_the_wall_clocks(case: tuple[Schedule, Oracle]) -> None:
    schedule, oracle = case
    starts, ends = _instants(oracle, 1, CASES), _instants(oracle, 2, CASES)
    calendar = _calendar(schedule)
    found = _looked_up(calendar, 1, ends) - _looked_up(calendar, 1, starts)
    assert int((found != oracle.business(ends) - oracle.business(starts)).sum()) == 0


def test_the_inverse_finds_the_instant_a_target_runs_out(case: tuple[Schedule, Oracle]) -> None:
    schedule, oracle = case
    calendar = _calendar(schedule)
    starts = _instants(oracle, 3, CASES)
    allowed = np.random.default_rng(4).integers(1, 20 * DAY, CASES)
    wanted = _looked_up(calendar, 1, starts) + allowed
    wanted = wanted[wanted <= int(oracle.opened.sum()) * 60]
    assert len(wanted) > CASES // 2
    slot = calendar.slot_seconds
    keys, start = (calendar.openings[name].to_numpy() for name in ("key", "start"))
    row = np.searchsorted(keys, calendar.stride + (wanted - 1) // slot)
    due = start[row] + (wanted - 1) % slot + 1
    assert int((due != oracle.instant_of(wanted)).sum()) == 0


def test_summed_business_time_is_the_wall_clocks(case: tuple[Schedule, Oracle]) -> None:
    schedule, oracle = case
    starts = _instants(oracle, 5, 1000)
    last = oracle.start + len(oracle.opened) * 60 - 1
    ends = np.minimum(starts + np.random.default_rng(6).integers(0, 20 * DAY, 1000), last)
    moments = [[datetime.fromtimestamp(int(e), UTC).replace(tzinfo=None) for e in side] for side in (starts, ends)]
    found = [business_seconds(schedule, start, end) for start, end in zip(*moments, strict=True)]
    assert found == (oracle.business(ends) - oracle.business(starts)).tolist()


def test_schedules_keep_apart_in_one_calendar(schedules: dict[str, Schedule]) -> None:
    some = {name: schedules[name] for name in ("london", "new_york", "kolkata")}
    calendar = business_calendar(some, datetime(2023, 1, 1), datetime(2024, 12, 31))
    for name in some:
        oracle = _oracle(name)
        epochs = _instants(oracle, 7, 20_000)
        offset = _looked_up(calendar, calendar.number[name], epochs) - oracle.business(epochs)
        assert (offset == 0).all()


@pytest.mark.parametrize(("name", "seconds"), [("always", 900), ("lord_howe", 300), ("kolkata", 60)])
def test_the_slot_divides_every_edge(schedules: dict[str, Schedule], name: str, seconds: int) -> None:
    """Edges at :45 and :30 allow 900 s, one at :10 only 300 s, ones at :07 and :59 only 60 s."""
    assert _calendar(schedules[name]).slot_seconds == seconds
