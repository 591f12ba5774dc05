"""Changes of process, announced and taken back by a program."""

from __future__ import annotations

from api.conftest import client_of
from fastapi import FastAPI

CHANGE = {"at": "2025-05-20 09:00", "title": "New macro", "team": "Billing"}


def test_a_change_is_announced_once_and_taken_back(own_app: FastAPI) -> None:
    lead = client_of(own_app, "lead", team="Billing")
    first, again = (lead.post("/api/v1/annotations", json=CHANGE) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    told = [(one["at"], one["title"], one["team"]) for one in lead.get("/api/v1/annotations").json()]
    assert told == [("2025-05-20T09:00:00Z", "New macro", "Billing")]
    assert lead.delete(f"/api/v1/annotations/{first.json()['id']}").status_code == 204
    assert lead.get("/api/v1/annotations").json() == []
    assert lead.delete("/api/v1/annotations/none").status_code == 404


def test_announcing_needs_the_right(own_app: FastAPI) -> None:
    for role, scopes in (("viewer", ("read", "write")), ("admin", ("read",))):
        sender = client_of(own_app, role, scopes)
        assert sender.post("/api/v1/annotations", json=CHANGE).status_code == 403
        assert sender.delete("/api/v1/annotations/x").status_code == 403
