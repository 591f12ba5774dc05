"""Holidays of countries and of iCalendar files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deskpulse.errors import InputError, SettingsError
from deskpulse.time.holiday import PublicHolidays, calendar_holidays

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n"
TAIL = "END:VCALENDAR\r\n"


def _file(folder: Path, *events: str) -> Path:
    path = folder / "holidays.ics"
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}END:VEVENT\r\n" for n, event in enumerate(events))
    path.write_bytes((HEAD + body + TAIL).encode())
    return path


def test_england_and_scotland_differ() -> None:
    """GOV.UK, 2024: Easter Monday (1 April) is England's alone; 2 January and St Andrew's (2 December) Scotland's."""
    england, scotland = (PublicHolidays(country="GB", subdivision=s).of_year(2024) for s in ("ENG", "SCT"))
    theirs = {date(2024, 4, 1), date(2024, 1, 2), date(2024, 12, 2)}
    assert theirs & england == {date(2024, 4, 1)}
    assert theirs & scotland == {date(2024, 1, 2), date(2024, 12, 2)}


def test_a_holiday_on_a_weekend_is_made_up_for() -> None:
    """GOV.UK: Christmas Day 2022 was a Sunday, its substitute Tuesday the 27th."""
    assert date(2022, 12, 27) in PublicHolidays(country="GB", subdivision="ENG").of_year(2022)


def test_an_unknown_country_and_an_unknown_subdivision_say_where_and_what_to_type() -> None:
    place = "deskpulse.toml, line 7: schedules.office.holiday_country"
    with pytest.raises(SettingsError, match=rf"{place}: no holidays are known for country 'XX'.*'GB'"):
        PublicHolidays(country="XX", place=place).of_year(2024)
    with pytest.raises(SettingsError, match=r"subdivision 'LON'.*ENG"):
        PublicHolidays(country="GB", subdivision="LON").of_year(2024)


def test_whole_day_events_are_holidays_with_the_end_left_out(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "DTSTART;VALUE=DATE:20241225\r\nDTEND;VALUE=DATE:20241227\r\n",
        "DTSTART;VALUE=DATE:20250101\r\n",
        "DTSTART:20250418T000000\r\nDTEND:20250419T000000\r\n",
        "DTSTART;VALUE=DATE:20250501\r\nSTATUS:CANCELLED\r\n",
    )
    assert calendar_holidays(path) == {
        date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 4, 18),
    }  # fmt: skip


def test_repeats_are_followed_and_their_exceptions_left_out(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "DTSTART;VALUE=DATE:20240501\r\nRRULE:FREQ=YEARLY;COUNT=4\r\nEXDATE;VALUE=DATE:20250501\r\n",
        "DTSTART;VALUE=DATE:20241224\r\nDTEND;VALUE=DATE:20241226\r\nRRULE:FREQ=YEARLY;UNTIL=20251231\r\n",
    )
    assert calendar_holidays(path) == {
        date(2024, 5, 1), date(2026, 5, 1), date(2027, 5, 1),
        date(2024, 12, 24), date(2024, 12, 25), date(2025, 12, 24), date(2025, 12, 25),
    }  # fmt: skip


def test_a_part_of_a_day_is_refused_by_name(tmp_path: Path) -> None:
    path = _file(tmp_path, "SUMMARY:Town hall\r\nDTSTART:20241224T120000\r\nDTEND:20241224T180000\r\n")
    with pytest.raises(InputError, match=r"'Town hall' covers part of a day.*half_days"):
        calendar_holidays(path)


@pytest.mark.parametrize("content", [b"not a calendar", b"", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.ics"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not an iCalendar file"):
        calendar_holidays(path)


def test_a_missing_calendar_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.ics cannot be read"):
        calendar_holidays(tmp_path / "nowhere.ics")
