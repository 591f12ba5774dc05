"""Periods, buckets in a zone, days in which nothing happened, weekdays and hours."""

from __future__ import annotations

from typing import Any

import pytest

from deskpulse.facts import ticket
from deskpulse.metrics.measure import Count, Share, Spread

from .conftest import Desk

SHARE = Share(where=ticket.is_solved, dated_by=ticket.created_at)


def created(*instants: str, **more: Any) -> list[dict[str, Any]]:
    return [{"ticket": f"z:{n}", "created_at": at, **more} for n, at in enumerate(instants)]


def counts(desk: Desk, **asked: Any) -> dict[str, float | None]:
    return {row.period_start.isoformat(): row.value for row in desk.ask(**asked).rows}


def test_the_start_counts_and_the_end_does_not(desk: Desk) -> None:
    desk.load("ticket", created("2024-03-01 00:00:00", "2024-03-02 00:00:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    assert desk.ask(start="2024-03-01 00:00:00", end="2024-03-02 00:00:00").value == 1


def test_what_happens_at_now_counts_and_what_comes_later_does_not(desk: Desk) -> None:
    desk.load("ticket", created("2024-03-01 00:00:00", "2024-03-01 00:00:01"))
    desk.declare(Count(dated_by=ticket.created_at))
    assert desk.ask(now="2024-03-01 00:00:00").value == 1
    assert desk.ask(now="2024-03-01 00:00:00", start="2024-02-01 00:00:00", end="2024-04-01 00:00:00").value == 1


def test_days_are_the_zones_across_a_change_of_clocks(desk: Desk) -> None:
    # Berlin, 31 March 2024: 23 hours, from 30 March 23:00 UTC to 31 March 22:00 UTC.
    instants = ("2024-03-30 22:59:59", "2024-03-30 23:00:00", "2024-03-31 21:59:59", "2024-03-31 22:00:00")
    desk.load("ticket", created(*instants))
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"start": "2024-03-29 23:00:00", "end": "2024-04-01 22:00:00"}
    assert counts(desk, grain="day", zone="Europe/Berlin", **asked) == {
        "2024-03-30T00:00:00+01:00": 1,
        "2024-03-31T00:00:00+01:00": 2,
        "2024-04-01T00:00:00+02:00": 1,
    }


def test_a_repeated_hour_is_two_hours(desk: Desk) -> None:
    desk.load("ticket", created("2024-10-27 00:30:00", "2024-10-27 01:30:00", "2024-10-27 01:40:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"start": "2024-10-27 00:00:00", "end": "2024-10-27 02:00:00", "now": "2024-12-01 00:00:00"}
    assert counts(desk, grain="hour", zone="Europe/Berlin", **asked) == {
        "2024-10-27T02:00:00+02:00": 1,
        "2024-10-27T02:00:00+01:00": 2,
    }


def test_hours_of_a_zone_that_changes_by_half_an_hour(desk: Desk) -> None:
    # Lord Howe goes from +11:00 back to +10:30 at 15:00 UTC on 6 April 2024: 2:00 becomes 1:30 again.
    desk.load("ticket", created("2024-04-06 14:45:00", "2024-04-06 15:10:00", "2024-04-06 15:40:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"start": "2024-04-06 14:00:00", "end": "2024-04-06 16:00:00"}
    assert counts(desk, grain="hour", zone="Australia/Lord_Howe", **asked) == {
        "2024-04-07T01:00:00+11:00": 1,
        "2024-04-07T01:30:00+10:30": 1,
        "2024-04-07T02:00:00+10:30": 1,
    }


@pytest.mark.parametrize(
    ("grain", "starts"),
    [
        ("week", ["2024-02-26", "2024-03-04", "2024-03-11"]),
        ("month", ["2024-02-01", "2024-03-01"]),
        ("quarter", ["2024-01-01"]),
        ("year", ["2024-01-01"]),
    ],
)
def test_longer_buckets(desk: Desk, grain: str, starts: list[str]) -> None:
    desk.load("ticket", created("2024-02-28 12:00:00", "2024-03-12 12:00:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    found = counts(desk, grain=grain, end="2024-03-15 00:00:00")
    assert [start[:10] for start in found] == starts
    assert sum(value or 0 for value in found.values()) == 2


def test_a_day_with_nothing_is_null_for_a_share_and_nought_for_a_count(desk: Desk) -> None:
    desk.load("ticket", created("2024-03-01 12:00:00", "2024-03-03 12:00:00", is_solved=True))
    desk.declare(SHARE, count=Count(dated_by=ticket.created_at))
    asked = {"grain": "day", "start": "2024-02-29 00:00:00", "end": "2024-03-04 00:00:00"}
    assert [(r.value, r.low, r.high, r.n) for r in desk.ask(**asked).rows[1:3]] == [
        (1.0, pytest.approx(0.2065, abs=1e-4), 1.0, 1),  # 1 of 1 by Wilson: 1 / (1 + z^2) to 1
        (None, None, None, 0),
    ]
    # History begins on 1 March: of the day before nothing is known, while on 2 March there were none.
    assert [r.value for r in desk.ask(variant="count", **asked).rows] == [None, 1, 0, 1]


def test_a_value_over_nothing_is_null(desk: Desk) -> None:
    desk.load("ticket", [])
    desk.declare(SHARE, count=Count(dated_by=ticket.created_at))
    for variant in ("v", "count"):
        (row,) = desk.ask(variant=variant).rows
        assert (row.value, row.low, row.high, row.n) == (None, None, None, 0)
    assert desk.ask(by=("channel",)).rows == ()


def test_weekday_and_hour_are_the_zones(desk: Desk) -> None:
    # 22:30 UTC on Sunday 3 March is 9:30 on Monday in Sydney; 3 March 12:00 UTC is 23:00 on Sunday.
    desk.load("ticket", created("2024-03-03 22:30:00", "2024-03-03 12:00:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"zone": "Australia/Sydney", "start": "2024-02-25 13:00:00", "end": "2024-03-10 13:00:00"}
    rows = desk.ask(by=("weekday", "hour"), **asked).rows
    assert [(dict(r.dimensions), r.value) for r in rows] == [
        ({"weekday": "Mon", "hour": "09"}, 1),
        ({"weekday": "Sun", "hour": "23"}, 1),
    ]
    assert desk.ask(where={"weekday": ["Mon"]}, **asked).value == 1


def test_only_mondays_are_days_of_a_monday_count(desk: Desk) -> None:
    desk.load("ticket", created("2024-03-04 10:00:00", "2024-03-04 11:00:00", "2024-03-11 10:00:00"))
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"start": "2024-03-04 00:00:00", "end": "2024-03-18 00:00:00"}
    (row,) = desk.ask(by=("weekday",), **asked).rows
    # Two Mondays with 2 and 1: variance .5 below the mean 1.5, so phi = 1; t with 1 degree 12.7062.
    assert (row.value, row.high) == (3, pytest.approx(3 + 12.7062 * 3**0.5, rel=1e-5))
    assert desk.ask(where={"weekday": ["Mon"]}, **asked).rows[0].high == pytest.approx(row.high)


def test_unknown_dimension_values_are_shown_last_and_kept_by_a_negation(desk: Desk) -> None:
    rows = [
        {"ticket": f"z:{n}", "created_at": "2024-03-04 10:00:00", "channel": c}
        for n, c in enumerate(("web", None, "chat"))
    ]
    desk.load("ticket", rows)
    desk.declare(Count(dated_by=ticket.created_at))
    assert [r.dimensions["channel"] for r in desk.ask(by=("channel",)).rows] == ["chat", "web", None]
    assert desk.ask(where={"channel!": ["web"]}).value == 2
    assert desk.ask(where={"channel": ["none", "web"]}).value == 2
    assert desk.ask(where={"channel!": ["none"]}).value == 2


def test_agent_and_team_are_those_credited_for_the_moment(desk: Desk) -> None:
    row = {
        "ticket": "z:1",
        "created_at": "2024-03-04 10:00:00",
        "solved_at": "2024-03-04 12:00:00",
        "resolution_seconds": 7200,
        "opening_agent": "Ada",
        "solve_agent": "Ben",
    }
    desk.load("ticket", [row])
    desk.declare(Spread(over=ticket.resolution, dated_by=ticket.solved_at))
    assert desk.ask(by=("agent",)).rows[0].dimensions == {"agent": "Ben"}
    assert desk.ask(by=("agent",), dated_by="created").rows[0].dimensions == {"agent": "Ada"}
