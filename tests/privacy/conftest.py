"""A desk whose customers have names, write about themselves, call, are surveyed, and stand in refused rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import deskpulse.workspace
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.events import EVENT_TABLES
from deskpulse.workspace import Workspace, silent
from deskpulse.workspace.writing import load
from tests.history import History, at

ANNA, BEN = "anna.ost@example.com", "ben@example.com"
WORDS = {
    "name": "Annabella Ostrowska",
    "subject": "Quincunx on my invoice",
    "asked": "My zeppelin subscription lapsed",
    "replied": "Dear Annabella, the zeppelin is renewed",
    "comment": "Marmalade service",
    "review": "Xylophone delivery",
    "raw": "Flabbergast",
}
REFUSED = Quarantined(
    file="calls.csv", line=7, column="at", reason=f"not a date for {ANNA}", raw=f'{ANNA},"{WORDS["raw"]}",32.13.2025'
)


def desk_of_two() -> History:
    """Two customers: Anna with two tickets, a call, a survey and a review; Ben with a ticket that Anna wrote on."""
    history = History()
    history.add("customer", source_id=ANNA, name=WORDS["name"], account="Acme", segment="pro")
    history.add("customer", source_id=BEN, name="Benedict Rook", account="Rook Ltd", segment="pro")
    history.add("customer_segment", source_id=f"{ANNA}/1", customer=ANNA, valid_from="2025-01-01", segment="pro")
    for number, customer in ((1, ANNA), (2, ANNA), (3, BEN)):
        subject = WORDS["subject"] if customer == ANNA else "Kettle"
        ticket = str(number)
        history.ticket(ticket, f"2025-03-0{number} 09:00", channel="email", customer=customer, subject=subject)
        asked = WORDS["asked"] if customer == ANNA else "My kettle leaks"
        history.says("customer", ticket, f"2025-03-0{number} 09:00", author=customer, text=asked)
        replied = WORDS["replied"] if customer == ANNA else "Dear Benedict, a new kettle is on its way"
        history.says("agent", ticket, f"2025-03-0{number} 09:30", author="17", text=replied)
        history.changes(ticket, f"2025-03-0{number} 10:00", "status", "solved", by="17")
    history.says("customer", "3", "2025-03-03 09:40", author=ANNA, text=WORDS["asked"])
    rated = {"survey": "s1", "kind": "csat", "scale_low": 1.0, "scale_high": 5.0, "customer": ANNA, "ticket": "1"}
    history.add("survey", action="offered", at="2025-03-01 11:00", **rated)
    history.add("survey", action="answered", at="2025-03-01 12:00", score=2.0, comment=WORDS["comment"], **rated)
    history.add("call", offered_at="2025-03-04 10:00", customer=ANNA, ticket="1", outcome="answered", queue="main")
    history.add("review", at="2025-03-05", site="shop", stars=2.0, customer=ANNA, comment=WORDS["review"])
    history.add("person", source_id="17", name="Zebulon Finch", kind="agent")
    return history


def stream(history: History) -> Iterator[Batch | Quarantined]:
    """What a connector would give of it: rows and a refused one."""
    for name in EVENT_TABLES:
        if history.rows[name]:
            yield Batch(table=name, rows=history.arrow(name))
    yield REFUSED


def read(place: Workspace, history: History, now: str = "2025-03-10") -> None:
    """Imports it."""
    load(place, stream(history), source="desk", as_of=at(now), progress=silent)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: to build one takes seconds."""
    place = deskpulse.workspace.create(tmp_path_factory.mktemp("built") / "desk")
    read(place, desk_of_two())
    return place.root


@pytest.fixture
def place(tmp_path: Path, built: Path) -> Workspace:
    """Both customers, read on 10 March 2025."""
    return deskpulse.workspace.open(shutil.copytree(built, tmp_path / "desk"))
