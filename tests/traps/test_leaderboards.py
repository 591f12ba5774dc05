"""Trap 33: a sort of "top agents" by five tickets each is noise. Asked of whole workspaces and of simulated desks."""

from __future__ import annotations

import numpy as np

from deskpulse.metrics.effects import ranked, share_likelihood
from tests.history import History
from tests.traps.conftest import Company


def rated(history: History, agent: str, good: int, of: int) -> None:
    """Tickets solved by an agent, each rated 5 or 1."""
    history.add("person", source_id=agent, name=agent, kind="agent")
    for number in range(of):
        ticket = f"{agent}-{number}"
        score = 5.0 if number < good else 1.0
        history.ticket(ticket, "2025-05-01 09:00", channel="email")
        history.says("customer", ticket, "2025-05-01 09:00")
        history.says("agent", ticket, "2025-05-01 10:00", author=agent)
        history.changes(ticket, "2025-05-01 10:01", "status", "solved", by=agent)
        history.add(
            "survey", survey=ticket, ticket=ticket, action="answered", at="2025-05-02 09:00", kind="csat", score=score,
            scale_low=1.0, scale_high=5.0,
        )  # fmt: skip


def test_33_an_agent_with_five_tickets_is_never_first(company: Company) -> None:
    """Bea's 5 of 5 is the greatest share; Cleo's 38 of 40 is the best that is known; Dan has 20 of 40."""
    history = History()
    for agent, good, of in (("Bea", 5, 5), ("Cleo", 38, 40), ("Dan", 20, 40)):
        rated(history, agent, good, of)
    place = company(history)
    answer = place.ask("top_agents")
    rows = answer.rows
    assert "Read the ranges" in answer.notes[0]
    assert [row.dimensions["agent"] for row in rows] == ["Cleo", "Dan", "Bea"]
    assert [(row.value, row.n) for row in rows] == [(1, 40), (2, 40), (None, 0)]
    assert rows[2].left_out == {"not enough contacts": 5}
    assert [(one.unit, one.observed, one.rank) for one in place.standings("top_agents")] == [
        ("Cleo", 38, 1),
        ("Dan", 20, 2),
        ("Bea", 5, None),
    ]
    bare = {row.dimensions["agent"]: row.value for row in place.ask("csat", by="agent").rows}
    assert bare == {"Bea": 1.0, "Cleo": 38 / 40, "Dan": 20 / 40}


def test_33_without_a_minimum_the_model_alone_keeps_five_tickets_from_the_top() -> None:
    """Sixty desks: thirty agents with a hundred ratings, ten with five, all of like skill (80 %, spread .3).

    By the bare share one with five ratings is first on nearly every desk (5 of 5 has a chance of a third for each). By
    the middle of the ranks it may hold it never is, and its range reaches from the first ranks to the last.
    """
    rng = np.random.default_rng(33)
    sizes = np.array([100.0] * 30 + [5] * 10)
    first_bare = first_ranked = 0
    for _ in range(60):
        share = 1 / (1 + np.exp(-1.4 - rng.normal(0, 0.3, 40)))
        hits = rng.binomial(sizes.astype(int), share).astype(float)
        likelihood = share_likelihood(hits, sizes[:, None], np.array([1.4]))
        found = ranked(likelihood, sizes * 0.16, np.ones(40, np.bool_))
        first_bare += bool((hits / sizes).argmax() >= 30)
        first_ranked += bool(found.rank.argmin() >= 30)
        assert found.rank_high[30:].min() > 20
    assert first_bare > 50
    assert first_ranked == 0
