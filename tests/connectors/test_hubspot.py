"""HubSpot over the API, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.described import faults, schemas
from connectors.fakes.hubspot import FakeHubSpot
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.hubspot import API


@pytest.fixture
def fake() -> Iterator[FakeHubSpot]:
    with serve(desk := FakeHubSpot(size=2)):
        yield desk


def when(minute: int) -> str:
    return f"2026-03-02T10:{minute:02}:00.000Z"


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 10, minute)


def ticket(id_: str, minute: int, **history: list[tuple[int, str]]) -> dict[str, Any]:
    told = {
        name: [{"value": value, "timestamp": when(at), "sourceType": "CRM_UI"} for at, value in values]
        for name, values in history.items()
    }
    properties = {
        "subject": "S", "content": "Help", "createdate": when(0), "hs_lastmodifieddate": when(minute),
        "source_type": "EMAIL", "hs_ticket_priority": "HIGH", "hs_ticket_category": "BILLING", "hs_pipeline": "0",
        "first_agent_reply_date": when(5), "hs_pipeline_stage": "4", "hubspot_owner_id": "7",
    }  # fmt: skip
    linked = {"contacts": {"results": [{"id": "70", "type": "ticket_to_contact"}]}}
    return {
        "id": id_, "createdAt": when(0), "updatedAt": when(minute), "archived": False, "properties": properties,
        "propertiesWithHistory": told, "associations": linked,
    }  # fmt: skip


def full() -> dict[str, Any]:
    stages = [(40, "4"), (30, "3"), (20, "4"), (10, "2"), (0, "1")]  # the newest first
    return ticket("1", 50, hs_pipeline_stage=stages, hubspot_owner_id=[(3, "7")])


def read(fake: FakeHubSpot, cursor: str | None = None) -> tuple[Read, str]:
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        assert API.check(client) == ()
        pages = list(API.pages(client, cursor, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account)), pages[-1].cursor


def test_a_ticket_with_its_history(fake: FakeHubSpot) -> None:
    fake.tickets = {"1": full()}
    seen, _ = read(fake)
    columns = ("source_id", "created_at", "channel", "customer", "priority", "team", "status", "assignee", "topic")
    assert seen.rows("ticket", *columns) == [("1", at(0), "email", "70", "high", "0", "new", None, "BILLING")]
    assert seen.changes("status") == [
        ("1", at(10), None, "pending"),
        ("1", at(20), None, "solved"),
        ("1", at(30), None, "open"),
        ("1", at(40), None, "solved"),
    ]
    assert seen.changes("assignee") == [("1", at(3), None, "7")]
    assert seen.rows("message", "at", "author", "author_kind", "text") == [
        (at(0), "70", "customer", "Help"),
        (at(5), "7", "agent", None),
    ]
    assert seen.rows("person", "source_id", "name") == [("7", "Ann Ash")]
    assert not seen.aside


def test_each_page_begins_at_the_last_change_seen(fake: FakeHubSpot) -> None:
    fake.tickets = {str(n): ticket(str(n), 20 + n) for n in range(1, 6)}
    seen, cursor = read(fake)
    assert [row[0] for row in seen.rows("ticket", "source_id")] == ["1", "2", "3", "4", "5"]
    fake.tickets["2"] = ticket("2", 40)
    fake.asked.clear()
    again, _ = read(fake, cursor)
    assert again.rows("ticket", "source_id") == [("2",)], "5 has not changed since it was read"


def test_the_fake_answers_as_described(fake: FakeHubSpot, shared_data: Path) -> None:
    fake.tickets = {"1": full()}
    known = schemas(shared_data / "specs/hubspot-tickets.json.gz")
    assert faults(full(), {"$ref": "#/SimplePublicObjectWithAssociations"}, known) == []
    found = fake.search({"filterGroups": [{"filters": [{"value": "0"}]}]})
    assert faults(found, {"$ref": "#/CollectionResponseWithTotalSimplePublicObject"}, known) == []
