"""How agents spent their days, and who helped: a team of a few days, every figure worked by hand.

The zone is Berlin's, an hour ahead of UTC. In UTC, on Monday 8 January Ann is available from 8:00 to 8:30, handling
until 10:30, on a break until 10:45, in a meeting until 11:15, then offline. Bob handles from 22:30 to 23:30, which is
past midnight in Berlin; on Tuesday he is said to be available from 8:00 to 10:00, but handles from 9:00 to 9:30. On
Wednesday Cid is available for four hours, and takes two calls, of 600 and 1200 s.
"""

from __future__ import annotations

import pytest
from history import History

from deskpulse.workspace import Workspace
from tests.traps.conftest import Company
from tests.traps.workspaces import fact

BERLIN = '[workspace]\nzone = "Europe/Berlin"\n'
MINUTE = 60
STATES = [
    ("ann", "available", "2024-01-08 08:00", "2024-01-08 08:30"),
    ("ann", "handling", "2024-01-08 08:30", "2024-01-08 10:30"),
    ("ann", "break", "2024-01-08 10:30", "2024-01-08 10:45"),
    ("ann", "meeting", "2024-01-08 10:45", "2024-01-08 11:15"),
    ("ann", "offline", "2024-01-08 11:15", None),
    ("bob", "handling", "2024-01-08 22:30", "2024-01-08 23:30"),
    ("bob", "available", "2024-01-09 08:00", "2024-01-09 10:00"),
    ("bob", "handling", "2024-01-09 09:00", "2024-01-09 09:30"),
    ("cid", "available", "2024-01-10 08:00", "2024-01-10 12:00"),
]
PEOPLE = [
    ("ann", "agent", "2020-01-01", None),
    ("bob", "agent", None, None),  # nobody wrote down when he came: employed since he first did something
    ("cid", "agent", "2023-05-01", None),
    ("dan", "agent", "2023-05-01", None),  # does nothing
    ("eve", "agent", "2020-01-01", "2023-12-31"),
    ("fay", "agent", "2024-01-20", None),
    ("robo", "bot", "2020-01-01", None),
]
WEEK = {"start": "2024-01-08 00:00", "end": "2024-01-11 00:00"}


def team() -> History:
    history = History()
    for agent, state, begin, end in STATES:
        history.add("agent_state", agent=agent, state=state, at=begin, until=end)
    for name, kind, hired, left in PEOPLE:
        history.add("person", source_id=name, name=name, kind=kind, hired_at=hired, left_at=left)
    for number, talk in enumerate((600.0, 1200.0)):
        at = f"2024-01-10 09:{number * 20:02}:00"
        history.add("call", source_id=str(number), offered_at=at, outcome="answered")
        history.add("call_leg", call=str(number), at=at, agent="cid", is_answered=True, talk_seconds=talk)
    history.ticket("1", "2024-01-08 09:00").says("customer", "1", "2024-01-08 09:00")
    return history.says("agent", "1", "2024-01-08 09:10", author="ann")


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    return company(team(), BERLIN)


def by_day(desk: Workspace, kpi: str) -> list[float | None]:
    return [row.value for row in desk.ask(kpi, grain="day", **WEEK).rows]


def test_a_state_past_midnight_is_cut_there(desk: Workspace) -> None:
    rows = {(r["agent"], r["day_at"].isoformat()[:13]): r for r in fact(desk, "agent_day") if r["logged_in_seconds"]}
    spent = {key: (r["available_seconds"], r["handling_seconds"], r["logged_in_seconds"]) for key, r in rows.items()}
    assert spent == {
        ("ann", "2024-01-07T23"): (30 * MINUTE, 120 * MINUTE, 165 * MINUTE),
        ("bob", "2024-01-07T23"): (0, 30 * MINUTE, 30 * MINUTE),
        ("bob", "2024-01-08T23"): (60 * MINUTE, 60 * MINUTE, 120 * MINUTE),  # what he had begun ends at 9:00
        ("cid", "2024-01-09T23"): (14_400 - 1_800, 1_800, 14_400),
    }


def test_utilization(desk: Workspace) -> None:
    """Monday: (120 + 30) / (165 + 30) min. Tuesday: 60 / 120. Wednesday: 1800 / 14,400 s."""
    assert by_day(desk, "agent_utilization") == pytest.approx([150 / 195, 0.5, 0.125])


def test_productive_of_paid_time_and_occupancy(desk: Workspace) -> None:
    """Monday: Ann is paid 195 min, 150 of them handling or available; Bob is paid 30 and handles them all."""
    assert by_day(desk, "agent_utilization:productive_over_paid") == pytest.approx([180 / 225, 1, 1])
    assert by_day(desk, "agent_utilization:occupancy") == pytest.approx([150 / 180, 0.5, 0.125])


def test_utilization_of_several_days_is_a_ratio_of_sums_clustered_by_agent(desk: Workspace) -> None:
    """Handling and logged in, in minutes: Ann 120 of 165, Bob 90 of 150, Cid 30 of 240: 240 / 555.

    Residuals from 240 / 555: 48.65, 25.14, -73.78; their squares add up to 8442.5; t with 2 degrees: 4.302653.
    """
    [row] = desk.ask("agent_utilization", **WEEK).rows
    margin = 4.302653 * (8442.5 * 3 / 2) ** 0.5 / 555
    assert (row.value, row.n) == (pytest.approx(240 / 555), 4)
    assert (row.low, row.high) == (0, pytest.approx(240 / 555 + margin, abs=1e-4))


def test_active_participation_counts_each_agent_employed_once(desk: Workspace) -> None:
    """Ann replied and Cid took calls; Bob and Dan did neither. Eve had left, Fay came later, a bot is nobody."""
    [week] = desk.ask("active_participation", **WEEK).rows
    assert (week.value, week.n) == (0.5, 4)
    [january] = desk.ask("active_participation", period="2024-01").rows
    assert (january.value, january.n) == (0.4, 5)


def test_bob_is_employed_since_the_first_thing_he_did(desk: Workspace) -> None:
    """On Monday he only handled a state: that is a day at work."""
    [monday] = desk.ask("active_participation", start="2024-01-08 00:00", end="2024-01-09 00:00").rows
    assert monday.n == 4


def test_an_empty_day_is_null(desk: Workspace) -> None:
    [sunday] = desk.ask("agent_utilization", start="2024-01-14 00:00", end="2024-01-15 00:00").rows
    assert (sunday.value, sunday.n) == (None, 0)
