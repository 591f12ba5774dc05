"""Questions, the dictionary and goals. Ticket 1 (e-mail) was answered after an hour, ticket 2 (chat) after half of one,
ticket 3 never; of two ratings from 1 to 5 one is a 2 and one a 5."""

from __future__ import annotations

from pathlib import Path

from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web.conftest import made

from deskpulse.surfaces.server.app import create_app

PARTNERS = """
[[kpi_targets]]
kpi = "reopen_rate"
at_most = 0.1
partner = "North"

[[kpi_targets]]
kpi = "reopen_rate"
at_most = 0.2
partner = "South"
"""


def test_a_question_in_an_address_is_answered_by_channel(client: TestClient) -> None:
    found = client.get("/api/v1/ask?kpi=first_response_time&by=channel&statistic=mean").json()
    rows = [(row["dimensions"], row["value"], row["n"], row["shown"]) for row in found["rows"]]
    assert rows == [({"channel": "chat"}, 1800, 1, "30m"), ({"channel": "email"}, 3600, 1, "1h")]
    assert (found["unit"], found["clock"], found["statistic"]) == ("seconds", "calendar", "mean")


def test_json_and_address_ask_the_same(client: TestClient) -> None:
    asked = {"kpi": "first_response_time", "statistic": "mean", "where": ["channel=email"], "period": "2025-05"}
    by_address = client.get("/api/v1/ask", params=asked).json()
    assert client.post("/api/v1/ask", json=asked).json() == by_address
    assert (by_address["rows"][0]["value"], by_address["where"]) == (3600, "channel=email")
    assert (by_address["start"], by_address["end"]) == ("2025-05-01T00:00:00Z", "2025-06-01T00:00:00Z")


def test_an_answer_carries_its_target(client: TestClient) -> None:
    """One good rating of two is 0.5; the shop wants 0.8."""
    row = client.get("/api/v1/ask?kpi=csat").json()["rows"][0]
    assert (row["value"], row["n"], row["target"]) == (0.5, 2, {"at_least": 0.8, "at_most": None})


def test_what_is_wrong_is_told_as_a_problem(client: TestClient) -> None:
    for address, status, words in (
        ("/api/v1/ask?kpi=cast", 404, "Did you mean 'csat'?"),
        ("/api/v1/kpis/cast", 404, "Did you mean 'csat'?"),
        ("/api/v1/ask?kpi=csat&colour=red", 422, "colour"),
        ("/api/v1/ask", 422, "kpi"),
        ("/api/v1/ask?kpi=csat&where=channel", 400, "channel=email,chat"),
        ("/api/v1/ask?kpi=csat&period=soon", 400, "soon"),
        ("/api/v1/scorecards/suport", 404, "Did you mean 'support'?"),
        ("/api/v1/tickets/desk:99", 404, "desk:99"),
        ("/api/v1/nothing", 404, "Not Found"),
    ):
        response = client.get(address)
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json", address
        assert (response.status_code, problem["status"]) == (status, status), address
        assert words in problem["detail"], address


def test_the_dictionary_defines_a_kpi(client: TestClient) -> None:
    listed = {kpi["id"]: kpi for kpi in client.get("/api/v1/kpis").json()}
    defined = client.get("/api/v1/kpis/csat").json()
    assert listed["csat"]["variants"] == [variant["name"] for variant in defined["variants"]]
    assert (defined["better"], defined["category"]) == ("higher", listed["csat"]["category"])


def test_a_scorecard_has_the_values_of_its_kpis(client: TestClient) -> None:
    found = client.get("/api/v1/scorecards/support?period=2025-05").json()
    assert [one["kpi"] for one in found["values"]] == found["kpis"]
    values = {one["kpi"]: one["rows"][0]["value"] for one in found["values"]}
    assert (values["ticket_volume"], values["csat"]) == (3, 0.5)


def test_a_ticket_is_proved_stretch_by_stretch(client: TestClient) -> None:
    """Opened at 9, answered at 10, solved at 11: the first hour counts."""
    found = client.get("/api/v1/tickets/desk:1?kpi=first_response_time").json()
    assert [row["value"] for row in found["rows"]] == [3600]
    counted = [one["calendar_seconds"] for one in found["segments"] if one["counted"]]
    assert sum(counted) == 3600


def test_a_partner_does_not_read_what_was_agreed_with_another(tmp_path: Path) -> None:
    root = made(tmp_path / "shop")
    file = root / "deskpulse.toml"
    file.write_text(file.read_text(encoding="utf-8") + PARTNERS, encoding="utf-8")
    app: FastAPI = create_app(root)
    for who, expected in (({}, [0.1, 0.2]), ({"partner": "South"}, [0.2])):
        targets = client_of(app, "analyst", **who).get("/api/v1/targets").json()
        assert [one["at_most"] for one in targets if one["kpi"] == "reopen_rate"] == expected


def test_a_scorecard_has_what_each_role_may_see(shop_app: FastAPI) -> None:
    """A KPI that cannot be told of a partner or a person is left out, and does not take the others with it."""
    people = (("viewer", {}), ("agent", {"team": "Billing", "agent": "Ana"}), ("analyst", {"partner": "North"}))
    for role, who in people:
        program = client_of(shop_app, role, **who)
        for card in ("support", "saas", "bpo_partner", "service_desk"):
            for address in (
                f"/api/v1/scorecards/{card}?period=2025-05",
                f"/metrics?scorecard={card}&period=2025-05",
                f"/api/v1/exports/scorecard/{card}.csv?period=2025-05",
            ):
                response = program.get(address)
                assert response.status_code == 200, (role, address, response.text)
                assert "ticket_volume" in response.text or card == "saas", (role, address)
