"""Whose figure a partner's is: that of the people who worked for the partner THEN."""

from __future__ import annotations

import pytest
from history import History

from tests.traps.conftest import Company


def _moved_to_a_partner() -> History:
    """Ann moves from the house to Acme on 1 March; Bob is Acme's all along; Cy is of the house, in the same team."""
    history = History()
    for person in ("ann", "bob", "cy"):
        history.add("person", source_id=person, name=person.title(), kind="agent")
    history.add("membership", person="ann", valid_from="2025-01-01", valid_to="2025-03-01", team="Office")
    history.add("membership", person="ann", valid_from="2025-03-01", team="Night", partner="Acme")
    history.add("membership", person="bob", valid_from="2025-01-01", team="Night", partner="Acme")
    history.add("membership", person="cy", valid_from="2025-04-01", team="Night")
    return history


def _solved(history: History, ticket: str, day: str, by: str) -> History:
    history.ticket(ticket, f"{day} 09:00", channel="email", status="open", team="Night")
    history.says("customer", ticket, f"{day} 09:00")
    history.says("agent", ticket, f"{day} 10:00", author=by)
    return history.changes(ticket, f"{day} 10:30", "status", "solved", by=by)


def test_a_solve_is_the_partners_the_person_worked_for_then(company: Company) -> None:
    history = _moved_to_a_partner()
    for ticket, day, by in (
        ("1", "2025-02-10", "ann"), ("2", "2025-03-10", "ann"), ("3", "2025-02-11", "bob"), ("4", "2025-04-10", "cy"),
    ):  # fmt: skip
        _solved(history, ticket, day, by)
    place = company(history)
    for kpi in ("first_response_time", "resolution_time", "reopen_rate"):
        rows = place.ask(kpi, by="partner").rows
        # Ann's of March and Bob's are Acme's; Ann's of February and Cy's are the house's, in whatever team.
        assert {row.dimensions["partner"]: row.n for row in rows} == {"Acme": 2, None: 2}, kpi
    assert place.ask("reopen_rate", where="partner=Acme").rows[0].n == 2


def test_what_nobody_took_is_the_partners_while_the_whole_team_was(company: Company) -> None:
    """Night was all Acme's until Cy of the house joined it on 1 April: what waits there after that is nobody's."""
    history = _moved_to_a_partner()
    for ticket, day in (("1", "2025-03-20"), ("2", "2025-04-20"), ("3", "2025-03-21")):
        history.ticket(
            ticket, f"{day} 09:00", channel="email", status="open", team="Office" if ticket == "3" else "Night"
        )
        history.says("customer", ticket, f"{day} 09:00")
    rows = company(history).ask("ticket_volume", by="partner").rows
    assert {row.dimensions["partner"]: row.value for row in rows} == {"Acme": 1, None: 2}


def test_a_call_given_up_in_a_partners_queue_is_the_partners(company: Company) -> None:
    history = _solved(_moved_to_a_partner(), "1", "2025-03-10", "ann")
    history.add(
        "call", source_id="a", offered_at="2025-03-10 09:00", team="Night", direction="inbound", outcome="abandoned"
    )
    history.add(
        "call", source_id="b", offered_at="2025-04-10 09:00", team="Night", direction="inbound", outcome="abandoned"
    )
    history.add(
        "call", source_id="c", offered_at="2025-04-10 10:00", team="Night", direction="inbound", outcome="answered"
    )
    history.add(
        "call_leg", source_id="c1", call="c", agent="bob", at="2025-04-10 10:00", dial_seconds=5, talk_seconds=60,
        is_answered=True,
    )  # fmt: skip
    facts = history.facts()
    # a: Night was all Acme's in March. b: not in April, and nobody took it. c: Bob took it, who is Acme's.
    assert {row["call"]: row["partner"] for row in facts["call"]} == {
        "desk:a": "Acme",
        "desk:b": None,
        "desk:c": "Acme",
    }


@pytest.mark.parametrize("named", [True, False])
def test_a_survey_is_about_the_partner_of_who_solved_unless_it_names_someone(named: bool) -> None:
    history = _moved_to_a_partner()
    _solved(history, "1", "2025-03-10", "ann")
    history.add(
        "survey", survey="s", ticket="1", kind="csat", action="answered", at="2025-05-02 09:00", score=5,
        scale_low=1, scale_high=5, agent="cy" if named else None,
    )  # fmt: skip
    (row,) = history.facts()["survey"]
    assert row["partner"] == (None if named else "Acme")
