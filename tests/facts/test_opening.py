"""What a source tells of a ticket's opening as changes is where it began, not where it went."""

from __future__ import annotations

from tests.history import History

CREATED = "2024-01-01 09:00"
AT_OPENING = -1


def opened(history: History, field: str, new: str) -> History:
    return history.add("change", ticket="1", at=CREATED, seq=AT_OPENING, field=field, new=new)


def test_what_it_opened_with_is_no_transfer() -> None:
    history = History().ticket("1", CREATED)
    opened(opened(history, "team", "Support"), "assignee", "ann")
    history.says("bot", "1", CREATED).says("customer", "1", CREATED)
    history.changes("1", "2024-01-01 09:30", "team", "Billing", old="Support")
    history.changes("1", "2024-01-01 09:30", "assignee", "ben", old="ann")
    facts = history.facts()
    [ticket] = facts["ticket"]
    assert (ticket["opening_team"], ticket["opening_agent"]) == ("Support", "ann")
    assert (ticket["team_transfers"], ticket["reassignments"]) == (1, 1)
    assert ticket["response_after_handoff_seconds"] is None  # nothing was answered yet
    assert [row["team"] for row in facts["span"]] == ["Support", "Billing", "Billing"]


def test_a_change_a_moment_later_is_one() -> None:
    history = History().ticket("1", CREATED, team="Support")
    history.add("change", ticket="1", at=CREATED, seq=0, field="team", new="Billing")
    [ticket] = history.facts()["ticket"]
    assert (ticket["opening_team"], ticket["team_transfers"]) == ("Support", 1)


def test_who_opened_it_as_solved_solved_it() -> None:
    history = History().ticket("1", CREATED)
    opened(history, "team", "Support")
    history.add("change", ticket="1", at=CREATED, seq=AT_OPENING, field="status", new="solved", by="ann")
    [ticket] = history.facts()["ticket"]
    assert (ticket["solve_agent"], ticket["solve_team"], ticket["resolution_seconds"]) == ("ann", "Support", 0)
