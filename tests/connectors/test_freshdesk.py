"""Freshdesk over the API, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from connectors.fakes.freshdesk import FakeFreshdesk
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.freshdesk import API


@pytest.fixture
def fake() -> Iterator[FakeFreshdesk]:
    desk = FakeFreshdesk(size=2)
    desk.lists["agents"] = [{"id": 1, "contact": {"name": "Ann"}, "updated_at": "2026-01-01T00:00:00Z"}]
    desk.lists["groups"] = [{"id": 50, "name": "Billing"}]
    with serve(desk):
        yield desk


def read(fake: FakeFreshdesk) -> Read:
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        assert API.check(client) == ()
        pages = list(API.pages(client, None, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account))


def ticket(id_: int, updated: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "created_at": "2026-03-02T09:00:00Z", "updated_at": updated, "requester_id": 2, "responder_id": 1,
        "group_id": 50, "priority": 3, "source": 1, "status": 4, "subject": "S", "description_text": "Help",
        "tags": ["b", "a"], "type": "Question", "requester": {"id": 2, "name": "Zed"}, "stats": {}, **more,
    }  # fmt: skip


def said(id_: int, minute: int, by: int | None, **more: Any) -> dict[str, Any]:
    at = f"2026-03-02T09:{minute:02}:00Z"
    return {"id": id_, "created_at": at, "updated_at": at, "user_id": by, "body_text": f"words {id_}", **more}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute)


def test_a_ticket_from_question_to_rating(fake: FakeFreshdesk) -> None:
    stats = {"reopened_at": "2026-03-02T12:00:00Z", "resolved_at": "2026-03-02T13:00:00Z", "closed_at": None}
    fake.tickets = [ticket(10, "2026-03-02T13:00:00Z", stats=stats)]
    fake.conversations = {
        10: [
            said(101, 10, 1, private=True, incoming=False),
            said(102, 20, 1, private=False, incoming=False),
            said(103, 30, 2, private=False, incoming=True),
            said(104, 40, None, private=False, incoming=False),
        ]
    }
    rating = {
        "id": 7,
        "ticket_id": 10,
        "user_id": 2,
        "agent_id": 1,
        "feedback": "Fine",
        "ratings": {"default_question": 103},
    }
    fake.lists["surveys/satisfaction_ratings"] = [{**rating, "created_at": "2026-03-02T14:00:00Z"}]
    seen = read(fake)
    columns = ("source_id", "created_at", "customer", "assignee", "team", "priority", "channel", "tags", "type")
    assert seen.rows("ticket", *columns) == [("10", at(9), "2", "1", "Billing", "high", "email", "a,b", "Question")]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (at(9), "2", "customer", True, "Help"),
        (at(9, 10), "1", "agent", False, "words 101"),
        (at(9, 20), "1", "agent", True, "words 102"),
        (at(9, 30), "2", "customer", True, "words 103"),
        (at(9, 40), None, "system", True, "words 104"),
    ]
    assert seen.changes("status") == [("10", at(12), None, "open"), ("10", at(13), None, "solved")]
    columns = ("ticket", "at", "kind", "score", "scale_low", "scale_high", "agent", "comment")
    assert seen.rows("survey", *columns) == [("10", at(14), "csat", 7.0, 1.0, 7.0, "1", "Fine")]
    assert seen.rows("person", "source_id", "name") == [("1", "Ann")]
    assert seen.rows("customer", "source_id", "name") == [("2", "Zed")]
    assert not seen.aside


def test_more_tickets_than_pages_may_be_asked_for(fake: FakeFreshdesk) -> None:
    fake.size = 1
    moments = [f"2026-03-{1 + n // 24 % 28:02}T{n % 24:02}:00:{n // 672:02}Z" for n in range(310)]
    fake.tickets = [ticket(n, moment) for n, moment in enumerate(moments)]
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    lists = [asked for asked in fake.asked if asked.path.endswith("tickets")]
    with API.open(account) as client:
        for page in API.pages(client, None, now=NOW, since=None):
            if page.stream == "tickets":
                lists.append(page)
    assert {page.data[0]["id"] for page in lists if page.data} == set(range(310))


def test_deleted_spam_and_outbound(fake: FakeFreshdesk) -> None:
    """What is deleted or spam is in no list but its own."""
    fake.tickets = [
        ticket(10, "2026-03-02T10:00:00Z", deleted=True),
        ticket(11, "2026-03-02T11:00:00Z", spam=True),
        ticket(12, "2026-03-02T12:00:00Z", source=10),
    ]
    seen = read(fake)
    assert seen.rows("change", "ticket", "field", "new") == [("10", "deleted", "true"), ("11", "spam", "true")]
    assert seen.rows("message", "ticket", "author_kind") == [("10", "customer"), ("11", "customer"), ("12", "agent")]


def rating(id_: int) -> dict[str, Any]:
    return {
        "id": id_,
        "ticket_id": 10,
        "ratings": {"default_question": 103},
        "created_at": f"2026-03-{id_:02}T14:00:00Z",
    }


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_ratings_are_read_in_whatever_order_they_are_listed(fake: FakeFreshdesk, is_newest_first: bool) -> None:
    """Nine at two a page; then two more, of which the newest alone is new since the last one read."""
    ratings = fake.lists["surveys/satisfaction_ratings"]
    ratings += sorted(map(rating, range(1, 10)), key=lambda one: one["id"], reverse=is_newest_first)
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        pages = list(API.pages(client, None, now=NOW, since=None))
        ratings.insert(0 if is_newest_first else 9, rating(10))
        later = list(API.pages(client, pages[-1].cursor, now=NOW, since=None))
    for found, ids in ((pages, range(1, 10)), (later, (9, 10))):
        given = [one["id"] for page in found if page.stream == "satisfaction_ratings" for one in page.data]
        assert sorted(given) == list(ids)


def test_an_account_without_surveys_is_read_to_its_end(fake: FakeFreshdesk) -> None:
    fake.tickets = [ticket(10, "2026-03-02T10:00:00Z")]
    fake.forbidden = {"surveys/satisfaction_ratings"}
    account = Account(source="desk", options={"url": fake.url}, secrets={"token": "s3cret"})
    with API.open(account) as client:
        assert API.check(client) == ("reading surveys/satisfaction_ratings",)
        streams = [page.stream for page in API.pages(client, None, now=NOW, since=None)]
    assert "tickets" in streams and "satisfaction_ratings" not in streams
