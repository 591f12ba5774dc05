"""A company of two partners and an own staff, whose people must not see each other, and visitors of every role."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from history import History

from deskpulse import workspace
from deskpulse.connectors.connector import Batch
from deskpulse.workspace import silent
from deskpulse.workspace.writing import load
from tests.web.conftest import Visit, serve

AS_OF = datetime(2025, 6, 1)
SETTINGS = """[workspace]
name = "Split Desk"

[[kpi_targets]]
kpi = "csat"
at_least = 0.8
partner = "Eastline"

[contracts.east]
partner = "Eastline"
monthly_fee = 77123

[[contracts.east.lines]]
kpi = "csat"
at_least = 0.8
credit = "5%"
"""
# Agent: the team and the partner they work for. Anouk and Bruno share a team, Dimitri has no partner.
STAFF = {
    "Zanouk": ("Billing", None),
    "Zbruno": ("Billing", "Northway"),
    "Zcarla": ("Orders", "Eastline"),
    "Zdimitri": ("Orders", None),
}
TICKETS = {"qa1": "Zanouk", "qb1": "Zbruno", "qc1": "Zcarla", "qd1": "Zdimitri"}
# Begun by Anouk, solved by Carla: Billing and Orders both had a part in it.
SHARED = "qs1"


def number(agent: str) -> str:
    """The id a source knows an agent by."""
    return f"id-{agent.lower()}"


def split_desk() -> History:
    """A ticket, a rating with words, a day and a call of each agent, and a ticket that changed hands."""
    desk = History()
    for agent, (team, partner) in STAFF.items():
        desk.add("person", source_id=number(agent), name=agent, kind="agent")
        desk.add("membership", person=number(agent), valid_from="2025-01-01", team=team, partner=partner)
        desk.add("agent_state", agent=number(agent), at="2025-05-05 09:00", until="2025-05-05 12:00", state="available")
        desk.add("agent_state", agent=number(agent), at="2025-05-05 12:00", until="2025-05-05 15:00", state="handling")
        call = f"call-{agent.lower()}"
        desk.add("call", source_id=call, offered_at="2025-05-05 13:00", outcome="answered", queue="line", team=team)
        desk.add("call_leg", call=call, at="2025-05-05 13:00", agent=number(agent), is_answered=True, talk_seconds=60)
    for ticket, agent in TICKETS.items():
        _handled(desk, ticket, first=agent, last=agent)
    _handled(desk, SHARED, first="Zanouk", last="Zcarla")
    return desk


def _handled(desk: History, ticket: str, *, first: str, last: str) -> None:
    team = STAFF[first][0]
    asker = f"cust-{ticket}"
    desk.ticket(
        ticket,
        "2025-05-05 09:00",
        subject=f"subject-{ticket}",
        assignee=number(first),
        team=team,
        status="open",
        channel="email",
        customer=asker,
    )
    desk.says("customer", ticket, "2025-05-05 09:00", author=asker)
    desk.says("agent", ticket, "2025-05-05 10:00", author=number(first))
    if first != last:
        _passed_on(desk, ticket, first, last)
    desk.changes(ticket, "2025-05-05 12:00", "status", "solved", by=number(last), old="open")
    scale = {"survey": f"s-{ticket}", "kind": "csat", "ticket": ticket, "scale_low": 1, "scale_high": 5}
    desk.add("survey", action="offered", at="2025-05-05 13:00", **scale)
    desk.add("survey", action="answered", at="2025-05-05 14:00", score=2, comment=f"words-{ticket}", **scale)


def _passed_on(desk: History, ticket: str, first: str, last: str) -> None:
    desk.changes(ticket, "2025-05-05 11:00", "team", STAFF[last][0], by=number(first), old=STAFF[first][0])
    desk.changes(ticket, "2025-05-05 11:00", "assignee", number(last), by=number(first), old=number(first))
    desk.says("agent", ticket, "2025-05-05 11:30", author=number(last))


def made(root: Path) -> Path:
    """The company as a workspace in ``root``."""
    place = workspace.create(root, settings=SETTINGS)
    desk = split_desk()
    batches = [Batch(table=name, rows=desk.arrow(name)) for name, rows in desk.rows.items() if rows]
    load(place, batches, source="desk", as_of=AS_OF, progress=silent)
    return root


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company, for tests that only look."""
    return made(tmp_path_factory.mktemp("security") / "desk")


@pytest.fixture(scope="session")
def visit(root: Path) -> Visit:
    """Visitors of the company."""
    return serve(root)
