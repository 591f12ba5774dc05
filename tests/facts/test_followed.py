"""A contact is followed for 90 days once it was dealt with; what comes later is none of its further contacts."""

from __future__ import annotations

from datetime import datetime

import pytest

from deskpulse.facts.build.contacts import FOLLOWED_DAYS
from deskpulse.kpis.effectiveness.first_contact_resolution import DAYS, OTHER_DAYS
from tests.history import History, at

SOLVED = "2024-01-05 09:00"
LAST, LATE = "2024-04-04 09:00:00", "2024-04-04 09:00:01"  # 26 days of January, 29, 31 and 4: 90 days


def of_the_first(history: History) -> tuple[datetime | None, datetime | None]:
    """The next contact of ticket 1, as its own fact and as that of contacts tell it."""
    facts = history.facts()
    (ticket,) = (row for row in facts["ticket"] if row["ticket"] == "desk:1")
    (contact,) = (row for row in facts["contact"] if row["contact"] == "desk:1")
    return ticket["next_contact_at"], contact["next_contact_at"]


def solved() -> History:
    history = History().ticket("1", "2024-01-01 09:00", customer="ada")
    return history.changes("1", SOLVED, "status", "solved", by="agent")


@pytest.mark.parametrize(("when", "known"), [(LAST, at(LAST)), (LATE, None)])
def test_a_ticket_is_followed_for_90_days_from_its_first_solve(when: str, known: datetime | None) -> None:
    assert of_the_first(solved().ticket("2", when, customer="ada")) == (known, known)


@pytest.mark.parametrize(("when", "known"), [(LAST, at(LAST)), (LATE, None)])
def test_calls_are_followed_as_long(when: str, known: datetime | None) -> None:
    history = solved().add(
        "call", source_id="9", offered_at=when, customer="ada", direction="inbound", outcome="answered"
    )
    assert of_the_first(history) == (None, known)


def test_one_that_is_not_solved_is_followed_from_its_beginning() -> None:
    for when, known in (("2024-03-31 09:00:00", at("2024-03-31 09:00")), ("2024-03-31 09:00:01", None)):
        history = History().ticket("1", "2024-01-01 09:00", customer="ada").ticket("2", when, customer="ada")
        assert of_the_first(history) == (known, known)


def test_no_kpi_looks_further() -> None:
    assert max(DAYS, *OTHER_DAYS) < FOLLOWED_DAYS
