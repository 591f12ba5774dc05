"""Goals on the command line: recommendations, scorecards with status, contracts, benchmarks, what leads what."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from history import History
from typer.testing import CliRunner

from deskpulse.surfaces.cli.main import app
from deskpulse.workspace import Workspace
from tests.cli.conftest import Invoke
from tests.traps.conftest import Company, company

__all__ = ["company"]

SETTINGS = """\
[[kpi_targets]]
kpi = "csat"
at_least = "50 %"

[[kpi_targets]]
kpi = "reopen_rate"
at_most = 0.05

[scorecards.board]
title = "For the board"
goal = "Customers stay."
kpis = ["csat", "reopen_rate", "ticket_volume"]

[scorecards.long]
kpis = [
  "csat", "csat:mean", "csat:top_box", "reopen_rate", "backlog", "ticket_volume", "first_response_time",
  "resolution_time", "escalation_rate", "response_time",
]

[contracts.acme]
partner = "Acme"
monthly_fee = 1000

[[contracts.acme.lines]]
kpi = "csat"
at_least = 0.97
credit = "10 %"
"""


@pytest.fixture(scope="module")
def place(company: Company) -> Workspace:
    """Forty solved tickets of May, none reopened, 36 of 40 rated well; Bob, who solved them, is Acme's."""
    history = History()
    history.add("person", source_id="bob", name="Bob", kind="agent")
    history.add("membership", person="bob", valid_from="2025-01-01", team="Night", partner="Acme")
    for number in range(40):
        day = datetime(2025, 5, 2, 9) + timedelta(hours=12 * number)
        name = str(number)
        history.ticket(name, day, channel="email", status="open", team="Night")
        history.says("customer", name, day)
        history.says("agent", name, day + timedelta(hours=1), author="bob")
        history.changes(name, day + timedelta(hours=2), "status", "solved", by="bob")
        history.add(
            "survey", survey=f"s{name}", ticket=name, kind="csat", action="answered", at=day + timedelta(hours=3),
            score=5 if number < 36 else 1, scale_low=1, scale_high=5,
        )  # fmt: skip
    return company(history, SETTINGS, as_of=datetime(2025, 6, 2))


def test_a_report_leaves_out_what_cannot_be_asked_so_and_says_why(invoke: Invoke, place: Workspace) -> None:
    """As the dashboard does: subscriptions belong to no team, which is no reason to keep the ratings back."""
    where = ("--where", "team=Night", "-w", place.root)
    out = invoke("report", "--scorecard", "saas", "--period", "2025-05", *where)
    assert out.exit_code == 0, out.output
    lines = out.stdout.splitlines()
    assert "90.0 %" in next(line for line in lines if line.startswith("Customer satisfaction"))
    told = [line for line in lines if "is left out" in line]
    assert [line.partition(" is ")[0] for line in told] == ["- Customer churn rate", "- Deflection rate"]
    assert all("'team'" in line for line in told)
    nobody = invoke("report", "--scorecard", "saas", "--where", "team=Day", "-w", place.root)
    assert nobody.exit_code == 1 and "Day" in nobody.output


def test_report_shows_target_and_status_of_a_scorecard(invoke: Invoke, place: Workspace) -> None:
    out = invoke("report", "--scorecard", "board", "--period", "2025-05", "-w", place.root)
    assert out.exit_code == 0, out.output
    lines = out.stdout.splitlines()
    assert lines[0].endswith("2025-05: For the board") and lines[1] == "Customers stay."
    # 36 of 40: .769 to .960, all above a half. 0 of 40 reopened: 0 to .088, on both sides of 5 %.
    csat = next(line for line in lines if "90.0 %" in line)
    assert "≥ 50.0 %" in csat and " met " in csat and "76.9–96.0 %" in csat
    reopened = next(line for line in lines if "≤ 5.0 %" in line)
    assert "within noise" in reopened


def test_a_report_of_a_partner_is_of_its_rows(invoke: Invoke, place: Workspace) -> None:
    words = ("report", "--scorecard", "board", "--period", "2025-05", "--where", "partner=Acme", "-w", place.root)
    out = invoke(*words)
    assert out.exit_code == 0 and "40 solves" in out.stdout, out.output
    nobody = invoke(*words[:6], "partner=Acne", *words[7:])
    assert nobody.exit_code == 1 and "Did you mean 'Acme'?" in nobody.stderr


def test_an_unknown_scorecard_is_told_with_the_nearest(invoke: Invoke, place: Workspace) -> None:
    result = invoke("report", "--scorecard", "bord", "-w", place.root)
    assert result.exit_code == 1 and "Did you mean 'board'?" in result.stderr


def test_a_tenth_kpi_warns_on_report_and_in_doctor(invoke: Invoke, place: Workspace) -> None:
    out = invoke("report", "--scorecard", "long", "--period", "2025-05", "-w", place.root)
    assert out.exit_code == 0 and "Scorecard 'long' has 10 KPIs" in out.stdout
    assert "Move response_time to another." in out.stdout
    doctor = invoke("doctor", "-w", place.root)
    assert doctor.exit_code == 1 and "FIX goals: Scorecard 'long' has 10 KPIs" in doctor.stdout


def test_json_has_target_and_status_only_with_targets(invoke: Invoke, place: Workspace) -> None:
    words = ("ask", "csat", "--period", "2025-05", "--format", "json", "-w", place.root)
    assert "status" not in json.loads(invoke(*words).stdout)[0]
    (row,) = json.loads(invoke(*words, "--targets").stdout)
    assert (row["target"], row["status"]) == ({"at_least": 0.5, "at_most": None}, "met")


def test_a_contract_is_settled_with_its_proof(invoke: Invoke, place: Workspace) -> None:
    words = ("contract", "acme", "--period", "2025-05", "-w", place.root)
    out = invoke(*words).stdout
    # 36 of 40 lies wholly below 97 %: a tenth of 1000 is due back.
    assert "missed" in out and "Service credits: 100.00 of a fee of 1\u202f000.00" in out
    assert "Score: 0.0 %" in out
    assert "Proof: deskpulse prove csat --period 2025-05 --where partner=Acme" in out
    record = json.loads(invoke(*words, "--format", "json").stdout)
    assert (record["credits"], record["lines"][0]["status"], record["lines"][0]["n"]) == ("100.00", "missed", 40)


def test_goals_recommends_or_asks(invoke: Invoke) -> None:
    out = invoke("goals", "--model", "saas", "--aim", "speed")
    assert out.exit_code == 0, out.output
    assert "first_response_time" in out.stdout and "[scorecards.saas_speed]" in out.stdout
    asked = CliRunner().invoke(app, ["goals"], input="saas\nspeed\n")
    assert "What is the business?" in asked.stdout and "[scorecards.saas_speed]" in asked.stdout
    assert "Did you mean 'saas'" in invoke("goals", "--model", "sas", "--aim", "speed").stderr


def test_benchmarks_are_listed_and_compared_where_they_may_be(invoke: Invoke, place: Workspace) -> None:
    listed = invoke("benchmarks", "csat").stdout
    assert "Zendesk benchmark Q1 2015" in listed and "92.0 %" in listed
    other = invoke("benchmarks", "csat", "--period", "2025-05", "-w", place.root).stdout
    assert "No published figure has this definition." in other and "ask csat:good_over_rated" in other
    same = invoke("benchmarks", "csat:good_over_rated", "--period", "2025-05", "-w", place.root).stdout
    assert "not distinguishable" in same and "ask csat:good_over_rated" not in same
    assert "Published figures" in invoke("kpis", "csat").stdout


def test_leads_says_when_there_is_too_little(invoke: Invoke, place: Workspace) -> None:
    result = invoke("leads", "first_response_time", "csat", "-w", place.root)
    assert result.exit_code == 1 and "at least 40 are needed" in result.stderr
