"""GitHub issues as tickets: each issue that changed, and its timeline of comments, assignments, closings, reopenings.

Built from the published description of the API; see ``unverified``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.changed import Changed
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.connector import Batch, Quarantined

SIZE = 100
STAFF = ("OWNER", "MEMBER", "COLLABORATOR")
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
CLOSINGS = {"closed": "solved", "reopened": "open"}
GONE = ("converted_to_discussion", "transferred")
AFTER_MESSAGES = 1_000_000


class GitHub(ApiConnector):
    """Reads the issues of repositories."""

    title: ClassVar[str] = "GitHub Issues"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="repositories", says="Repositories, joined by commas", example="acme/app,acme/site"),
        Need(name="token", says="A token that may read their issues", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("Issues: read", "Metadata: read")
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "an issue (no pull request), called owner/name#number; labels are tags",
        "message": "its text and comments; who opened it writes as the customer, members and collaborators as agents",
        "change": "closed (solved), reopened (open), assigned, unassigned; moved or made a discussion: deleted",
        "person": "who commented as a member or collaborator, and bots",
        "customer": "who opened issues",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "One request per changed issue, 5000 an hour: a first sync of 20 000 issues takes four hours.",
        "Deleted issues are not told of; deleted comments stay.",
    )
    unverified: ClassVar[tuple[str, ...]] = ("The running product; the shapes follow the published description.",)

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options is the address of a server of one's own."""
        headers = {**HEADERS, "Authorization": f"Bearer {account.secret('token')}"}
        client = Client(
            str(account.options.get("url") or "https://api.github.com"), source=account.source, headers=headers
        )
        client.about = _repositories(account)
        return client

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for an issue of each repository."""
        asked = {name: client.get(f"repos/{name}/issues", {"per_page": 1}, accept=(403, 404)) for name in client.about}
        return tuple(f"Issues: read of {name}" for name, answer in asked.items() if answer.status != 200)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Repository by repository: issues in the order they changed, each page followed by their timelines."""
        position = Position.read(cursor)
        for repository in client.about:
            reading = Changed(
                client=client,
                position=position,
                now=now,
                name="issues",
                size=SIZE,
                ask=partial(_ask, client, repository),
                items=list,
                stamp=lambda issue: str(issue["updated_at"]),
                key=lambda issue: str(issue["number"]),
                details="timeline",
                detail=partial(_timeline, repository),
                about=partial(_about, repository),
                place=f"issues of {repository}",
            )
            yield from reading.pages(since, {"repository": repository})

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of issues or of a timeline."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        read = issues if page.stream == "issues" else timeline
        read(page.data, rows, page.context)
        yield from rows.batches()


def _repositories(account: Account) -> tuple[str, ...]:
    return tuple(name.strip() for name in account.text("repositories").split(",") if name.strip())


def _ask(client: Client, repository: str, since: str | None, page: int) -> Answer:
    params = {"state": "all", "sort": "updated", "direction": "asc", "per_page": SIZE, "page": page}
    return client.get(f"repos/{repository}/issues", params | ({"since": since} if since else {}))


def _timeline(repository: str, number: str) -> tuple[str, Mapping[str, Any]]:
    return f"repos/{repository}/issues/{number}/timeline", {"per_page": SIZE}


def _about(repository: str, issue: Any) -> Mapping[str, Any] | None:
    return None if "pull_request" in issue else {"repository": repository, "author": _login(issue.get("user"))}


def _login(user: Any) -> str | None:
    return user.get("login") if isinstance(user, dict) else None  # an account that was deleted is null


def issues(data: Any, rows: Rows, known: Mapping[str, Any]) -> None:
    """Issues as they were opened, with their first message."""

    def read(issue: Any) -> None:
        if "pull_request" in issue:
            return
        name, author = f"{known['repository']}#{issue['number']}", _login(issue.get("user"))
        labels = [label["name"] if isinstance(label, dict) else label for label in issue.get("labels") or ()]
        version = int(datetime.fromisoformat(issue["updated_at"]).timestamp())
        rows.add(
            "ticket", name, version, created_at=issue["created_at"], channel="github", customer=author,
            subject=issue.get("title"), tags=",".join(sorted(labels)) or None, brand=known["repository"],
            type=(issue.get("type") or {}).get("name"),
        )  # fmt: skip
        rows.add(
            "message", f"{name}:body", version, ticket=name, at=issue["created_at"], author=author, seq=0,
            author_kind=_kind(issue.get("user"), None, author), is_public=True, text=issue.get("body"),
        )  # fmt: skip
        if author:
            rows.add("customer", author, 1, name=author)

    rows.each(data, read)


def timeline(data: Any, rows: Rows, known: Mapping[str, Any]) -> None:
    """What happened to one issue."""
    name, author = f"{known['repository']}#{known['key']}", known.get("author")

    def read(event: Any) -> None:
        kind = event.get("event")
        if kind == "commented":
            _comment(rows, name, event, author)
        elif kind in CLOSINGS:
            _change(rows, name, event, author, "status", CLOSINGS[kind])
        elif kind in ("assigned", "unassigned"):
            assignee = _login(event.get("assignee"))
            _change(rows, name, event, author, "assignee", assignee if kind == "assigned" else None)
        elif kind in GONE:
            _change(rows, name, event, author, "deleted", "true")

    rows.each(data, read)


def _comment(rows: Rows, name: str, event: Any, author: str | None) -> None:
    user = event.get("user") or event.get("actor")
    kind = _kind(user, event.get("author_association"), author)
    version = int(datetime.fromisoformat(event.get("updated_at") or event["created_at"]).timestamp())
    rows.add(
        "message", event["id"], version, ticket=name, at=event["created_at"], author=_login(user), author_kind=kind,
        is_public=True, text=event.get("body"),
    )  # fmt: skip
    if kind in ("agent", "bot") and _login(user):
        rows.add("person", _login(user), 1, name=_login(user), kind=kind)


def _change(rows: Rows, name: str, event: Any, author: str | None, field: str, new: str | None) -> None:
    by = _login(event.get("actor"))
    is_bot = _kind(event.get("actor"), None, author) == "bot"
    kind = "customer" if by == author else "system" if is_bot else "agent"
    rows.add(
        "change", event["id"], 1, ticket=name, at=event["created_at"], field=field, new=new, by=by, by_kind=kind,
        seq=AFTER_MESSAGES,
    )  # fmt: skip


def _kind(user: Any, association: str | None, author: str | None) -> str:
    if isinstance(user, dict) and user.get("type") == "Bot":
        return "bot"
    return "agent" if association in STAFF and _login(user) != author else "customer"


API = GitHub()
