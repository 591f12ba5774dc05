"""``connect`` shows the business hours that a helpdesk has, as settings to add."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cli.test_connect import connect, fake, run
from connectors.fakes.zendesk import FakeZendesk

from deskpulse.settings import load_settings

__all__ = ["fake"]  # a fixture


def test_business_hours_are_shown_as_settings_that_load(fake: FakeZendesk, tmp_path: Path) -> None:
    """Minutes since Sunday: Monday 9:00 is 1440 + 540 = 1980 and 17:30 is 2490; Tuesday 9:00 is 3420, 12:00 is 3600."""
    windows = [{"start_time": 1980, "end_time": 2490}, {"start_time": 3420, "end_time": 3600}]
    fake.schedules = [{"id": 3, "intervals": [{"start_time": "soon"}]}, None]  # odd ones are passed over
    fake.schedules += [{"id": 4, "name": "Office", "time_zone": "Eastern Time (US & Canada)", "intervals": windows}]
    fake.holidays = {4: [{"id": 1, "name": "Off", "start_date": "2026-12-25", "end_date": "2026-12-26"}]}
    root = tmp_path / "desk"
    run("init", str(root))
    told = connect(fake, root)[1]
    text = told.partition("business time is counted:\n")[2].partition("Now type:")[0]
    settings = root / "deskpulse.toml"
    settings.write_text(settings.read_text() + text)
    office = load_settings(settings).schedules["Office"]
    assert office.zone == "America/New_York"
    shown = tomllib.loads(text)["schedules"]["Office"]
    assert (shown["monday"], shown["tuesday"], shown["holidays"]) == (
        ["09:00-17:30"], ["09:00-12:00"], ["2026-12-25..2026-12-26"],
    )  # fmt: skip
    assert "business time" not in run("connect", "help", "-w", str(root))[1]  # it is known by now


def test_an_access_that_may_not_read_business_hours_connects(fake: FakeZendesk, tmp_path: Path) -> None:
    fake.forbidden = {"business_hours/schedules"}
    run("init", str(tmp_path / "desk"))
    code, told = connect(fake, tmp_path / "desk")
    assert code == 0 and "business" not in told
