"""Evidence and tickets, a page at a time."""

from __future__ import annotations

from typing import Any

from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

ONE_ROW = {"source": "shop", "rows": [{"source_id": "1", "at": "2025-05-20", "title": "New macro"}]}


def walked(client: TestClient, address: str) -> list[dict[str, Any]]:
    """The rows of every page, by the links from one to the next."""
    rows: list[dict[str, Any]] = []
    link: str | None = address
    while link:
        response = client.get(link)
        rows += response.json()["rows"]
        link = response.links.get("next", {}).get("url")
        assert (link is None) == (response.json()["next"] is None)
    return rows


def test_evidence_is_walked_a_row_at_a_time(client: TestClient) -> None:
    """The 2 adds nothing to the share of good ratings, the 5 adds one."""
    rows = walked(client, "/api/v1/evidence?kpi=csat&limit=1")
    assert {row["ticket"]: (row["value"], row["excluded"]) for row in rows} == {
        "desk:1": (0, False),
        "desk:2": (1, False),
    }
    assert rows == client.get("/api/v1/evidence?kpi=csat").json()["rows"]


def test_each_side_of_a_quotient_is_walked_to_its_end(client: TestClient) -> None:
    """Tickets 1 and 2 were solved, of the three that were opened."""
    rows = walked(client, "/api/v1/evidence?kpi=resolution_rate:period&limit=1")
    assert sorted((row["part"], row["ticket"]) for row in rows if not row["excluded"]) == [
        ("denominator", "desk:1"),
        ("denominator", "desk:2"),
        ("denominator", "desk:3"),
        ("numerator", "desk:1"),
        ("numerator", "desk:2"),
    ]


def test_tickets_come_newest_first(client: TestClient) -> None:
    rows = walked(client, "/api/v1/tickets?period=2025-05&limit=2")
    assert [row["ticket"] for row in rows] == ["desk:3", "desk:2", "desk:1"]
    assert client.get("/api/v1/tickets?limit=2").json()["total"] == 3
    found = client.get("/api/v1/tickets?words=where").json()["rows"]
    assert [row["ticket"] for row in found] == ["desk:3"]


def test_a_cursor_is_not_made_up(client: TestClient) -> None:
    for cursor in ("abc", "%F0%9F%98%80", "MTo", "LTE6LTE"):
        assert client.get(f"/api/v1/tickets?cursor={cursor}").status_code in (400, 409), cursor


def test_a_cursor_of_older_data_is_refused(own_app: FastAPI) -> None:
    client = client_of(own_app)
    cursor = client.get("/api/v1/tickets?limit=1").json()["next"]
    assert client.post("/api/v1/events/annotation", json=ONE_ROW).status_code == 200
    response = client.get("/api/v1/tickets", params={"limit": 1, "cursor": cursor})
    assert response.status_code == 409
    assert "Begin again" in response.json()["detail"]


def test_a_link_does_not_carry_the_token(shop_app: FastAPI, client: TestClient) -> None:
    token = client.headers["Authorization"].removeprefix("Bearer ")
    response = TestClient(shop_app).get(f"/api/v1/ask?kpi=csat&token={token}")
    assert response.status_code == 200
    assert token not in str(response.headers) + response.text


def test_names_are_for_those_who_may_see_them(shop_app: FastAPI, client: TestClient) -> None:
    assert client.get("/api/v1/tickets/desk:1").text.count("ana") > 0
    viewer = client_of(shop_app, "viewer")
    for address in ("/api/v1/tickets", "/api/v1/tickets/desk:1", "/api/v1/exports/tickets.csv"):
        response = viewer.get(address)
        assert response.status_code == 200
        assert "ana" not in response.text.lower().replace("analy", ""), address
    assert viewer.get("/api/v1/ask?kpi=csat&by=agent").status_code == 403
    assert viewer.get("/api/v1/exports/answer.csv?kpi=csat&by=agent").status_code == 403


def test_a_team_is_kept_to_itself(shop_app: FastAPI) -> None:
    lead = client_of(shop_app, "lead", team="Billing")
    assert [row["ticket"] for row in lead.get("/api/v1/tickets").json()["rows"]] == ["desk:1"]
    assert lead.get("/api/v1/tickets/desk:2").status_code == 404
    assert {row["ticket"] for row in lead.get("/api/v1/evidence?kpi=csat").json()["rows"]} == {"desk:1"}
    exported = lead.get("/api/v1/exports/evidence.csv?kpi=csat").text
    assert "desk:1" in exported and "desk:2" not in exported
    assert "team=Billing" in exported
