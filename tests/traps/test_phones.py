"""Traps of phone logs: rings nobody took, transfers, late wrap-up, and calls that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.history import History
from tests.traps.workspaces import by, desk, fact, row, sync, value


def call(history: History, id: str, at: str, outcome: str, **more: Any) -> History:
    return history.add("call", source_id=id, offered_at=at, outcome=outcome, **{"queue": "line", **more})


def leg(history: History, call: str, at: str, agent: str | None, *, taken: bool = True, **seconds: float) -> History:
    parts = {f"{part}_seconds": float(value) for part, value in seconds.items()}
    return history.add("call_leg", call=call, at=at, agent=agent, is_answered=taken, **parts)


def one_day() -> History:
    """Call 1 rings in vain at three, then Dan takes it after 40 s; the log says 'missed', as its first rings were.
    Call 2 is given up after 80 s, call 3 is taken at once, call 4 is taken by somebody the log does not name."""
    history = call(History(), "1", "2024-01-05 09:00:00", "missed", queue_seconds=40.0)
    for number, agent in enumerate(("ann", "bob", "cid")):
        leg(history, "1", f"2024-01-05 09:00:{number}0", agent, taken=False, dial=10)
    leg(history, "1", "2024-01-05 09:00:30", "dan", dial=10, talk=100, hold=20, wrap=30)
    call(history, "2", "2024-01-05 10:00:00", "abandoned", queue_seconds=80.0)
    leg(history, "2", "2024-01-05 10:00:00", "ann", taken=False, dial=20)
    call(history, "3", "2024-01-05 11:00:00", "answered", queue_seconds=0.0)
    leg(history, "3", "2024-01-05 11:00:00", "ann", talk=50)
    call(history, "4", "2024-01-05 12:00:00", "missed", queue_seconds=20.0)
    return leg(history, "4", "2024-01-05 12:00:20", None, talk=40)


def test_25_a_call_missed_by_three_and_answered_by_a_fourth_is_answered(tmp_path: Path) -> None:
    """Answered are 1, 3 and 4, after 40, 0 and 20 s: 20 s. With the one given up after 80 s: 140 / 4 = 35 s.

    Who took a call unknown to the log took it all the same.
    """
    place = desk(tmp_path, one_day())
    answered = row(place, "average_speed_of_answer", period="2024-01")
    assert (answered.value, answered.n) == (20, 3)
    every = row(place, "average_speed_of_answer:all", period="2024-01")
    assert (every.value, every.n) == (35, 4)


def test_25_rings_nobody_took_are_no_contacts(tmp_path: Path) -> None:
    """Handled: 150 s (100 + 20 + 30), 50 s, 40 s: 240 / 3 = 80 s. With the call given up, 240 / 4 = 60 s.

    The four rings in vain are in neither. With dialling the first took 160 s: 250 / 3.
    """
    place = desk(tmp_path, one_day())
    handled = row(place, "average_handle_time", period="2024-01")
    assert (handled.value, handled.n) == (80, 3)
    every = row(place, "average_handle_time:with_abandoned", period="2024-01")
    assert (every.value, every.n) == (60, 4)
    assert value(place, "average_handle_time:with_dial", period="2024-01") == pytest.approx(250 / 3)
    assert by(place, "average_handle_time", "agent", period="2024-01") == {"dan": 150, "ann": 50, None: 40}


def test_25_offered_is_not_always_answered_and_abandoned(tmp_path: Path) -> None:
    """A call nobody took and whose end the log calls 'overflow' is neither."""
    place = desk(tmp_path, call(one_day(), "5", "2024-01-05 13:00:00", "overflow", queue_seconds=60.0))
    ends = [(found["is_answered"], found["is_abandoned"]) for found in fact(place, "call")]
    assert sorted(ends) == [(False, False), (False, True), (True, False), (True, False), (True, False)]
    assert row(place, "average_handle_time:with_abandoned", period="2024-01").n == 4


def test_26_a_transfer_is_two_handles_each_with_who_did_it(tmp_path: Path) -> None:
    """Ann talks 60 s and passes the call on; Bob talks 200 s and wraps up 40 s: 300 s over two handles, 150 s each."""
    history = call(History(), "1", "2024-01-05 09:00:00", "answered", queue_seconds=10.0)
    leg(history, "1", "2024-01-05 09:00:10", "ann", talk=60)
    leg(history, "1", "2024-01-05 09:01:10", "bob", talk=200, wrap=40)
    place = desk(tmp_path, history)
    handled = row(place, "average_handle_time", period="2024-01")
    assert (handled.value, handled.n) == (150, 2)
    assert by(place, "average_handle_time", "agent", period="2024-01") == {"ann": 60, "bob": 240}
    assert row(place, "average_speed_of_answer", period="2024-01").n == 1  # one call was answered, by Ann
    assert by(place, "average_speed_of_answer", "agent", period="2024-01") == {"ann": 10}


def test_26_wrap_up_that_ends_in_the_next_hour_belongs_to_the_call_s(tmp_path: Path) -> None:
    """From 9:55 it is 4 min of talk and 5 min of wrap-up, until 10:04: 540 s in the hour of 9, nothing at 10."""
    history = call(History(), "1", "2024-01-05 09:55:00", "answered")
    place = desk(tmp_path, leg(history, "1", "2024-01-05 09:55:00", "ann", talk=240, wrap=300))
    hours = place.ask("average_handle_time", grain="hour", start="2024-01-05 09:00", end="2024-01-05 11:00").rows
    assert {found.period_start.hour: (found.value, found.n) for found in hours if found.period_start and found.n} == {
        9: (540, 1)
    }


def test_27_a_phantom_or_test_call_is_no_call(tmp_path: Path) -> None:
    """Beside the calls of the day a phantom and a test, each of a second: the means stay, the two are counted apart."""
    history = call(one_day(), "5", "2024-01-05 13:00:00", "phantom", queue_seconds=1.0)
    call(history, "6", "2024-01-05 14:00:00", "answered", queue_seconds=1.0, is_test=True)
    place = desk(tmp_path, leg(history, "6", "2024-01-05 14:00:00", "ann", talk=1))
    waits = row(place, "average_speed_of_answer:all", period="2024-01")
    assert (waits.value, waits.n, waits.left_out) == (35, 4, {"phantom": 1, "test": 1})
    handled = row(place, "average_handle_time", period="2024-01")
    assert (handled.value, handled.n, handled.left_out) == (80, 3, {"test": 1})


def test_27_negative_times_go_to_quarantine_and_nothing_else_is_held_up(tmp_path: Path) -> None:
    place = desk(tmp_path)
    history = call(one_day(), "5", "2024-01-05 13:00:00", "answered", queue_seconds=-30.0)
    read = sync(place, leg(history, "4", "2024-01-05 12:05:00", "ann", talk=-600))
    assert read.report.quarantined == 2
    assert value(place, "average_speed_of_answer", period="2024-01") == 20
    assert value(place, "average_handle_time", period="2024-01") == 80


def test_27_nobody_talks_twice_at_once(tmp_path: Path) -> None:
    """Ann talks from 9:00:00 to 9:05:00 (300 s). A leg of hers from 9:04:59 overlaps it and is counted apart; one
    from 9:05:00, while she still wraps up, does not; nor does Bob's of 9:01. Mean of 360, 100 and 50: 170 s."""
    history = call(History(), "1", "2024-01-05 09:00:00", "answered")
    leg(history, "1", "2024-01-05 09:00:00", "ann", talk=300, wrap=60)
    leg(history, "1", "2024-01-05 09:04:59", "ann", talk=1)
    leg(history, "1", "2024-01-05 09:05:00", "ann", talk=100)
    place = desk(tmp_path, leg(history, "1", "2024-01-05 09:01:00", "bob", talk=50))
    handled = row(place, "average_handle_time", period="2024-01")
    assert (handled.value, handled.n, handled.left_out) == (170, 3, {"overlap": 1})
