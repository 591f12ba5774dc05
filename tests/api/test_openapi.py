"""The OpenAPI document: complete, and true of what is answered."""

from __future__ import annotations

import schemathesis
from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_every_operation_is_described(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    operations = {(path, method): one for path, all in document["paths"].items() for method, one in all.items()}
    for place, operation in operations.items():
        assert operation["summary"] and operation["description"], place
        if place[0] == "/health":
            continue
        assert operation["security"] == [{"token": []}], place
        assert {"401", "403", "429"} <= set(operation["responses"]), place
        assert "application/problem+json" in operation["responses"]["429"]["content"], place
    assert all(path.startswith(("/api/v1/", "/metrics", "/health")) for path, _ in operations)


def test_no_request_breaks_the_server(own_app: FastAPI) -> None:
    """Requests made up from the document, right ones and wrong ones: no 5xx, and answers are as described."""
    client = client_of(own_app)
    own_app.state.rates.most = own_app.state.rates.per_second = 1_000_000
    headers = {"Authorization": client.headers["Authorization"]}
    document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", own_app, headers=headers)
    for found in document.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        check()
