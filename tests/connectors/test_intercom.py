"""Intercom over the API, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.described import faults, schemas
from connectors.fakes.intercom import FakeIntercom
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import LIMITED, serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.intercom import API

ANN = {"type": "admin", "id": "7", "name": "Ann"}
ZED = {"type": "lead", "id": "c1", "name": "Zed"}
FIN = {"type": "bot", "id": "8", "name": "Fin", "from_ai_agent": True}
TEN = int(datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp())


@pytest.fixture
def fake() -> Iterator[FakeIntercom]:
    with serve(desk := FakeIntercom(size=2)):
        yield desk


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 10, minute)


def talk(fake: FakeIntercom) -> None:
    """Bot, note, assignment, reply, close, the customer again, snoozed, closed and rated."""
    rating = {"rating": 4, "remark": "Fine", "created_at": TEN + 3000, "contact": {"type": "contact", "id": "c1"}}
    fake.converse("1", TEN, TEN + 3000, conversation_rating={**rating, "teammate": {"type": "admin", "id": "7"}})
    fake.add("1", TEN + 60, "comment", FIN, body="Try this")
    fake.add("1", TEN + 120, "assignment", ANN, assigned_to={"type": "team", "id": "50"})
    fake.add("1", TEN + 180, "assignment", ANN, assigned_to={"type": "admin", "id": "7"}, body="mine")
    fake.add("1", TEN + 240, "note", ANN, body="checked")
    fake.add("1", TEN + 300, "comment", ANN, body="Solved")
    fake.add("1", TEN + 360, "close", ANN)
    fake.add("1", TEN + 420, "comment", ZED, body="Not so")
    fake.add("1", TEN + 480, "snoozed", ANN)
    fake.add("1", TEN + 540, "close", ANN, body="Now it is")


def read(fake: FakeIntercom, cursor: str | None = None) -> tuple[Read, str | None]:
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        assert API.check(client) == ()
        pages = list(API.pages(client, cursor, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account)), pages[-1].cursor


def test_a_conversation_from_question_to_rating(fake: FakeIntercom) -> None:
    talk(fake)
    seen, _ = read(fake)
    columns = ("source_id", "created_at", "channel", "customer", "tags", "status", "subject")
    assert seen.rows("ticket", *columns) == [("1", at(0), "chat", "c1", "bug", "open", None)]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (at(0), "c1", "customer", True, "It breaks"),
        (at(1), "8", "bot", True, "Try this"),
        (at(3), "7", "agent", False, "mine"),
        (at(4), "7", "agent", False, "checked"),
        (at(5), "7", "agent", True, "Solved"),
        (at(7), "c1", "customer", True, "Not so"),
        (at(9), "7", "agent", True, "Now it is"),
    ]
    assert seen.rows("change", "at", "field", "new", "by_kind") == [
        (at(2), "team", "Billing", "agent"),
        (at(3), "assignee", "7", "agent"),
        (at(6), "status", "solved", "agent"),
        (at(7), "status", "open", "customer"),
        (at(8), "status", "pending", "agent"),
        (at(9), "status", "solved", "agent"),
    ]
    answer = ("ticket", "at", "kind", "score", "scale_low", "scale_high", "agent", "comment")
    assert seen.rows("survey", *answer) == [("1", at(50), "csat", 4.0, 1.0, 5.0, "7", "Fine")]
    assert seen.rows("person", "source_id", "name", "kind") == [("7", "Ann", "agent"), ("8", "Fin", "bot")]
    assert ("c1", "Zed") in seen.rows("customer", "source_id", "name")
    assert not seen.aside


def test_pages_a_full_second_a_limit_and_one_that_is_gone(fake: FakeIntercom) -> None:
    for number in range(1, 6):  # five in one second, two a page
        fake.converse(str(number), TEN, TEN + 5)
    fake.converse("6", TEN, TEN + 9)
    fake.gone = {"4"}
    fake.troubles = {4: LIMITED, 6: LIMITED}
    seen, cursor = read(fake)
    assert [row[0] for row in seen.rows("ticket", "source_id")] == ["1", "2", "3", "4", "5", "6"]
    assert [row[0] for row in seen.rows("message", "ticket")] == ["1", "2", "3", "5", "6"]
    fake.converse("2", TEN, TEN + 20)
    fake.asked.clear()
    fake.troubles.clear()
    again, _ = read(fake, cursor)
    assert {row[0] for row in again.rows("ticket", "source_id")} == {"2", "6"}, "the last second is read again"
    assert [asked.path for asked in fake.asked if asked.method == "GET"] == ["/admins", "/conversations/2"]


def test_the_fake_answers_as_described(fake: FakeIntercom, shared_data: Path) -> None:
    talk(fake)
    known = schemas(shared_data / "specs/intercom-2.14.yaml.gz")
    search = {"sort": {"field": "updated_at", "order": "ascending"}, "pagination": {"per_page": 5}}
    found: dict[str, Any] = fake._found({**search, "query": {"operator": ">", "value": 0}})
    assert faults(found, {"$ref": "#/conversation_list"}, known) == []
    for part in fake.parts["1"]:
        assert faults(part, {"$ref": "#/conversation_part"}, known) == []
