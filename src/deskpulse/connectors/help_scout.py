"""Help Scout over its Inbox API 2.0: conversations in the order they were modified, with their threads.

Built from descriptions by others, without a published one to hold it against: nearly all of it is unverified. Each
thread says the status and the assignee it left behind: a change is where that differs from the thread before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.changed import Changed
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.granted import ClientCredentials
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.whole import seconds
from deskpulse.connectors.connector import Batch, Quarantined

BASE = "https://api.helpscout.net/v2"
SIZE = 25
STATUSES = {"active": "open", "pending": "pending", "closed": "solved"}
KINDS = {"customer": "customer", "user": "agent"}
TEAM = "team"
WORDS = ("customer", "message", "note", "chat", "phone", "reply")
AFTER_MESSAGES = 1_000_000


class HelpScout(ApiConnector):
    """Reads a Help Scout account."""

    title: ClassVar[str] = "Help Scout"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="app", says="The id of an OAuth2 app of your profile"),
        Need(name="token", says="The secret of the app", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("the mailboxes its user may see",)
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a conversation: its type is the channel; tags",
        "message": "threads with words; notes are internal; drafts and hidden ones are left out",
        "change": "status (active is open, closed is solved), assignee, team as the threads leave them; spam; deleted",
        "person": "users that wrote or were assigned",
        "customer": "customers that wrote",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "Ratings are not read yet.",
        "Of merged conversations only the one that is left is known.",
        "Words come as HTML; those of chats come cut short.",
        "Answers by Help Scout's AI count as agents': version 2 of the API does not tell them apart.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product, and all names of fields: there is no machine-readable description.",
        "That the list finds by the second, sorts by modifiedAt (told as userUpdatedAt) and embeds all threads.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the public address."""
        base = str(account.options.get("url") or BASE)
        auth = ClientCredentials(f"{base}/oauth2/token", account.text("app"), account.secret("token"))
        return Client(base, source=account.source, auth=auth)

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for conversations."""
        answer = client.get("conversations", {"status": "all"}, accept=(403,))
        return ("reading conversations",) if answer.status == 403 else ()

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Conversations in the order they were modified."""
        conversations = Changed(
            client=client,
            position=Position.read(cursor),
            now=now,
            name="conversations",
            size=SIZE,
            ask=partial(_ask, client),
            items=_conversations,
            stamp=lambda item: str(item["userUpdatedAt"]),
            key=lambda item: str(item["id"]),
        )
        yield from conversations.pages(since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of conversations."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        rows.each(_conversations(page.data), partial(_conversation, rows))
        yield from rows.batches()


def _conversations(data: Any) -> list[Any]:
    return (data.get("_embedded") or {}).get("conversations") or []


def _ask(client: Client, since: str | None, page: int) -> Answer:
    params = {"status": "all", "embed": "threads", "sortField": "modifiedAt", "sortOrder": "asc", "page": page}
    answer = client.get("conversations", params | ({"modifiedSince": since} if since else {}))
    return replace(answer, next_link=((answer.data.get("_links") or {}).get("next") or {}).get("href"))


def _conversation(rows: Rows, item: Any) -> None:
    version, asks = seconds(item["userUpdatedAt"]), item.get("primaryCustomer") or {}
    tags = [tag["tag"] for tag in item.get("tags") or ()]
    rows.add(
        "ticket", item["id"], version, created_at=item["createdAt"], channel=item.get("type"), customer=asks.get("id"),
        subject=item.get("subject"), status="open", tags=",".join(sorted(tags)) or None,
    )  # fmt: skip
    _person(rows, {**asks, "type": "customer"})
    told = (item.get("_embedded") or {}).get("threads")
    threads = rows.in_order(told, lambda one: float(seconds(one["createdAt"])))
    rows.each(list(enumerate(threads)), _History(rows=rows, ticket=item["id"]).read)
    gone = {"spam": item.get("status") == "spam", "deleted": item.get("state") == "deleted"}
    for flag in (flag for flag, is_so in gone.items() if is_so):
        rows.add(
            "change", f"{item['id']}:{flag}", 1, ticket=item["id"], at=item["userUpdatedAt"], field=flag, new="true",
            seq=2 * AFTER_MESSAGES,
        )  # fmt: skip


@dataclass(kw_only=True)
class _History:
    """The threads of a conversation, one after the other."""

    rows: Rows
    ticket: Any
    status: str = "open"
    assignee: Any = None
    team: Any = None

    def read(self, numbered: Any) -> None:
        seq, thread = numbered
        if thread.get("state") in ("draft", "hidden"):
            return
        _message(self.rows, self.ticket, thread, seq)
        status = STATUSES.get(thread.get("status", ""), self.status)
        assignee, team = self._given_to(thread.get("assignedTo") or {})
        for field, before, after in (
            ("status", self.status, status), ("assignee", self.assignee, assignee), ("team", self.team, team),
        ):  # fmt: skip
            if before != after:
                _change(self.rows, self.ticket, thread, field, after, seq)
        self.status, self.assignee, self.team = status, assignee, team

    def _given_to(self, whom: Any) -> tuple[Any, Any]:
        """Assignee and team: a conversation is given to a person or to a team."""
        if whom.get("type") == TEAM:
            return None, _name(whom) or whom.get("id")
        return whom.get("id", self.assignee), self.team


def _message(rows: Rows, ticket: Any, thread: Any, seq: int) -> None:
    by, kind = thread.get("createdBy") or {}, thread.get("type")
    _person(rows, by)
    given = thread.get("assignedTo") or {}
    if given.get("type") != TEAM:
        _person(rows, {**given, "type": "user"})
    if kind in WORDS and thread.get("body"):
        rows.add(
            "message", thread["id"], 1, ticket=ticket, at=thread["createdAt"], author=by.get("id"), seq=seq,
            author_kind=KINDS.get(by.get("type", ""), "system"), is_public=kind != "note", text=thread["body"],
        )  # fmt: skip


def _change(rows: Rows, ticket: Any, thread: Any, field: str, new: Any, seq: int) -> None:
    by = thread.get("createdBy") or {}
    rows.add(
        "change", f"{thread['id']}:{field}", 1, ticket=ticket, at=thread["createdAt"], field=field, new=new,
        by=by.get("id"), by_kind=KINDS.get(by.get("type", ""), "system"), seq=AFTER_MESSAGES + seq,
    )  # fmt: skip


def _person(rows: Rows, one: Any) -> None:
    name = _name(one)
    if one.get("id") and one.get("type") == "customer":
        rows.add("customer", one["id"], 1, name=name)
    elif one.get("id") and one.get("type") == "user":
        rows.add("person", one["id"], 1, name=name, kind="agent")


def _name(one: Any) -> str | None:
    return " ".join(filter(None, (one.get("first"), one.get("last")))) or None


API = HelpScout()
