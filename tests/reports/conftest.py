"""A desk with one hand-written week, whose names are full of markup and formulas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from history import History

from deskpulse.present.report import Document
from deskpulse.workspace import Workspace
from deskpulse.workspace.documents import document
from tests.traps.conftest import Company, company

__all__ = ["company"]

NAME = "=2+5 & <b>Söhne</b> | #1"
TEAM = "=HYPERLINK(1) <i>"
AS_OF = datetime(2025, 5, 19, 6)
SETTINGS = f"""
[workspace]
name = '{NAME}'
zone = "Europe/Berlin"

[mail]
address = "https://desk.example.com/"

[scorecards.board]
title = "For the board"
goal = "Customers are helped."
kpis = ["ticket_volume", "first_response_time", "csat"]

[[reports]]
name = "weekly"
scorecard = "board"
every = "monday 08:00"
formats = ["md"]
to = ["lead@example.com", "$CHAT"]

[[kpi_targets]]
kpi = "first_response_time"
at_most = "1h"
"""


def week() -> History:
    """Three tickets of Monday, 12 May 2025, answered after 30 m, 1 h 24 m and 3 h; four answers of 5, 4, 2 and 5."""
    desk = History()
    for number, answered in enumerate(("09:30", "10:24", "12:00"), start=1):
        desk.ticket(f"T{number}", "2025-05-12 09:00", channel="email", team="Billing" if number == 3 else TEAM)
        desk.says("customer", f"T{number}", "2025-05-12 09:00")
        desk.says("agent", f"T{number}", f"2025-05-12 {answered}")
    for number, score in enumerate((5, 4, 2, 5), start=1):
        for action in ("offered", "answered"):
            given = score if action == "answered" else None
            desk.add(
                "survey", survey=f"s{number}", kind="csat", action=action, at="2025-05-13 09:00", ticket="T1",
                score=given, scale_low=1, scale_high=5,
            )  # fmt: skip
    desk.add("annotation", at="2025-05-14 09:00", title="New macro")
    return desk


@pytest.fixture(scope="session")
def place(company: Company) -> Workspace:
    """The desk."""
    return company(week(), SETTINGS, as_of=AS_OF)


@pytest.fixture(scope="session")
def board(place: Workspace) -> Document:
    """The scorecard of that week."""
    return document(place, "last-week", name="board", at=AS_OF)


@pytest.fixture
def root(place: Workspace) -> Path:
    """Where the desk lies, without what was sent before."""
    (place.root / ".deskpulse" / "deliveries.sqlite").unlink(missing_ok=True)
    return place.root
