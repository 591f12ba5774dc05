"""How clocks go wrong in support figures: traps 1 to 8, asked of whole workspaces. 2024-01-01 is a Monday."""

from __future__ import annotations

from datetime import datetime

import pytest
from history import History

from deskpulse.present.tile import sheet, tiles
from deskpulse.workspace import Workspace
from tests.traps.conftest import Company

MINUTE, HOUR, DAY = 60, 3600, 86400

SCHEDULES = """
[workspace]
zone = "UTC"
business_clock = "{clock}"

[schedules.office]
weekdays = ["09:00-17:00"]

[schedules.lunch]
weekdays = ["09:00-12:00", "13:00-17:00"]

[schedules.holidays]
zone = "Europe/London"
weekdays = ["09:00-17:00"]
holidays = ["2024-12-25..2024-12-26", "2024-12-30..2025-01-02"]
half_days = {{ "2024-12-24" = ["09:00-12:00"] }}

[schedules.london]
zone = "Europe/London"
weekdays = ["09:00-17:00"]

[schedules.new_york]
zone = "America/New_York"
weekdays = ["09:00-17:00"]

[schedules.always]
zone = "Europe/London"
every_day = ["00:00-24:00"]

[schedules.sao_paulo]
zone = "America/Sao_Paulo"
sunday = ["00:00-02:00"]

[schedules.london_sunday]
zone = "Europe/London"
sunday = ["00:00-06:00"]

[schedules.lord_howe]
zone = "Australia/Lord_Howe"
sunday = ["01:00-03:00"]

[schedules.sydney]
zone = "Australia/Sydney"
every_day = ["09:00-17:00"]

[schedules.tehran]
zone = "Asia/Tehran"
every_day = ["09:00-17:00"]
"""
NAMES = (
    *("office", "lunch", "holidays", "always", "london", "new_york"),
    *("sao_paulo", "london_sunday", "lord_howe", "sydney", "tehran"),
)
RULES = "".join(f'\n[[schedule_rules]]\nschedule = "{name}"\nteam = "{name}"\n' for name in NAMES)
TARGET = '\n[[targets]]\nmetric = "resolution"\nchannel = "{channel}"\nwithin = "{within}"\nclock = "business"\n'
SETTINGS = SCHEDULES + RULES + TARGET.format(channel="promised", within="4h")


def history() -> History:
    """One channel per trap."""
    desk = History()
    answered(desk, "scheduled 1", "office", "2024-01-08 09:00", "2024-01-08 10:00", channel="inbox")
    answered(desk, "scheduled 2", "office", "2024-01-08 09:00", "2024-01-08 12:00", channel="inbox")
    answered(desk, "no schedule", "nobody's", "2024-01-08 09:00", "2024-01-08 11:00", channel="inbox")
    for number, end in enumerate(("01:12", "02:24", "04:48", "09:36")):  # .05, .1, .2 and .4 days
        solved(desk, f"days {number}", "always", "2024-02-05 00:00", f"2024-02-05 {end}", channel="days")
    solved(desk, "days 4", "always", "2024-02-05 00:00", "2024-02-06 02:24", channel="days")  # 1.1 days
    answered(desk, "seconds", "always", "2024-01-08 09:00:50", "2024-01-08 09:01:10", channel="seconds")
    solved(desk, "lunch", "lunch", "2024-03-05 08:00", "2024-03-06 10:00", channel="lunch")
    solved(desk, "christmas", "holidays", "2024-12-23 00:00", "2024-12-28 00:00", channel="christmas")
    solved(desk, "new year", "holidays", "2024-12-28 00:00", "2025-01-06 00:00", channel="new year")
    handed_over(desk)
    solved(desk, "always", "always", "2024-03-30 12:00", "2024-03-31 11:00", channel="always")
    solved(desk, "sao paulo", "sao_paulo", "2018-11-03 00:00", "2018-11-06 00:00", channel="sao paulo")
    solved(desk, "spring", "london_sunday", "2024-03-30 00:00", "2024-04-02 00:00", channel="spring")
    solved(desk, "autumn", "london_sunday", "2024-10-26 00:00", "2024-10-29 00:00", channel="autumn")
    solved(desk, "lord howe", "lord_howe", "2023-09-30 00:00", "2023-10-02 00:00", channel="lord howe")
    solved(desk, "sydney", "sydney", "2024-07-09 22:00", "2024-07-09 23:30", channel="sydney")
    solved(desk, "tehran", "tehran", "2021-03-21 20:30", "2021-03-28 19:30", channel="tehran")
    solved(desk, "17 months", "always", "2023-01-01 00:00", "2024-05-31 00:00", channel="17 months")
    answered(desk, "friday night", "office", "2024-01-12 22:00", "2024-01-13 11:00", channel="friday")
    return desk.ticket("open", "2024-01-08 09:00", team="office", channel="promised")


def answered(desk: History, name: str, team: str, asked: str, replied: str, channel: str) -> None:
    desk.ticket(name, asked, team=team, channel=channel).says("customer", name, asked).says("agent", name, replied)


def solved(desk: History, name: str, team: str, created: str, end: str, channel: str) -> None:
    desk.ticket(name, created, team=team, channel=channel).changes(name, end, "status", "solved")


def handed_over(desk: History) -> None:
    desk.ticket("handed", "2024-01-09 10:00", team="london", channel="handed")
    desk.changes("handed", "2024-01-09 14:00", "team", "new_york", old="london")
    desk.changes("handed", "2024-01-09 18:00", "status", "solved")


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    return company(history(), SETTINGS.format(clock="per_moment"))


def business(desk: Workspace, channel: str) -> float | None:
    """Business time from creation to the solve, of the one ticket of a channel."""
    answer = desk.ask("resolution_time", clock="business", where={"channel": channel})
    assert answer.rows[0].n == 1
    return answer.value


def test_01_an_inbox_without_schedule_has_no_business_time_and_is_counted(desk: Workspace) -> None:
    """1 h and 3 h: the mean is 2 h of two tickets; with a zero for the third it would be 1 h 20 m."""
    answer = desk.ask("first_response_time", clock="business", statistic="mean", where="channel=inbox")
    row = answer.rows[0]
    assert (row.value, row.n, row.left_out) == (2 * HOUR, 2, {"no schedule": 1})
    proof = {row.ticket: row.reason for row in desk.prove(answer.question).rows}
    assert proof["desk:no schedule"] == "no schedule"


def test_02_only_what_is_printed_is_rounded(desk: Workspace) -> None:
    """.05 + .1 + .2 + .4 + 1.1 = 1.85 days; / 5 = .37 days = 31,968 s = 8 h 52 m 48 s. Rounded up first: 1.2 days."""
    answer = desk.ask("resolution_time", statistic="mean", where="channel=days")
    assert answer.value == pytest.approx(31_968)
    assert tiles(answer)[0].value == "8h 53m"


def test_03_twenty_seconds_over_a_full_minute_are_twenty_seconds(desk: Workspace) -> None:
    answer = desk.ask("first_response_time", where="channel=seconds")
    assert answer.value == 20
    assert tiles(answer)[0].value == "20 s"


@pytest.mark.parametrize(
    ("channel", "hours"),
    [
        ("lunch", 7 + 1),  # Tuesday 9-12 and 13-17, Wednesday 9-10
        ("christmas", 8 + 3 + 0 + 0 + 8),  # Monday; the half day; two holidays; Friday
        ("new year", 8),  # of 28 December (Saturday) to 6 January only Friday the 3rd: Monday to Thursday are off
    ],
)
def test_04_lunch_breaks_half_days_and_holidays_over_the_year(desk: Workspace, channel: str, hours: int) -> None:
    assert business(desk, channel) == hours * HOUR


def test_04_several_schedules_in_one_ticket(desk: Workspace, company: Company) -> None:
    """Tuesday 10:00-18:00 UTC, handed at 14:00 from London (9-17 UTC) to New York (14-22 UTC).

    Per moment: 4 h of London and 4 h of New York. By the last schedule: New York's 4 h alone.
    """
    assert business(desk, "handed") == 8 * HOUR
    only_last = History()
    handed_over(only_last)
    other = company(only_last, SETTINGS.format(clock="last_schedule"))
    assert business(other, "handed") == 4 * HOUR
    said = [place.ask("resolution_time", clock="business").notes[-1] for place in (desk, other)]
    assert said[0].startswith("Business time per moment")
    assert said[1].startswith("Business time by last schedule")
    proofs = [place.prove_ticket("resolution_time", "handed", clock="business") for place in (desk, other)]
    counted = [[(s.schedule, s.business_seconds) for s in proof.segments if s.counted] for proof in proofs]
    assert counted[0] == [("london", 4 * HOUR), ("new_york", 4 * HOUR)]
    assert counted[1] == [("new_york", 0), ("new_york", 4 * HOUR)]


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("sao paulo", 60),  # 2018-11-04 00:00 became 01:00: the window 00-02 lasts one hour
        ("spring", 5 * 60),  # 2024-03-31 01:00 became 02:00: 00-06 is 5 h
        ("autumn", 7 * 60),  # 2024-10-27 02:00 became 01:00: 00-06 is 7 h
        ("lord howe", 90),  # 2023-10-01 02:00 became 02:30: 01-03 is 1 h 30 m
        ("sydney", 30),  # in July 9:00 is 23:00 UTC the day before
        ("tehran", 7 * 8 * 60),  # a week from Monday 2021-03-22, whose 00:00 became 01:00: seven days of 8 h
        ("always", 23 * 60),  # open always across London's change: elapsed time
    ],
)
def test_05_zones_that_change_their_clocks(desk: Workspace, channel: str, minutes: int) -> None:
    assert business(desk, channel) == minutes * MINUTE


def test_06_seventeen_months_are_not_capped(desk: Workspace) -> None:
    """From 2023-01-01 to 2024-05-31: 365 + 31 + 29 + 31 + 30 + 30 = 516 days = 743,040 min."""
    assert business(desk, "17 months") == 743_040 * MINUTE
    assert desk.ask("resolution_time", where={"channel": "17 months"}).value == 743_040 * MINUTE


@pytest.mark.parametrize("days", [1, 30])
def test_06_one_still_open_runs_to_now_which_is_an_argument(desk: Workspace, days: int) -> None:
    now = datetime(2024, 1, 8 + days, 9) if days == 1 else datetime(2024, 2, 7, 9)
    assert desk.ask("backlog:age", where="channel=promised", now=now).value == days * DAY


@pytest.mark.parametrize(("now", "value", "left_out"), [
    (datetime(2024, 1, 8, 12, 59), None, {"clock still runs": 1}),
    (datetime(2024, 1, 8, 13, 1), 0.0, {}),
])  # fmt: skip
def test_06_its_target_is_missed_when_now_has_passed_it(
    desk: Workspace, now: datetime, value: float | None, left_out: dict[str, int]
) -> None:
    """4 business hours from Monday 9:00 end at 13:00."""
    row = desk.ask("resolution_within_target", where="channel=promised", now=now).rows[0]
    assert (row.value, {reason: n for reason, n in row.left_out.items() if n}) == (value, left_out)


def test_07_friday_night_to_saturday_is_zero_business_seconds(desk: Workspace) -> None:
    row = desk.ask("first_response_time", clock="business", where="channel=friday").rows[0]
    assert (row.value, row.n) == (0.0, 1)


@pytest.fixture(scope="module")
def berlin(company: Company) -> Workspace:
    """Sunday 23:30 and Monday 00:30 in Berlin; in New York both are Sunday afternoon."""
    desk = History().ticket("sunday", "2024-01-07 22:30").ticket("monday", "2024-01-07 23:30")
    return company(desk, '[workspace]\nzone = "Europe/Berlin"\n')


def test_08_weeks_begin_in_the_accounts_zone_on_card_table_and_export(berlin: Workspace) -> None:
    card = berlin.ask("ticket_volume", start="2024-01-08", end="2024-01-15")
    assert card.value == 1
    by_week = berlin.ask("ticket_volume", grain="week", start="2024-01-01", end="2024-01-15")
    assert [row.value for row in by_week.rows] == [1, 1]
    assert [row[0] for row in sheet(by_week).rows] == [row.label for row in tiles(by_week)]
    exported = [record["period_start"] for record in by_week.records()]
    assert exported == ["2024-01-01T00:00:00+01:00", "2024-01-08T00:00:00+01:00"]
    assert list(by_week.to_pandas()["period_start"]) == exported
    assert {row.dimensions["weekday"]: row.n for row in berlin.ask("ticket_volume", by="weekday").rows} == {
        "Mon": 1,
        "Sun": 1,
    }


def test_08_and_in_the_viewers_zone_when_there_is_one(berlin: Workspace) -> None:
    by_week = berlin.ask("ticket_volume", grain="week", start="2024-01-01", end="2024-01-15", zone="America/New_York")
    assert [row.value for row in by_week.rows] == [2, 0]
    by_day = berlin.ask("ticket_volume", by="weekday", zone="America/New_York")
    assert {row.dimensions["weekday"]: row.n for row in by_day.rows} == {"Sun": 2}
