"""What the rules do to questions: by hand from the company of conftest.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskpulse import workspace
from deskpulse.errors import AccessError, UnknownNameError
from deskpulse.workspace import Workspace
from deskpulse.workspace.access import Viewer

AGENT = Viewer(name="a", role="agent", team="Billing", agent="Zanouk")
LEAD = Viewer(name="l", role="lead", team="Billing")
VIEWER = Viewer(name="v", role="viewer")
PARTNER = Viewer(name="p", role="analyst", partner="Northway")


@pytest.fixture(scope="module")
def place(root: Path) -> Workspace:
    return workspace.open(root)


def _by_agent(place: Workspace, viewer: Viewer, kpi: str = "first_response_time") -> dict[str | None, int]:
    answer = place.seen_by(viewer).ask(kpi, period="all", by="agent")
    return {row.dimensions["agent"]: row.n for row in answer.rows}


def test_agents_by_name_as_far_as_each_may_see(place: Workspace) -> None:
    """First replies: Anouk's to her own ticket and the shared one, one of each of the others."""
    assert _by_agent(place, AGENT) == {"Zanouk": 2}
    assert _by_agent(place, LEAD) == {"Zanouk": 2, "Zbruno": 1}
    assert _by_agent(place, PARTNER) == {"Zbruno": 1}
    with pytest.raises(AccessError, match="leads and analysts"):
        _by_agent(place, VIEWER)


@pytest.mark.parametrize(("viewer", "n"), [(AGENT, 3), (LEAD, 3), (VIEWER, 5), (PARTNER, 1)])
def test_figures_of_all_they_may_see(place: Workspace, viewer: Viewer, n: int) -> None:
    """Five first replies: three of Billing (one by Northway's Bruno), one of Orders' each."""
    assert place.seen_by(viewer).ask("first_response_time", period="all").rows[0].n == n


@pytest.mark.parametrize("viewer", [AGENT, VIEWER])
@pytest.mark.parametrize("where", ["agent=Zcarla", "agent=Zbruno", "agent!=Zanouk", "agent=Zanouk,Zbruno"])
def test_no_filter_singles_out_somebody_else(place: Workspace, viewer: Viewer, where: str) -> None:
    with pytest.raises(AccessError):
        place.seen_by(viewer).ask("csat", period="all", where=where)


@pytest.mark.parametrize("viewer", [LEAD, PARTNER])
def test_a_foreign_name_and_a_made_up_one_are_told_the_same(place: Workspace, viewer: Viewer) -> None:
    seen = place.seen_by(viewer)
    found = [seen.ask("csat", period="all", where=f"agent={name}").rows for name in ("Zdimitri", "Nobody")]
    assert found[0] == found[1]


def test_a_leaderboard_shows_an_agent_the_own_row_among_the_whole_team(place: Workspace) -> None:
    seen = place.seen_by(AGENT)
    assert [one.unit for one in seen.standings("top_agents", period="all")] == ["Zanouk"]
    assert {row.dimensions["agent"] for row in seen.ask("top_agents", period="all").rows} == {"Zanouk"}
    others = seen.own_place("top_agents", period="all")
    assert others is not None and others.unit == "Zanouk"
    assert {one.unit for one in place.seen_by(LEAD).standings("top_agents", period="all")} == {"Zanouk", "Zbruno"}


@pytest.mark.parametrize("viewer", [AGENT, LEAD, PARTNER])
def test_a_figure_that_is_not_known_by_team_is_refused(place: Workspace, viewer: Viewer) -> None:
    with pytest.raises(AccessError, match="not known by"):
        place.seen_by(viewer).ask("customer_churn_rate", period="all")


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_without_a_team_there_is_nothing_to_see(place: Workspace, role: str) -> None:
    with pytest.raises(AccessError, match="no team"):
        place.seen_by(Viewer(name="x", role=role)).ask("csat", period="all")  # type: ignore[arg-type]


@pytest.mark.parametrize("viewer", [AGENT, LEAD, VIEWER, PARTNER])
def test_a_contract_is_told_to_those_who_agreed_it(place: Workspace, viewer: Viewer) -> None:
    with pytest.raises(UnknownNameError, match="No contract"):
        place.seen_by(viewer).contract("east", "2025-05")
    assert place.contract("east", "2025-05").contract.partner == "Eastline"


def test_days_of_others_are_no_evidence_for_an_agent(place: Workspace) -> None:
    rows = place.seen_by(AGENT).prove("agent_utilization", period="all").rows
    assert [row.ticket for row in rows] == ["desk:Zanouk:2025-05-05"]
    with pytest.raises(AccessError):
        place.seen_by(VIEWER).prove("agent_utilization", period="all")
