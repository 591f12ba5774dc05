"""Chatwoot over the API, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from connectors.fakes.chatwoot import FakeChatwoot
from connectors.fakes.described import faults, schemas
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.chatwoot import API

TEN = int(datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp())


@pytest.fixture
def fake() -> Iterator[FakeChatwoot]:
    with serve(desk := FakeChatwoot(size=2)):
        yield desk


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 10, minute)


def talk(fake: FakeChatwoot) -> None:
    fake.converse(1, TEN, TEN + 600, "resolved")
    fake.say(1, TEN, 0, "Contact", 70)
    fake.say(1, TEN + 60, 1, "AgentBot", 3, sender={"id": 3, "name": "Robo"})
    fake.say(1, TEN + 120, 2, None, None)
    fake.say(1, TEN + 180, 1, "User", 7, private=True)
    fake.say(1, TEN + 240, 1, "User", 7)
    fake.events[1] = [
        {"id": 1, "name": "first_response", "event_end_time": "2026-03-02T10:04:00.000Z", "user_id": 7},
        {"id": 2, "name": "resolution", "event_end_time": "2026-03-02T10:05:00.000Z", "user_id": 7},
        {"id": 3, "name": "conversation_opened", "event_end_time": "2026-03-02T10:06:00.000Z", "user_id": None},
        {"id": 4, "name": "resolution", "event_end_time": "2026-03-02T10:10:00.000Z", "user_id": 7},
    ]


def read(fake: FakeChatwoot, cursor: str | None = None) -> tuple[Read, str]:
    account = Account(source="desk", options={"url": fake.url, "account": "1"}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        pages = list(API.pages(client, cursor, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account)), pages[-1].cursor


def test_a_conversation_from_question_to_answer(fake: FakeChatwoot) -> None:
    talk(fake)
    seen, _ = read(fake)
    columns = ("source_id", "created_at", "channel", "customer", "assignee", "priority", "tags")
    assert seen.rows("ticket", *columns) == [("1", at(0), "chat", "70", "7", "high", "a,b")]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (at(0), "70", "customer", True, "words 0"),
        (at(1), "bot:3", "bot", True, "words 1"),
        (at(3), "7", "agent", False, "words 3"),
        (at(4), "7", "agent", True, "words 4"),
    ]
    states = [("1", at(5), None, "solved"), ("1", at(6), None, "open"), ("1", at(10), None, "solved")]
    assert seen.changes("status") == states
    assert seen.rows("person", "source_id", "name", "kind") == [("7", "Ann", "agent"), ("bot:3", "Robo", "bot")]
    assert seen.rows("customer", "source_id", "name") == [("70", "Zed")]
    assert not seen.aside


def test_without_an_administrators_token_the_end_is_the_last_activity(fake: FakeChatwoot) -> None:
    talk(fake)
    fake.is_admin = False
    account = Account(source="desk", options={"url": fake.url, "account": "1"}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        assert API.check(client) == ("reading reporting_events",)
    assert read(fake)[0].changes("status") == [("1", at(10), None, "solved")]


def test_only_what_was_active_since_is_read_again(fake: FakeChatwoot) -> None:
    for number in range(1, 6):
        fake.converse(number, TEN, TEN + number)
        fake.say(number, TEN, 0, "Contact", 70)
    for minute in range(149):  # 150 messages: two pages of them
        fake.say(3, TEN + minute, 0, "Contact", 70)
    seen, cursor = read(fake)
    assert [row[0] for row in seen.rows("ticket", "source_id")] == ["1", "2", "3", "4", "5"]
    assert len(seen.rows("message", "source_id")) == 154
    fake.converse(2, TEN, TEN + 9)
    fake.asked.clear()
    read(fake, cursor)
    said = [asked.path.split("/")[-2] for asked in fake.asked if asked.path.endswith("messages")]
    assert said == ["2", "5"], "5 was active in the last second seen"


def test_a_run_that_stops_goes_on_at_its_page(fake: FakeChatwoot) -> None:
    for number in range(1, 6):
        fake.converse(number, TEN, TEN + number)
        fake.say(number, TEN, 0, "Contact", 70)
    account = Account(source="desk", options={"url": fake.url, "account": "1"}, secrets={"token": "s3cret"})
    pages, cursor = [], None
    for _ in range(30):
        with API.open(account) as client:
            page = next(iter(API.pages(client, cursor, now=NOW, since=None)))
        pages.append(page)
        cursor = page.cursor
        if len(pages) > 1 and '"page":1' in page.cursor:
            break
    seen = Once(item for page in pages for item in API.to_events(page, account))
    assert len(seen.rows("ticket", "source_id")) == len(seen.rows("message", "source_id")) == 5


def test_the_fake_answers_as_described(fake: FakeChatwoot, shared_data: Path) -> None:
    talk(fake)
    known = schemas(shared_data / "specs/chatwoot-app.yml.gz")
    assert faults(fake.conversations[1], {"$ref": "#/conversation_show"}, known) == []
    for said in fake.messages[1]:
        assert faults(said, {"$ref": "#/message"}, known) == []
    assert faults(fake.events[1], {"type": "array", "items": {"$ref": "#/reporting_event"}}, known) == []
