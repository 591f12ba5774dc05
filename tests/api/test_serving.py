"""What every operation has: who may ask, how often, and that nothing is sent again where nothing changed."""

from __future__ import annotations

import pytest
from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from deskpulse.workspace.rates import Rates, TooManyError

ASKED = "/api/v1/ask?kpi=csat"
ROWS = {"source": "shop", "rows": [{"source_id": "1", "at": "2025-05-20", "title": "New macro"}]}


def test_a_stranger_is_told_to_send_a_token(shop_app: FastAPI) -> None:
    stranger = TestClient(shop_app)
    for address in (ASKED, "/api/v1/kpis", "/api/v1/exports/tickets.csv", "/metrics", "/api/v1/openapi.json"):
        response = stranger.get(address)
        assert response.status_code == 401, address
        assert response.headers["content-type"] == "application/problem+json"
    assert stranger.get("/health").text == "ok\n"


def test_nothing_is_sent_twice(client: TestClient) -> None:
    first = client.get(ASKED)
    again = client.get(ASKED, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(f"{ASKED}&by=channel", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_others_and_newer_data_have_another_tag(own_app: FastAPI) -> None:
    admin, lead = client_of(own_app), client_of(own_app, "lead", team="Billing")
    before = admin.get(ASKED).headers["etag"]
    assert lead.get(ASKED).headers["etag"] != before
    assert lead.get(ASKED, headers={"If-None-Match": before}).status_code == 200
    assert admin.post("/api/v1/events/annotation", json=ROWS).status_code == 200
    assert admin.get(ASKED, headers={"If-None-Match": before}).status_code == 200


def test_a_token_that_asks_too_often_has_to_wait(own_app: FastAPI) -> None:
    own_app.state.rates = Rates(most=2, per_second=0.01)
    busy, other = client_of(own_app), client_of(own_app, "analyst")
    assert [busy.get("/api/v1/health").status_code for _ in range(3)] == [200, 200, 429]
    refused = busy.get("/api/v1/health")
    assert 90 <= int(refused.headers["retry-after"]) <= 100  # 0.01 a second: the next one in a hundred seconds
    assert "Wait" in refused.json()["detail"]
    assert other.get("/api/v1/health").status_code == 200


def test_permits_come_back_with_time() -> None:
    """Three at once, then one in two seconds."""
    rates = Rates(most=3, per_second=0.5)
    for _ in range(3):
        rates.take("ana", 100.0)
    with pytest.raises(TooManyError) as refused:
        rates.take("ana", 101.0)
    assert refused.value.seconds == 1  # half a permit is there, the other half takes a second
    rates.take("ana", 102.0)
    with pytest.raises(TooManyError):
        rates.take("ana", 102.0)


def test_a_token_does_what_its_scopes_say(shop_app: FastAPI) -> None:
    reader, writer = client_of(shop_app, scopes=("read",)), client_of(shop_app, scopes=("write",))
    assert reader.post("/api/v1/events/annotation", json=ROWS).status_code == 403
    for address in (ASKED, "/api/v1/tickets", "/api/v1/exports/evidence.csv?kpi=csat", "/metrics"):
        assert writer.get(address).status_code == 403, address


def test_what_is_too_much_is_a_problem(client: TestClient) -> None:
    refused = client.post("/api/v1/ask", content=b" " * 20_000_001)
    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")


def test_exports_are_in_the_audit_log(own_app: FastAPI) -> None:
    client_of(own_app).get("/api/v1/exports/answer.csv?kpi=csat")
    noted = [line for line in own_app.state.accounts.store.audit() if line.action == "exported"]
    assert [line.detail for line in noted] == ["GET /api/v1/exports/answer.csv?kpi=csat"]
