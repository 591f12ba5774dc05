"""GitHub issues over the API: an issue's life worked out by hand, and a list that shifts while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from connectors.fakes.github import FakeGitHub, user
from connectors.fakes.run import NOW, Once, stored, workspace
from connectors.fakes.serving import Told, serve
from connectors.reading import Read

from deskpulse.connectors.api import client as clients
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.github import API
from deskpulse.workspace.syncing import sync_source


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", "s3cret")
    repository = FakeGitHub(size=2)
    with serve(repository):
        yield repository


def account(fake: FakeGitHub) -> Account:
    options = {"url": fake.url, "repositories": "acme/app"}
    return Account(source="desk", options=options, secrets={"token": "s3cret"})


def read(fake: FakeGitHub) -> Read:
    with API.open(account(fake)) as client:
        pages = list(API.pages(client, None, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account(fake)))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute)


def test_an_issue_from_question_to_reopening(fake: FakeGitHub) -> None:
    fake.open_issue(7, "2026-03-02T09:00:00Z")
    fake.happen(7, "2026-03-02T09:05:00Z", "labeled", actor=user("ann"), label={"name": "bug"})
    fake.happen(7, "2026-03-02T09:10:00Z", "commented", user=user("hello[bot]"), body="Hi", author_association="NONE")
    fake.happen(7, "2026-03-02T09:20:00Z", "assigned", actor=user("ann"), assignee=user("ann"))
    fake.happen(7, "2026-03-02T09:30:00Z", "commented", user=user("ann"), body="Try", author_association="MEMBER")
    fake.happen(7, "2026-03-02T10:00:00Z", "closed", actor=user("ann"))
    fake.happen(7, "2026-03-02T11:00:00Z", "reopened", actor=user("zed"))
    fake.happen(7, "2026-03-02T11:00:00Z", "commented", user=user("zed"), body="No", author_association="NONE")
    fake.open_issue(8, "2026-03-02T09:00:00Z", pull_request={"url": "x"})
    seen = read(fake)
    assert seen.rows("ticket", "source_id", "created_at", "customer", "tags", "brand") == [
        ("acme/app#7", at(9), "zed", "bug", "acme/app")
    ]
    assert seen.rows("message", "at", "author", "author_kind", "text") == [
        (at(9), "zed", "customer", "It breaks"),
        (at(9, 10), "hello[bot]", "bot", "Hi"),
        (at(9, 30), "ann", "agent", "Try"),
        (at(11), "zed", "customer", "No"),
    ]
    assert seen.rows("change", "at", "field", "new", "by", "by_kind") == [
        (at(9, 20), "assignee", "ann", "ann", "agent"),
        (at(10), "status", "solved", "ann", "agent"),
        (at(11), "status", "open", "zed", "customer"),
    ]
    assert seen.rows("person", "source_id", "kind") == [("ann", "agent"), ("hello[bot]", "bot")]
    assert not [asked for asked in fake.asked if asked.path.endswith("/8/timeline")]


def test_a_list_that_shifts_while_it_is_read_loses_nothing(fake: FakeGitHub, tmp_path: Path) -> None:
    for number in range(1, 8):
        fake.open_issue(number, f"2026-03-02T09:0{number}:00Z")
    answer, shifted = fake.answer, []

    def shifting(asked: object) -> Told:
        told = answer(asked)  # type: ignore[arg-type]
        if len(fake.asked) == 2 and not shifted:
            shifted.append(fake.happen(1, "2026-03-02T12:00:00Z", "closed", actor=user("ann")))
        return told

    fake.answer = shifting  # type: ignore[method-assign]
    place = workspace(tmp_path / "desk", "github", url=fake.url, repositories="acme/app")
    sync_source(place, "desk", now=NOW)
    assert len(stored(place.root, "ticket")) == 7
    assert [row["ticket"] for row in stored(place.root, "change")] == ["acme/app#1"]
    before = len(fake.asked)
    sync_source(place, "desk", now=NOW)
    assert len(fake.asked) == before + 1  # nothing changed: the list is asked once, and no timeline
    fake.open_issue(9, "2026-03-03T09:00:00Z")
    sync_source(place, "desk", now=NOW)
    assert [asked.path for asked in fake.asked[before + 1 :]] == [
        "/repos/acme/app/issues",
        "/repos/acme/app/issues/9/timeline",
    ]


def test_many_changes_in_one_second(fake: FakeGitHub) -> None:
    for number in range(1, 8):
        fake.open_issue(number, "2026-03-02T09:00:00Z")
    assert len(set(read(fake).rows("ticket", "source_id"))) == 7


def test_a_limit_told_as_forbidden_is_waited_for(fake: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(clients, "wait", waited.append)
    sent = {"Date": "Mon, 02 Mar 2026 12:00:00 GMT", "X-RateLimit-Remaining": "0"}
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
    fake.troubles = {1: Told(status=403, headers={**sent, "X-RateLimit-Reset": str(int(noon) + 90)}, data={})}
    assert not read(fake).tables
    assert waited == [90.0]


def test_a_repository_that_may_not_be_read_is_named(fake: FakeGitHub) -> None:
    options = {"url": fake.url, "repositories": "acme/app, acme/secret"}
    with API.open(Account(source="desk", options=options, secrets={"token": "s3cret"})) as client:
        assert API.check(client) == ("Issues: read of acme/secret",)
