"""First contact resolution over tickets and calls of the same customers, by hand.

Ann's ticket 1 is opened and solved on 1 March; she rings on 5 March at 9:00 about the same thing, is answered, and
rings again on 5 March at 21:00 in vain. Bob rings on 2 March, is answered, and opens ticket 2 on 12 March about that
thing, solved that day. Cid rings on 3 March about bills and on 4 March about his login. Dan's call of 6 March becomes
ticket 3, solved that day; he rings about that ticket on 8 March. A call by nobody known is answered on 7 March.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from history import History

from deskpulse.workspace import Workspace
from tests.traps.conftest import Company


def ring(history: History, at: str, customer: str | None, outcome: str = "answered", **more: str) -> None:
    history.add("call", offered_at=at, customer=customer, outcome=outcome, **{"topic": "bills", **more})


def solved(history: History, id: str, at: str, customer: str, hours: str) -> None:
    history.ticket(id, f"2024-03-{at}", customer=customer, topic="bills", channel="email")
    history.says("customer", id, f"2024-03-{at}").says("agent", id, f"2024-03-{hours}")
    history.changes(id, f"2024-03-{hours}", "status", "solved", by="agent")


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    history = History()
    solved(history, "1", "01 09:00", "ann", "01 10:00")
    ring(history, "2024-03-05 09:00", "ann")
    ring(history, "2024-03-05 21:00", "ann", "abandoned")
    ring(history, "2024-03-02 09:00", "bob")
    solved(history, "2", "12 09:00", "bob", "12 10:00")
    ring(history, "2024-03-03 09:00", "cid")
    ring(history, "2024-03-04 09:00", "cid", topic="login")
    ring(history, "2024-03-06 09:00", "dan", ticket="3")
    solved(history, "3", "06 09:01", "dan", "06 10:00")
    ring(history, "2024-03-08 09:00", "dan", ticket="3")
    ring(history, "2024-03-07 09:00", None)
    return company(history)


@pytest.mark.parametrize(
    ("variant", "once", "of"),
    [
        # Tickets 1, 2, 3; calls of Ann (the answered one), Bob, Cid (two) and nobody known.
        ("any_channel_1d", 7, 8),  # Ann's answered call is repeated after 12 hours
        ("any_channel_3d", 6, 8),  # Dan is back after 47 hours
        ("any_channel", 5, 8),  # Ann's ticket is repeated after not quite four days
        ("any_channel_14d", 4, 8),  # Bob is back after ten days
        ("calls_1d", 4, 5),
        ("calls", 4, 5),
        ("calls_14d", 3, 5),
        ("no_repeat", 3, 3),  # tickets alone see no calls
    ],
)
def test_a_further_contact_by_any_channel_within_the_window(desk: Workspace, variant: str, once: int, of: int) -> None:
    [row] = desk.ask(f"first_contact_resolution:{variant}", period="2024-03").rows
    assert (row.value, row.n) == (pytest.approx(once / of), of)


def test_only_cohorts_old_enough_are_judged(company: Company) -> None:
    """Six days after a call it is too recent for seven, and judged for one."""
    history = History()
    ring(history, "2024-03-01 09:00", "ann")
    desk = company(history, as_of=datetime(2024, 3, 7, 9))
    [week] = desk.ask("first_contact_resolution:calls").rows
    assert (week.value, week.n, week.left_out) == (None, 0, {"too recent to judge": 1})
    assert desk.ask("first_contact_resolution:calls_1d").value == 1


def test_by_channel(desk: Workspace) -> None:
    rows = desk.ask("first_contact_resolution:any_channel", by="channel", period="2024-03").rows
    assert {row.dimensions["channel"]: (row.value, row.n) for row in rows} == {
        "email": (pytest.approx(1 / 3), 3),  # tickets 1 and 3 came back by phone
        "phone": (pytest.approx(4 / 5), 5),
    }
