"""Hours, threads and stories on a few cases worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from deskpulse.demo import stories
from deskpulse.demo.hours import Hours, hours
from deskpulse.demo.threads import Notes, Threads
from deskpulse.demo.words import TEAMS, TOPICS
from deskpulse.time.schedule import DAYS, Schedule, weekly
from deskpulse.time.zone import from_epoch, to_epoch

DAY = 86400


@pytest.fixture(scope="module")
def office() -> Hours:
    """London, Monday to Friday, closed for lunch, and on Thursday 8 January 2026."""
    week = weekly({day: ["09:00-12:30", "13:00-17:30"] for day in DAYS[:5]})
    schedule = Schedule(name="office", zone="Europe/London", week=week, holidays=frozenset({date(2026, 1, 8)}))
    return hours(schedule, to_epoch(datetime(2026, 1, 1)), to_epoch(datetime(2026, 1, 31)))


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2026-01-05 10:00", 30, "2026-01-05 10:30"),  # a Monday in winter: London is UTC
        ("2026-01-05 12:20", 20, "2026-01-05 13:10"),  # ten minutes before lunch, ten after
        ("2026-01-05 12:45", 1, "2026-01-05 13:01"),  # asked during lunch
        ("2026-01-09 17:00", 60, "2026-01-12 09:30"),  # Friday's last half hour, Monday's first
        ("2026-01-10 11:00", 5, "2026-01-12 09:05"),  # on a Saturday
        ("2026-01-07 17:25", 10, "2026-01-09 09:05"),  # over the holiday
    ],
)
def test_work_goes_on_when_the_office_opens(office: Hours, at: str, minutes: int, expected: str) -> None:
    asked = np.array([to_epoch(datetime.fromisoformat(at))])
    assert from_epoch(int(office.after(asked, minutes * 60)[0])) == datetime.fromisoformat(expected)


def test_open_ends_with_the_last_second_before_closing(office: Hours) -> None:
    moments = ("2026-01-05 09:00:00", "2026-01-05 12:29:59", "2026-01-05 12:30:00", "2026-01-05 08:59:59")
    at = np.array([to_epoch(datetime.fromisoformat(moment)) for moment in moments])
    assert office.is_open(at).tolist() == [True, True, False, False]


def test_notes_come_out_in_the_order_of_their_tickets() -> None:
    notes = Notes(tickets=3)
    notes.note(np.array([0, 2]), at=np.array([10, 20]))
    notes.note(np.array([2]), at=30)
    notes.note(np.array([0, 1]), at=np.array([40, 50]))
    columns = notes.columns()
    assert columns["index"].tolist() == [0, 0, 1, 2, 2]
    assert columns["at"].tolist() == [10, 40, 50, 20, 30]
    assert columns["place"].tolist() == [0, 1, 0, 0, 1]


def test_a_ticket_stops_where_the_history_ends() -> None:
    threads = Threads(created=np.array([0, 90]), end=100)
    both = np.array([True, True])
    assert threads.pass_time(both, 20).tolist() == [0]  # the second would be at 110
    assert threads.pass_time(both, 20).tolist() == [0]  # and stays out
    threads.say(np.array([0]), author=1, kind=0)
    assert threads.messages.columns()["at"].tolist() == [40]


def test_stories_multiply_inside_their_days_only() -> None:
    # 70 days before the end is the bad release: 6 times the pairing tickets. 140 days before, the season: 1.9 times.
    end = 1000 * DAY
    pairing = next(number for number, topic in enumerate(TOPICS) if topic.name == "pairing")
    at = np.array([end - 70 * DAY, end - 50 * DAY, end - 140 * DAY])
    topic, team, nobody = np.full(3, pairing), np.full(3, TEAMS.index("Technical")), np.zeros(3, np.int64)
    traits: stories.Traits = {"topic": topic, "team": team, "channel": nobody, "partner": nobody}
    assert stories.factor("volume", at, end, traits).tolist() == [6.0, 1.0, 1.9]
    billing: stories.Traits = {**traits, "topic": np.full(3, 4), "team": np.full(3, TEAMS.index("Billing"))}
    assert stories.factor("wait", at, end, billing).tolist() == pytest.approx(
        [0.4, 0.4, 0.6]
    )  # 0.4 x 1.5 in the season
