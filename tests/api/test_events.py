"""Events that programs send: checked like a file's, and the same twice is once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from deskpulse.store.work import open_work

TICKET = {"source_id": "a1", "version": 1, "created_at": "2025-05-20T10:00:00+02:00", "channel": "web"}


@pytest.fixture
def client(own_app: FastAPI) -> TestClient:
    """An admin's program, in a shop of its own."""
    return client_of(own_app)


def send(client: TestClient, *rows: dict[str, Any], table: str = "ticket", source: str = "web") -> dict[str, Any]:
    """What is said to rows that were sent."""
    response = client.post(f"/api/v1/events/{table}", json={"source": source, "rows": rows})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def tickets(client: TestClient) -> dict[str, str]:
    """Each ticket's channel."""
    return {row["ticket"]: row["channel"] for row in client.get("/api/v1/tickets?limit=1000").json()["rows"]}


def test_rows_sent_twice_count_once(client: TestClient) -> None:
    first, again = send(client, TICKET), send(client, TICKET)
    assert (first["read"], first["changed"], first["quarantined"]) == (1, 1, 0)
    assert (again["read"], again["changed"], again["quarantined"]) == (1, 0, 0)
    assert len(tickets(client)) == 4  # three of the shop, and this one
    found = client.get("/api/v1/tickets?words=web:a1").json()["rows"][0]
    assert found["created_at"] == "2025-05-20T08:00:00Z"


def test_the_highest_version_counts_whatever_came_last(client: TestClient) -> None:
    send(client, {**TICKET, "version": 3, "channel": "chat"})
    assert send(client, {**TICKET, "version": 2, "channel": "email"})["changed"] == 0
    assert tickets(client)["web:a1"] == "chat"


def test_rows_without_a_version_replace_what_was_sent_before(client: TestClient) -> None:
    row = {name: value for name, value in TICKET.items() if name != "version"}
    send(client, row)
    client.app.state.current.look()  # type: ignore[attr-defined]
    assert tickets(client)["web:a1"] == "web"


def test_what_cannot_be_understood_is_told_of_and_kept(client: TestClient) -> None:
    bad = {**TICKET, "source_id": "a2", "created_at": "yesterday"}
    found = send(client, TICKET, bad, {**TICKET, "source_id": "a3", "status": "lost"})
    assert (found["read"], found["quarantined"]) == (1, 2)
    by_reason = {one["reason"]: (one["rows"], one["first_row"]) for one in found["refusals"]}
    assert by_reason["'yesterday' is no date in the format iso"] == (1, 2)
    assert any("'lost' is none of" in reason and places == (1, 3) for reason, places in by_reason.items())
    assert send(client, bad)["quarantined"] == 1
    assert set(tickets(client)) == {"desk:1", "desk:2", "desk:3", "web:a1"}


def test_what_is_wrong_as_a_whole_is_refused(client: TestClient) -> None:
    for table, rows, status, words in (
        ("tickte", [TICKET], 404, "Did you mean 'ticket'?"),
        ("ticket", [{**TICKET, "chanel": "web"}], 400, "Did you mean 'channel'?"),
        ("ticket", [{"channel": "web"}], 400, "source_id"),
        ("ticket", [{**TICKET, "tags": ["a"]}], 422, "tags"),
        ("ticket", "none", 422, "rows"),
    ):
        response = client.post(f"/api/v1/events/{table}", json={"source": "web", "rows": rows})
        assert response.status_code == status, response.text
        assert words in response.json()["detail"]
    assert client.get("/api/v1/health").json()["snapshot"] == 1


def test_sending_needs_the_right(own_app: FastAPI) -> None:
    for role, who in (("viewer", {}), ("lead", {"team": "Billing"}), ("analyst", {}), ("admin", {"partner": "North"})):
        sender = client_of(own_app, role, **who)
        response = sender.post("/api/v1/events/ticket", json={"source": "web", "rows": [TICKET]})
        assert response.status_code == 403, role


def test_while_another_writes_the_sender_is_told_who_and_when_to_return(client: TestClient, own_app: FastAPI) -> None:
    with open_work(own_app.state.current.root, holder="deskpulse import (zendesk)"):
        response = client.post("/api/v1/events/ticket", json={"source": "web", "rows": [TICKET]})
    assert response.status_code == 423
    assert "deskpulse import (zendesk)" in response.json()["detail"]
    assert int(response.headers["retry-after"]) > 0
    assert send(client, TICKET)["changed"] == 1


def test_numbers_and_flags_keep_their_type(client: TestClient, own_app: FastAPI) -> None:
    survey = {"survey": "s9", "kind": "csat", "ticket": "3", "scale_low": 1, "scale_high": 5, "version": 1}
    asked = {**survey, "source_id": "o9", "action": "offered", "at": "2025-05-08T10:00:00Z"}
    said = {**survey, "source_id": "r9", "action": "answered", "at": "2025-05-08T10:05:00Z", "score": 5.0}
    assert send(client, asked, said, table="survey", source="desk")["quarantined"] == 0
    row = client.get("/api/v1/ask?kpi=csat").json()["rows"][0]
    assert row["n"] == 3  # a 2 and a 5 before; now two good ones of three
    assert row["value"] == pytest.approx(2 / 3)
    assert own_app.state.current.place.as_of > datetime(2025, 6, 1)
