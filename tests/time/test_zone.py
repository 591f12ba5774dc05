"""Offsets and local times, against the transition lists of the tz database."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import _zoneinfo, available_timezones  # type: ignore[attr-defined]

import pytest

from deskpulse.errors import UnknownNameError
from deskpulse.time.zone import from_epoch, offset_pieces, to_epoch, to_local, to_utc, zone_info

HOUR = 3600
START, END = datetime(1970, 1, 1), datetime(2037, 1, 1)


@pytest.mark.parametrize("zone", sorted(available_timezones())[::7])
def test_the_pieces_are_the_transitions_of_the_tz_database(zone: str) -> None:
    """Every seventh zone of all, 1970 to 2036: the pure-Python zoneinfo has the file's own list of changes."""
    listed = _zoneinfo.ZoneInfo(zone)
    begin, stop = to_epoch(START), to_epoch(END)
    changes = [e for e in listed._trans_utc if begin < e <= stop]
    offset = {e: int(listed.fromutc(from_epoch(e).replace(tzinfo=listed)).utcoffset().total_seconds()) for e in changes}
    pieces = offset_pieces(zone, START, END)
    found = dict(pieces[1:])
    kept: dict[int, int] = {}
    last = pieces[0][1]
    for change in changes:  # the database also lists changes of the abbreviation alone
        if offset[change] != last:
            kept[change] = last = offset[change]
    within = {change: value for change, value in found.items() if not changes or change <= changes[-1]}
    assert within == kept


def test_new_york_2016() -> None:
    """Summer time from 2016-03-13 07:00 UTC to 2016-11-06 06:00 UTC."""
    assert offset_pieces("America/New_York", datetime(2016, 1, 1), datetime(2017, 1, 1)) == (
        (None, -5 * HOUR),
        (to_epoch(datetime(2016, 3, 13, 7)), -4 * HOUR),
        (to_epoch(datetime(2016, 11, 6, 6)), -5 * HOUR),
    )


def test_a_change_at_the_end_itself_is_included() -> None:
    change = datetime(2016, 3, 13, 7)
    assert len(offset_pieces("America/New_York", datetime(2016, 3, 1), change)) == 2
    assert len(offset_pieces("America/New_York", datetime(2016, 3, 1), change - timedelta(seconds=1))) == 1


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Asia/Kolkata", datetime(2024, 1, 1, 5, 30), datetime(2024, 1, 1)),
        ("America/Sao_Paulo", datetime(2018, 11, 4), datetime(2018, 11, 4, 3)),  # skipped: the jump itself
        ("America/Sao_Paulo", datetime(2018, 11, 4, 0, 59), datetime(2018, 11, 4, 3)),
        ("America/Sao_Paulo", datetime(2018, 2, 17, 23, 30), datetime(2018, 2, 18, 1, 30)),  # shown twice: the first
        ("Pacific/Apia", datetime(2011, 12, 30, 12), datetime(2011, 12, 30, 10)),  # a date that never was
    ],
)
def test_local_time_in_utc(zone: str, local: datetime, utc: datetime) -> None:
    assert to_utc(local, zone) == utc


def test_local_time_carries_its_offset() -> None:
    assert to_local(datetime(2024, 7, 1, 12), "Europe/London").isoformat() == "2024-07-01T13:00:00+01:00"


def test_an_instant_with_an_offset_is_understood_and_fractions_are_dropped() -> None:
    assert to_epoch(datetime.fromisoformat("1970-01-01T02:00:00.900000+01:00")) == 3600
    assert to_epoch(datetime(1969, 12, 31, 23, 59, 59)) == -1


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Europe/Lodnon", "Did you mean 'Europe/London'"), ("../etc/passwd", "Europe/London"), ("", "Europe/London")],
)
def test_an_unknown_zone_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UnknownNameError, match=hint):
        zone_info(name)
