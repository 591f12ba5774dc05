"""What the fake of Zendesk answers has the names and types of the vendor's description."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.serving import Asked
from connectors.fakes.zendesk import TOKEN, busy_account

yaml = pytest.importorskip("yaml", reason="the description is YAML")

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,), "string": (str,), "boolean": (bool,), "array": (list,), "object": (dict,),
}  # fmt: skip
EXPORTS = {
    "incremental/tickets/cursor": "CursorBasedExportIncrementalTicketsResponse",
    "incremental/ticket_events": "ExportIncrementalTicketEventsResponse",
    "incremental/ticket_metric_events": "TicketMetricEventsResponse",
}
UNDESCRIBED = {"end_of_stream"}
"""The description leaves it out for metric events, and says it for the others."""


@pytest.fixture(scope="module")
def schemas(shared_data: Path) -> dict[str, Any]:
    with gzip.open(shared_data / "specs/zd-incremental.yml.gz") as file:
        found: dict[str, Any] = yaml.safe_load(file)["components"]["schemas"]
    return found


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    parts = schema.get("allOf", [schema])
    return {name: told for part in parts for name, told in part["properties"].items()}


@pytest.mark.parametrize("path", EXPORTS)
def test_an_export_answers_as_described(path: str, schemas: dict[str, Any]) -> None:
    fake = busy_account(5, size=3)
    asked = Asked(
        method="GET", path=f"/api/v2/{path}.json", query={"start_time": ["1"]}, body=b"",
        headers={"authorization": f"Bearer {TOKEN}"},
    )  # fmt: skip
    answer = fake.answer(asked).data
    described = properties(schemas[EXPORTS[path]])
    assert set(answer) - UNDESCRIBED <= set(described)
    for name, value in answer.items():
        told = described.get(name, {})
        if value is not None and "type" in told:
            assert isinstance(value, TYPES[told["type"]]), name


def test_a_ticket_has_described_fields_alone(schemas: dict[str, Any]) -> None:
    example = schemas["CursorBasedExportIncrementalTicketsResponse"]["example"]["tickets"][0]
    ticket = next(iter(busy_account(1).tickets.values()))
    assert set(ticket) - set(example) <= {"brand_id", "satisfaction_score"}
    for name in set(ticket) & set(example):
        assert ticket[name] is None or type(ticket[name]) is type(example[name]), name
