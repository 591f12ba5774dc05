"""Settings: what a file says, and what is said of a broken one."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import FILE_NAME, ScheduleRule, Settings, Target, default_settings, load_settings, template
from deskpulse.time.holiday import PublicHolidays
from deskpulse.time.schedule import Window
from deskpulse.workspace import create
from deskpulse.workspace.editing import append, written
from deskpulse.workspace.health import examine

FULL = """\
[workspace]
name = "Acme support"
zone = "Europe/London"
business_clock = "last_schedule"
keep_snapshots = 5
fcr_days = 14

[schedules.office]
weekdays = ["09:00-12:30", "13:00-17:30"]
friday = ["09:00-15:00"]
saturday = []
holidays = ["2026-12-25", 2026-12-28, "2026-12-30..2027-01-02"]
half_days = { "2026-12-24" = ["09:00-12:00"], 2026-12-29 = ["13:00-14:00"] }
holiday_country = "GB"
holiday_subdivision = "ENG"
valid_from = 2026-01-01
valid_to = "2027-12-31"

[schedules."night shift"]
zone = "Asia/Kolkata"
every_day = ["22:00-06:00"]
weekend = []

[[schedule_rules]]
schedule = "night shift"
team = "Nights"
channel = "phone"
valid_from = 2026-06-01

[[schedule_rules]]
schedule = "office"

[[targets]]
metric = "first_response"
channel = "email"
priority = "high"
within = "1h"
clock = "business"

[[targets]]
metric = "first_response"
channel = "email"
within = "4h"
clock = "business"

[[targets]]
metric = "resolution"
within = "3d"
"""


def _load(folder: Path, text: str) -> Settings:
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_everything_a_file_can_say(tmp_path: Path) -> None:
    settings = _load(tmp_path, FULL)
    assert (settings.name, settings.zone, settings.business_clock) == ("Acme support", "Europe/London", "last_schedule")
    assert (settings.keep_snapshots, settings.fcr_days) == (5, 14)
    assert settings.schedule_rules == (
        ScheduleRule(schedule="night shift", team="Nights", channel="phone", valid_from=date(2026, 6, 1)),
        ScheduleRule(schedule="office"),
    )
    assert settings.targets == (
        Target(metric="first_response", channel="email", priority="high", seconds=3600, clock="business"),
        Target(metric="first_response", channel="email", seconds=14_400, clock="business"),
        Target(metric="resolution", seconds=259_200, clock="calendar"),
    )


def test_a_schedule_as_written(tmp_path: Path) -> None:
    office = _load(tmp_path, FULL).schedules["office"]
    assert office.zone == "Europe/London"
    assert office.week[0] == (Window(540, 750), Window(780, 1050))
    assert office.week[4] == (Window(540, 900),)
    assert office.week[5] == office.week[6] == ()
    assert office.holidays == {
        date(2026, 12, 25), date(2026, 12, 28),
        date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2),
    }  # fmt: skip
    assert office.half_days == {date(2026, 12, 24): (Window(540, 720),), date(2026, 12, 29): (Window(780, 840),)}
    assert office.public_holidays is not None
    assert (office.public_holidays.country, office.public_holidays.subdivision) == ("GB", "ENG")
    assert (office.valid_from, office.valid_to) == (date(2026, 1, 1), date(2027, 12, 31))


def test_named_days_go_before_groups_and_groups_before_every_day(tmp_path: Path) -> None:
    """Nights begin Monday to Friday: Saturday has Friday's morning left, Sunday nothing."""
    night = _load(tmp_path, FULL).schedules["night shift"]
    assert night.week[0] == (Window(1320, 1440),)
    assert night.week[1] == (Window(0, 360), Window(1320, 1440))
    assert night.week[5] == (Window(0, 360),)
    assert night.week[6] == ()


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert _load(tmp_path, "") == default_settings()


def test_the_template_is_the_default_as_it_comes(tmp_path: Path) -> None:
    assert _load(tmp_path, template()) == default_settings()
    named = _load(tmp_path, template(name='Zoë\'s "desk"', zone="Europe/Paris"))
    assert (named.name, named.zone) == ('Zoë\'s "desk"', "Europe/Paris")


def test_every_example_of_the_template_can_be_used(tmp_path: Path) -> None:
    """Take the '# ' from every commented line that is TOML."""
    (tmp_path / "holidays.ics").write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260704\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    text = re.sub(r"^# (?=\[|\w+ = )", "", template(), flags=re.MULTILINE)
    settings = _load(tmp_path, text)
    assert sorted(settings.schedules) == ["always", "office"]
    assert date(2026, 7, 4) in settings.schedules["office"].holidays
    assert settings.schedule_rules == (
        ScheduleRule(schedule="always", channel="phone"),
        ScheduleRule(schedule="office"),
    )
    assert settings.targets == (Target(metric="first_response", channel="email", seconds=14_400, clock="business"),)


def test_an_only_schedule_without_rules_is_everybodys(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[schedules.office]\nweekdays = ["09:00-17:00"]\n')
    assert settings.schedule_rules == (ScheduleRule(schedule="office"),)


def test_an_unknown_country_shows_its_line_when_it_is_first_needed(tmp_path: Path) -> None:
    text = '[schedules.office]\nweekdays = ["09:00-17:00"]\nholiday_country = "XX"\n'
    office = _load(tmp_path, text).schedules["office"]
    assert isinstance(office.public_holidays, PublicHolidays)
    with pytest.raises(SettingsError, match=r"deskpulse\.toml, line 3: schedules\.office\.holiday_country: .*'XX'"):
        office.windows_on(date(2026, 1, 5))


OFFICE = '[schedules.office]\nweekdays = ["09:00-17:00"]\n'
BROKEN = [
    ("[workspace\n", "is not valid TOML.*line 1"),
    ("[workspac]\n", "line 1: workspac: .*Did you mean 'workspace'"),
    ('[workspace]\nnme = "x"\n', "line 2: workspace.nme: .*Did you mean 'name'"),
    ("[workspace]\n\nname = 3\n", "line 3: workspace.name: '3' will not do: expects a text"),
    ('[workspace]\nname = " "\n', "line 2: workspace.name: is empty"),
    ('[workspace]\nzone = "Europe/Lodnon"\n', "line 2: workspace.zone: .*Did you mean 'Europe/London'"),
    ('[workspace]\nbusiness_clock = "wall"\n', "line 2: workspace.business_clock: .*per_moment"),
    ("[workspace]\nkeep_snapshots = 0\n", "line 2: workspace.keep_snapshots: expects a whole number of 1 or more"),
    ("[workspace]\nfcr_days = true\n", "line 2: workspace.fcr_days: expects a whole number"),
    ("workspace = 3\n", "line 1: workspace: '3' will not do: expects a table"),
    ('[schedules]\noffice = "9-17"\n', r"line 2: schedules.office: is no table. Write \[schedules.office\]"),
    ("[schedules.office]\n", "line 1: schedules.office: is never open"),
    ('[schedules.office]\ntusday = ["09:00-17:00"]\n', "line 2: schedules.office.tusday: .*Did you mean 'tuesday'"),
    ('[schedules.office]\nmonday = "09:00-17:00"\n', "line 2: schedules.office.monday: .*expects a list"),
    ("[schedules.office]\nmonday = [9, 17]\n", "line 2: schedules.office.monday: expects a list of texts"),
    ('[schedules.office]\n# hours\nmonday = ["9-17"]\n', "line 3: schedules.office.monday: '9' is not a time of day"),
    (
        '[schedules.office]\nmonday = ["09:00-12:00", "11:00-13:00"]\n',
        "line 2: schedules.office.monday: the windows .* overlap",
    ),
    (OFFICE + 'zone = "Mars/Olympus"\n', "line 3: schedules.office.zone: No time zone is called 'Mars/Olympus'"),
    (OFFICE + 'holidays = ["25.12.2026"]\n', "line 3: schedules.office.holidays: '25.12.2026' is not a date"),
    (OFFICE + 'holidays = "2026-12-25"\n', "line 3: schedules.office.holidays: expects a list"),
    (OFFICE + 'holidays = ["2027-01-02..2026-12-24"]\n', "line 3: .*ends before it begins"),
    (OFFICE + 'half_days = { "24/12" = ["09:00-12:00"] }\n', "line 3: schedules.office.half_days.24/12: .*not a date"),
    (OFFICE + '[schedules.office.half_days]\n"2026-12-24" = ["22:00-02:00"]\n', "line 4: .*a half day ends by 24:00"),
    (OFFICE + 'holiday_subdivision = "ENG"\n', "line 3: .*needs a country"),
    (
        OFFICE + 'holiday_calendar = "none.ics"\n',
        "line 3: schedules.office.holiday_calendar: .*none.ics cannot be read",
    ),
    (OFFICE + "valid_from = 2026-02-01\nvalid_to = 2026-01-01\n", "line 4: .*comes before valid_from"),
    (OFFICE + "valid_from = 2026-02-01T00:00:00\n", "line 3: schedules.office.valid_from: .*is not a date"),
    (OFFICE + "[[schedule_rules]]\n", r"line 3: schedule_rules\[1\]: 'schedule' is missing. Add schedule = \"office\""),
    (OFFICE + '[schedule_rules]\nschedule = "office"\n', r"line 3: schedule_rules: .*\[\[...\]\]"),
    (OFFICE + 'schedule_rules = ["office"]\n', "line 3: schedules.office.schedule_rules: "),
    (OFFICE + '[[schedule_rules]]\nschedule = "ofice"\n', r"line 4: schedule_rules\[1\].schedule: .*mean 'office'"),
    (OFFICE + '[[schedule_rules]]\nschedule = "office"\nteem = "A"\n', r"line 5: .*Did you mean 'team'"),
    (
        OFFICE + '[[schedule_rules]]\nschedule = "office"\n[[schedule_rules]]\nschedule = "office"\nteam = "A"\n',
        r"line 3: schedule_rules\[1\]: has no conditions, so no rule after it is ever reached",
    ),
    ('[[targets]]\nmetric = "first_respons"\nwithin = "4h"\n', r"line 2: targets\[1\].metric: .*mean 'first_response'"),
    ('[[targets]]\nwithin = "4h"\n', r"line 1: targets\[1\]: 'metric' is missing"),
    ('[[targets]]\nmetric = "resolution"\n', r"line 1: targets\[1\]: 'within' is missing. Add within = \"4h\""),
    ('[[targets]]\nmetric = "resolution"\nwithin = "soon"\n', r"line 3: targets\[1\].within: 'soon' is not a length"),
    ('[[targets]]\nmetric = "resolution"\nwithin = 4\n', r"line 3: targets\[1\].within: '4' will not do"),
    ('[[targets]]\nmetric = "resolution"\nwithin = "0s"\n', r"line 3: targets\[1\].within: expects more than nothing"),
    (
        '[[targets]]\nmetric = "resolution"\nwithin = "4h"\n\n[[targets]]\nmetric = "resolution"\nwithin = "8h"\n',
        r"line 5: targets\[2\]: is never reached",
    ),
]


@pytest.mark.parametrize(("text", "told"), BROKEN)
def test_a_broken_file_says_where_and_what_to_type(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=rf"deskpulse\.toml.*{told}"):
        _load(tmp_path, text)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"deskpulse\.toml cannot be read.*deskpulse init"):
        load_settings(tmp_path / FILE_NAME)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes('[workspace]\nname = "Zoë"\n'.encode("cp1252"))
    with pytest.raises(SettingsError, match=r"deskpulse\.toml is not UTF-8 at byte 22"):
        load_settings(tmp_path / FILE_NAME)


def test_a_mark_of_byte_order_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "deskpulse.toml"
    file.write_bytes(b"\xef\xbb\xbf[workspace]\r\nname = 'Acme'\r\n")
    assert load_settings(file).name == "Acme"
    place = create(tmp_path / "desk")
    (place.root / FILE_NAME).write_bytes(file.read_bytes())
    append(place.root, "[population]\n", what="a part", now=datetime(2026, 3, 2))
    assert written(place.root) == "[workspace]\nname = 'Acme'\n[population]\n"


def test_the_doctor_looks_up_holidays_before_they_are_needed(tmp_path: Path) -> None:
    place = create(tmp_path / "desk")
    text = '[schedules.office]\nweekdays = ["09:00-17:00"]\nholiday_country = "XX"\n'
    (place.root / "deskpulse.toml").write_text(text, encoding="utf-8")
    settings = next(check for check in examine(place.root) if check.name == "settings")
    assert (settings.is_well, "line 3: schedules.office.holiday_country" in settings.found) == (False, True)
