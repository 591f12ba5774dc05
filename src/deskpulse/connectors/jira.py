"""Jira Service Management over its REST API: issues in the order they were updated, with changelog and comments.

Built from descriptions by others, without a published one to hold it against: nearly all of it is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.changed import Changed
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import iso, seconds, whole
from deskpulse.connectors.connector import Batch, Quarantined

SIZE = 100
SEARCH = "rest/api/2/search/jql"
READ = "summary,description,created,updated,reporter,priority,issuetype,labels,project"
FIELDS = {"status": "status", "assignee": "assignee", "priority": "priority", "issuetype": "type"}
WAITING = ("waiting for customer", "pending")
AFTER_MESSAGES = 1_000_000


class Jira(ApiConnector):
    """Reads the requests of a Jira site."""

    title: ClassVar[str] = "Jira Service Management"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="site", says="What stands before .atlassian.net in your address", example="acme"),
        Need(name="email", says="The address of the account the token belongs to"),
        Need(name="projects", says="Keys of projects, joined by commas", example="HELP,IT"),
        Need(name="token", says="An API token of the account", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("Browse projects: what the account may not see is left out without a word",)
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "an issue: its reporter is the customer, its project the brand, labels are tags",
        "message": "the description and comments; those that are not public are internal; apps are bots",
        "change": "the changelog of status (category done is solved), assignee, priority and type",
        "person": "who commented or acted and is neither the reporter nor a portal customer",
        "customer": "reporters",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "Of an issue the newest 100 changes and the first 1000 comments are read.",
        "Targets (SLA) and feedback are not read; deleted issues stay.",
        "One request per updated issue.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product, and all names of fields.",
        "That a query may compare updated with thousandths of a second, and that jsdPublic tells of a comment.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the site."""
        base = account.options.get("url") or f"https://{account.host('site', 'atlassian.net')}"
        client = Client(str(base), source=account.source, auth=(account.text("email"), account.secret("token")))
        client.about = ",".join(f'"{key.strip()}"' for key in account.text("projects").split(","))
        return client

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for the statuses."""
        return ("Browse projects",) if client.get("rest/api/2/status", accept=(403,)).status == 403 else ()

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Statuses, then issues in the order they were updated, each page followed by their comments."""
        position = Position.read(cursor)
        yield from whole(position, now, "statuses", partial(client.get, "rest/api/2/status"), _statuses)
        issues = Changed(
            client=client,
            position=position,
            now=now,
            name="issues",
            size=SIZE,
            ask=partial(_ask, client),
            items=lambda data: data.get("issues") or [],
            stamp=lambda issue: iso(seconds(issue["fields"]["updated"])),
            key=lambda issue: str(issue["key"]),
            details="comments",
            detail=lambda key: (f"rest/api/2/issue/{key}/comment", {"maxResults": 1000}),
            about=lambda issue: {"asks": _id(issue["fields"].get("reporter"))},
        )
        yield from issues.pages(since, {"statuses": position.known.get("statuses", {})})

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of issues or of comments."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        if page.stream == "issues":
            rows.each(page.data.get("issues"), partial(_issue, rows, page.context))
        elif page.stream == "comments":
            rows.each(page.data.get("comments"), partial(_comment, rows, page.context))
        yield from rows.batches()


def _ask(client: Client, since: str | None, page: int) -> Answer:
    """The n-th page since a moment; a later one than the first only where one second fills a page."""
    query = f"project in ({client.about}) and updated >= {1000 * seconds(since)} order by updated asc"
    params: dict[str, Any] = {"jql": query, "fields": READ, "expand": "changelog", "maxResults": SIZE}
    for _ in range(page):
        answer = client.get(SEARCH, params)
        params["nextPageToken"] = answer.data.get("nextPageToken")
    return replace(answer, next_link=SEARCH if params["nextPageToken"] else None)


def _statuses(data: Any) -> dict[str, Any]:
    return dict(learned(data, lambda one: (str(one["id"]), _status(one))))


def _status(one: Any) -> str:
    if (one.get("statusCategory") or {}).get("key") == "done":
        return "solved"
    return "pending" if (one.get("name") or "").lower() in WAITING else "open"


def _id(user: Any) -> str | None:
    return user.get("accountId") if isinstance(user, dict) else None


def _issue(rows: Rows, known: Mapping[str, Any], issue: Any) -> None:
    told, name, asks = issue["fields"], issue["key"], issue["fields"].get("reporter") or {}
    rows.add(
        "ticket", name, seconds(told["updated"]), created_at=told["created"], customer=_id(asks), status="open",
        subject=told.get("summary"), tags=",".join(sorted(told.get("labels") or ())) or None,
        brand=(told.get("project") or {}).get("key"),
    )  # fmt: skip
    rows.add(
        "message", f"{name}:description", 1, ticket=name, at=told["created"], seq=0, author=_id(asks),
        author_kind="customer", is_public=True, text=told.get("description"),
    )  # fmt: skip
    if _id(asks):
        rows.add("customer", _id(asks), 1, name=asks.get("displayName"))
    histories = (issue.get("changelog") or {}).get("histories")
    rows.inner(histories, lambda entry: rows.inner(entry.get("items"), partial(_change, rows, known, issue, entry)))


def _change(rows: Rows, known: Mapping[str, Any], issue: Any, entry: Any, item: Any) -> None:
    if item.get("field") not in FIELDS:
        return
    field, by = FIELDS[item["field"]], entry.get("author")
    asks = _id(issue["fields"].get("reporter"))
    words = item.get("to") if field == "assignee" else (item.get("toString") or "").lower() or None
    new = known["statuses"].get(str(item.get("to")), "open") if field == "status" else words
    rows.add(
        "change", f"{entry['id']}:{field}", 1, ticket=issue["key"], at=entry["created"], field=field, new=new,
        by=_id(by), by_kind=_kind(rows, by, asks), seq=AFTER_MESSAGES,
    )  # fmt: skip


def _comment(rows: Rows, known: Mapping[str, Any], said: Any) -> None:
    by = said.get("author")
    rows.add(
        "message", said["id"], seconds(said.get("updated") or said["created"]), ticket=known["key"],
        at=said["created"], author=_id(by), author_kind=_kind(rows, by, known.get("asks")),
        is_public=said.get("jsdPublic", True), text=said.get("body"),
    )  # fmt: skip


def _kind(rows: Rows, user: Any, asks: str | None) -> str:
    """Who acts; staff and apps are told of as people."""
    if not isinstance(user, dict):
        return "system"
    if user.get("accountType") == "customer" or _id(user) == asks:
        return "customer"
    kind = "bot" if user.get("accountType") == "app" else "agent"
    rows.add("person", _id(user), 1, name=user.get("displayName"), kind=kind)
    return kind


API = Jira()
