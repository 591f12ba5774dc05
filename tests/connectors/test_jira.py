"""Jira Service Management over the API, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.fakes.jira import FakeJira
from connectors.fakes.run import NOW, Once
from connectors.fakes.serving import serve
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.jira import API

ANN = {"accountId": "a", "accountType": "atlassian", "displayName": "Ann"}
BOT = {"accountId": "b", "accountType": "app", "displayName": "Robo"}
ZED = {"accountId": "z", "accountType": "customer", "displayName": "Zed"}


def when(minute: int) -> str:
    return f"2026-03-02T11:{minute:02}:00.000+0100"


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 10, minute)


def issue(key: str, minute: int, *histories: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "summary": "S", "description": "Help", "created": when(0), "updated": when(minute), "reporter": ZED,
        "labels": ["b", "a"], "project": {"key": "HELP"},
    }  # fmt: skip
    return {"key": key, "fields": fields, "changelog": {"histories": list(histories)}}


def moved(id_: str, minute: int, by: dict[str, Any], field: str, to: str | None) -> dict[str, Any]:
    items = [{"field": field, "to": to, "toString": to}, {"field": "rank", "to": "9"}]
    return {"id": id_, "author": by, "created": when(minute), "items": items}


def said(id_: str, minute: int, by: dict[str, Any], is_public: bool) -> dict[str, Any]:
    return {"id": id_, "author": by, "created": when(minute), "body": f"words {id_}", "jsdPublic": is_public}


def read(fake: FakeJira) -> Read:
    options = {"url": fake.url, "email": "ann", "projects": "HELP"}
    account = Account(source="desk", options=options, secrets={"token": "s3cret"})
    with serve(fake) as url, API.open(Account(**{**vars(account), "options": {**options, "url": url}})) as client:
        assert API.check(client) == ()
        pages = list(API.pages(client, None, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account))


def test_an_issue_from_question_to_answer() -> None:
    fake = FakeJira()
    histories = (
        moved("3", 30, ANN, "status", "3"),
        moved("2", 20, BOT, "status", "2"),
        moved("1", 5, ANN, "assignee", "a"),
    )
    fake.issues = [issue("HELP-1", 50, *histories)]
    fake.comments["HELP-1"] = [said("8", 10, ANN, False), said("9", 20, ANN, True), said("10", 25, ZED, True)]
    seen = read(fake)
    columns = ("source_id", "created_at", "customer", "brand", "tags")
    assert seen.rows("ticket", *columns) == [("HELP-1", at(0), "z", "HELP", "a,b")]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (at(0), "z", "customer", True, "Help"),
        (at(10), "a", "agent", False, "words 8"),
        (at(20), "a", "agent", True, "words 9"),
        (at(25), "z", "customer", True, "words 10"),
    ]
    assert seen.rows("change", "at", "field", "new", "by_kind") == [
        (at(5), "assignee", "a", "agent"),
        (at(20), "status", "pending", "bot"),
        (at(30), "status", "solved", "agent"),
    ]
    assert seen.rows("person", "source_id", "kind") == [("a", "agent"), ("b", "bot")]
    assert not seen.aside


def test_pages_and_a_full_minute() -> None:
    fake = FakeJira(size=2)
    fake.issues = [issue(f"HELP-{n}", 1) for n in range(1, 6)] + [issue("HELP-6", 9)]
    assert [row[0] for row in read(fake).rows("ticket", "source_id")] == [f"HELP-{n}" for n in range(1, 7)]
