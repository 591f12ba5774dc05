"""The OpenAPI document: complete, and true of what is answered.

DESKPULSE_EXAMPLES sets how many requests are made up per operation (6 without it).
"""

from __future__ import annotations

import os
import re
from typing import Any

import schemathesis
from api.conftest import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy, fixed_dictionaries, just, none, one_of, sampled_from
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web.conftest import serve

EXAMPLES = int(os.environ.get("DESKPULSE_EXAMPLES", "6"))
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
        assert "Retry-After" in operation["responses"]["429"]["headers"], place
        assert ("413" in operation["responses"]) == (place[1] in ("post", "put", "patch")), place
        if place[1] == "get":
            assert "ETag" in operation["responses"]["200"]["headers"], place
            assert "304" in operation["responses"], place
    assert all(path.startswith(("/api/v1/", "/metrics", "/health")) for path, _ in operations)
    for path in ("/api/v1/evidence", "/api/v1/tickets"):
        told = operations[path, "get"]["responses"]
        assert "409" in told and "Link" in told["200"]["headers"], path


def test_the_page_tells_of_every_operation(shop_app: FastAPI) -> None:
    page = re.sub("</?span[^>]*>", "", serve(shop_app.state.current.root)("viewer").get("/api").text)
    for path, methods in shop_app.openapi()["paths"].items():
        for method, told in methods.items():
            assert f"<code>{method.upper()} {path}</code> {told['summary']}" in page
    assert "http://" not in page.replace("http://127.0.0.1/api/v1/", "")


def test_no_request_breaks_the_server(own_app: FastAPI) -> None:
    """Requests made up from the document, right ones and wrong ones: no 5xx, and answers are as described.

    Half of the questions are about a KPI that there is, and every operation was answered at least once.
    """
    client = client_of(own_app)
    own_app.state.rates.most = own_app.state.rates.per_second = 1_000_000
    headers = {"Authorization": client.headers["Authorization"]}
    document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", own_app, headers=headers)
    told: dict[str, set[int]] = {}
    for found in document.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), known=known())
        def check(case: schemathesis.Case, known: dict[str, Any] | None) -> None:
            for part in (case.query, case.path_parameters, case.body) if known else ():
                replace_known(part, known or {})
            response = case.call_and_validate(headers=headers, checks=CHECKS, timeout=300)
            told.setdefault(case.operation.label, set()).add(response.status_code)

        check()
    never = {name for name, statuses in told.items() if not statuses & {200, 201}}
    # The shop has no survey, and no annotation of a made-up name.
    assert never <= {"POST /api/v1/surveys/{name}/links", "DELETE /api/v1/annotations/{id}"}


def replace_known(given: Any, known: dict[str, Any]) -> None:
    """What was made up, with names that there are; null takes out what would not go with them."""
    if isinstance(given, dict):
        for name in [name for name in given if name in known]:
            given[name] = known[name]
            if known[name] is None:
                del given[name]


def known() -> SearchStrategy[dict[str, Any] | None]:
    """Names that there are, or nothing."""
    names = {
        "kpi": sampled_from(["csat", "first_response_time", "resolution_rate:period", "top_agents", "backlog"]),
        "period": sampled_from(["all", "2025-05", "last-30-days"]),
        "name": sampled_from(["support", "saas"]),
        "table": just("annotation"),
        "at": just("2025-05-20"),
        "rows": just([{"source_id": "a1", "at": "2025-05-20", "title": "New macro"}]),
        "ticket": sampled_from(["desk:1", "desk:3"]),
    }
    nothing = ("start", "end", "zone", "cursor", "variant", "statistic", "dated_by", "clock", "where", "by")
    return one_of(none(), fixed_dictionaries({**names, **{name: just(None) for name in nothing}}))
