"""A workspace with a solved ticket of a known customer, and a survey to ask about it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

import deskpulse.workspace
from deskpulse.workspace import Workspace
from deskpulse.workspace.surveys import Surveys
from tests.history import History
from tests.traps.workspaces import desk

NOW = datetime(2025, 3, 10, 12)
SETTINGS = """\
[workspace]
name = "Acme Help"
zone = "UTC"

[surveys.after-solve]
kind = "csat"
throttle_days = 14
expires_days = 7

[surveys.loyalty]
kind = "nps"

[surveys.ease]
kind = "ces2"
"""


def solved(history: History, ticket: str, customer: str, day: str) -> History:
    """A ticket that is answered and solved on a day of March 2025."""
    history.ticket(ticket, f"{day} 09:00", channel="email", customer=customer, status="new")
    history.says("customer", ticket, f"{day} 09:00", author=customer)
    history.says("agent", ticket, f"{day} 09:30", author="ann")
    return history.changes(ticket, f"{day} 10:00", "status", "solved", by="ann")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: to build one takes seconds."""
    history = History()
    for number in (1, 2, 3):
        solved(history, str(number), f"c{number}", "2025-03-05")
    return desk(tmp_path_factory.mktemp("built"), history, settings=SETTINGS, now="2025-03-10 12:00").root


@pytest.fixture
def place(tmp_path: Path, built: Path) -> Workspace:
    """Tickets desk:1 to desk:3 of the customers c1 to c3, read on 10 March 2025."""
    return deskpulse.workspace.open(shutil.copytree(built, tmp_path / "desk"))


@pytest.fixture
def surveys(place: Workspace) -> Surveys:
    """The surveys of the workspace."""
    return Surveys(place.root)
