"""Traps of shares of calls: rings in vain, calls that end otherwise, thresholds, unknown waits, outbound calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history import History
from tests.traps.test_phones import call, leg, one_day
from tests.traps.workspaces import by, desk, row, value

MISSED = "missed_calls:agent_missed"

QUEUES = """
[workspace]
zone = "UTC"

[phones]
service_level_seconds = 30
short_abandon_seconds = 10

[[phones.queues]]
queue = "emergency"
service_level_seconds = 5
short_abandon_seconds = 1
"""


def test_25_a_call_missed_by_three_agents_and_answered_by_a_fourth_is_missed_by_nobody_who_called(
    tmp_path: Path,
) -> None:
    """Of four calls only the one given up is missed; two rang in vain somewhere: that one and the one Dan took."""
    place = desk(tmp_path, one_day())
    assert (value(place, "missed_calls"), value(place, "missed_calls:agent_missed")) == (0.25, 0.5)
    assert value(place, "call_volume:customer_missed") == 1
    assert value(place, "call_volume:agent_missed") == 2


def test_25_a_ring_is_missed_by_whom_it_rang_at_and_not_by_who_took_the_call(tmp_path: Path) -> None:
    """Ann had calls 1 to 3 and took the last; Bob and Cid missed call 1, which Dan took; nobody is named of call 4.

    Call 5 rings twice at Ann, in vain and then not: one more call of hers, missed once. Call 6 never rang at anybody.
    Ann: 3 of 4. Together three of six calls, 1, 2 and 5, were missed by somebody, however many missed them.
    """
    history = call(one_day(), "5", "2024-01-05 13:00:00", "answered")
    leg(history, "5", "2024-01-05 13:00:00", "ann", taken=False, dial=10)
    leg(history, "5", "2024-01-05 13:00:10", "ann", talk=60)
    place = desk(tmp_path, call(history, "6", "2024-01-05 14:00:00", "abandoned"))
    found = {line.dimensions["agent"]: (line.value, line.n) for line in place.ask(MISSED, by="agent").rows}
    assert found == {"ann": (0.75, 4), "bob": (1, 1), "cid": (1, 1), "dan": (0, 1), None: (0, 2)}
    assert (value(place, MISSED), row(place, MISSED).n) == (0.5, 6)
    assert by(place, "call_volume:agent_missed", "agent") == {"ann": 3, "bob": 1, "cid": 1}
    assert value(place, "call_volume:agent_missed") == 3


def test_25_a_ring_counts_for_the_team_its_person_was_in_then(tmp_path: Path) -> None:
    """Ann was of the day team until the 5th at 10:00: of call 1 but not of call 2. Dan and the unnamed are of none."""
    history = one_day().add("membership", person="ann", valid_from="2024-01-05 10:00", team="late")
    for person in ("ann", "bob"):
        history.add("membership", person=person, valid_from="2024-01-01", team="day")
    place = desk(tmp_path, history)
    found = {line.dimensions["team"]: (line.value, line.n) for line in place.ask(MISSED, by="team").rows}
    assert found == {"day": (1, 1), "late": (0.5, 2), None: (0.5, 2)}


def test_25_offered_is_more_than_answered_and_given_up(tmp_path: Path) -> None:
    """Five calls: three answered, one given up, one overflowed. Missed are two of five, given up one of five."""
    place = desk(tmp_path, call(one_day(), "5", "2024-01-05 13:00:00", "overflow", queue_seconds=60.0))
    assert value(place, "missed_calls") == pytest.approx(2 / 5)
    assert value(place, "abandonment_rate") == pytest.approx(1 / 5)
    # Answered after 40, 0 and 20 s: two within 20 s, of five offered, or of the four answered or given up.
    assert value(place, "service_level") == pytest.approx(2 / 5)
    assert value(place, "service_level:with_short") == pytest.approx(2 / 4)


def test_a_queue_is_judged_by_its_own_thresholds(tmp_path: Path) -> None:
    """Answered after 10 s: in time on the line (30 s), too late for emergencies (5 s). Given up after 2 s: short on the
    line (10 s), not so for emergencies (1 s)."""
    history = History()
    for number, queue in enumerate(("line", "emergency")):
        call(history, f"a{number}", "2024-01-05 09:00:00", "answered", queue=queue, queue_seconds=10.0)
        call(history, f"b{number}", "2024-01-05 09:00:00", "abandoned", queue=queue, queue_seconds=2.0)
    place = desk(tmp_path, history, settings=QUEUES)
    rows = place.ask("service_level", by="queue").rows
    assert {found.dimensions["queue"]: found.value for found in rows} == {"line": 0.5, "emergency": 0}
    assert value(place, "abandonment_rate:excluding_short") == pytest.approx(1 / 3)


def test_a_wait_exactly_at_the_threshold_is_in_time(tmp_path: Path) -> None:
    history = call(History(), "1", "2024-01-05 09:00:00", "answered", queue_seconds=20.0)
    call(history, "2", "2024-01-05 09:00:00", "answered", queue_seconds=20.5)
    assert value(desk(tmp_path, history), "service_level") == 0.5


def test_an_unknown_wait_is_neither_in_time_nor_late(tmp_path: Path) -> None:
    """One after 5 s, one that was not queued and so did not wait, one of which nobody knows."""
    history = call(History(), "1", "2024-01-05 09:00:00", "answered", queue_seconds=5.0)
    call(history, "2", "2024-01-05 09:00:00", "answered", is_queued=False)
    call(history, "3", "2024-01-05 09:00:00", "answered", is_queued=True)
    found = row(desk(tmp_path, history), "service_level")
    assert (found.value, found.n, found.left_out) == (1, 2, {"wait unknown": 1})


def test_outbound_calls_are_not_offered(tmp_path: Path) -> None:
    """Two calls come in, one of them of a direction nobody told; one goes out, and its work is work all the same."""
    history = call(History(), "1", "2024-01-05 09:00:00", "answered", queue_seconds=5.0, direction="inbound")
    call(history, "2", "2024-01-05 10:00:00", "abandoned", queue_seconds=50.0)
    call(history, "3", "2024-01-05 11:00:00", "answered", queue_seconds=0.0, direction="outbound")
    place = desk(tmp_path, leg(history, "3", "2024-01-05 11:00:00", "ann", talk=90))
    assert value(place, "call_volume") == 2
    assert value(place, "abandonment_rate") == 0.5
    assert value(place, "service_level") == 0.5
    assert value(place, "average_handle_time") == 90


def test_a_day_without_calls_has_no_rate(tmp_path: Path) -> None:
    place = desk(tmp_path, one_day())
    for kpi in ("service_level", "abandonment_rate", "missed_calls"):
        found = row(place, kpi, start="2024-01-06 00:00", end="2024-01-07 00:00")
        assert (found.value, found.n) == (None, 0)
    assert row(place, "call_volume", start="2024-01-06 00:00", end="2024-01-07 00:00").value == 0
