"""Help Scout over the API, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from connectors.fakes.help_scout import FakeHelpScout
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.help_scout import API
from deskpulse.errors import RefusedError

ANN = {"id": 7, "type": "user", "first": "Ann", "last": "Ash"}
ZED = {"id": 70, "type": "customer", "first": "Zed"}


@pytest.fixture
def fake() -> Iterator[FakeHelpScout]:
    with serve(desk := FakeHelpScout(size=2)):
        yield desk


def thread(id_: int, minute: int, kind: str, by: Any, status: str, **more: Any) -> dict[str, Any]:
    at = f"2026-03-02T10:{minute:02}:00Z"
    return {
        "id": id_, "type": kind, "status": status, "state": "published", "body": f"words {id_}", "createdBy": by,
        "createdAt": at, **more,
    }  # fmt: skip


def conversation(id_: int, updated: str, *threads: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "type": "email", "status": "closed", "state": "published", "subject": "S", "primaryCustomer": ZED,
        "createdAt": "2026-03-02T10:00:00Z", "userUpdatedAt": updated, "tags": [{"id": 1, "tag": "bug"}],
        "_embedded": {"threads": list(threads)}, **more,
    }  # fmt: skip


def read(fake: FakeHelpScout, secret: str = "s3cret") -> Read:
    account = Account(source="desk", options={"url": fake.url, "app": "app"}, secrets={"token": secret})
    with API.open(account) as client:
        assert API.check(client) == ()
        fake.token += 1  # the token has expired
        pages = list(API.pages(client, None, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account))


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 10, minute)


def test_a_conversation_from_question_to_answer(fake: FakeHelpScout) -> None:
    threads = (  # the newest first, as they come
        thread(15, 50, "lineitem", ANN, "closed", body=None),
        thread(14, 40, "customer", ZED, "active"),
        thread(13, 30, "message", ANN, "closed", assignedTo=ANN),
        thread(12, 20, "note", ANN, "nochange"),
        thread(16, 15, "message", ANN, "closed", state="draft"),
        thread(11, 0, "customer", ZED, "active"),
    )
    fake.conversations = [conversation(1, "2026-03-02T10:50:00Z", *threads)]
    seen = read(fake)
    columns = ("source_id", "created_at", "channel", "customer", "subject", "tags")
    assert seen.rows("ticket", *columns) == [("1", at(0), "email", "70", "S", "bug")]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (at(0), "70", "customer", True, "words 11"),
        (at(20), "7", "agent", False, "words 12"),
        (at(30), "7", "agent", True, "words 13"),
        (at(40), "70", "customer", True, "words 14"),
    ]
    assert seen.changes("status") == [
        ("1", at(30), None, "solved"),
        ("1", at(40), None, "open"),
        ("1", at(50), None, "solved"),
    ]
    assert seen.changes("assignee") == [("1", at(30), None, "7")]
    assert seen.rows("person", "source_id", "name") == [("7", "Ann Ash")]
    assert seen.rows("customer", "source_id", "name") == [("70", "Zed")]
    assert not seen.aside


def test_pages_spam_and_deleted(fake: FakeHelpScout) -> None:
    fake.conversations = [conversation(n, "2026-03-02T11:00:00Z", status="active") for n in range(1, 4)]
    fake.conversations += [
        conversation(4, "2026-03-02T12:00:00Z", status="spam"),
        conversation(5, "2026-03-02T13:00:00Z", state="deleted"),
    ]
    seen = read(fake)
    assert [row[0] for row in seen.rows("ticket", "source_id")] == ["1", "2", "3", "4", "5"]
    assert seen.rows("change", "ticket", "field", "new") == [("4", "spam", "true"), ("5", "deleted", "true")]


def test_what_was_modified_without_being_updated_is_read_once_and_leads_nowhere_back(fake: FakeHelpScout) -> None:
    """A workflow tags old conversations: the list goes by that, while each tells of its last update months before."""
    for n in range(1, 12):
        told = "2025-11-01T09:00:00Z" if n % 2 else f"2026-03-{n:02}T09:00:00Z"
        fake.conversations.append(conversation(n, told, hidden_modified_at=f"2026-03-{n:02}T09:00:00Z"))
    seen = read(fake)
    assert sorted(int(row[0]) for row in seen.rows("ticket", "source_id")) == [*range(1, 12)]
    assert len(fake.asked) < 25  # eleven at two a page; a page is asked for again where no update was told


def test_a_team_is_no_person(fake: FakeHelpScout) -> None:
    """A conversation is given to a team, and then to Ann."""
    billing = {"id": 900, "type": "team", "first": "Billing", "last": ""}
    fake.conversations = [
        conversation(
            1,
            "2026-03-02T10:50:00Z",
            thread(11, 0, "customer", ZED, "active", assignedTo=billing),
            thread(12, 20, "message", ANN, "closed", assignedTo=ANN),
        )
    ]
    seen = read(fake)
    assert seen.changes("team") == [("1", at(0), None, "Billing")]
    assert seen.changes("assignee") == [("1", at(20), None, "7")]
    assert seen.rows("person", "source_id", "name") == [("7", "Ann Ash")]


def test_a_wrong_secret_is_refused_with_the_remedy(fake: FakeHelpScout) -> None:
    with pytest.raises(RefusedError, match="deskpulse connect desk"):
        read(fake, "wrong")
