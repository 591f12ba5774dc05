"""Intercom over its API: conversations in the order they changed, the parts of each, admins and teams.

Version 2.14 of the API is asked for. Built from its published description; what that leaves open (the types of parts)
is read as the warehouse preset reads it: see ``unverified``. A second answer to a rating is a re-rating.
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
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import iso, seconds, whole
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import UnknownNameError

VERSION = "2.14"
SIZE = 150
NEXT = "conversations/search"
REGIONS = {"us": "api.intercom.io", "eu": "api.eu.intercom.io", "au": "api.au.intercom.io"}
CHANNELS = {"conversation": "chat", "phone_call": "phone", "phone_switch": "phone"}
KINDS = {"admin": "agent", "team": "agent", "bot": "bot", "user": "customer", "lead": "customer", "contact": "customer"}
STATUSES = {
    "close": "solved", "open": "open", "assign_and_reopen": "open", "snoozed": "pending", "unsnoozed": "open",
    "assign_and_unsnooze": "open",
}  # fmt: skip
INTERNAL = ("note", "assign")
FIELDS = {"admin": "assignee", "team": "team"}
AFTER_MESSAGES = 1_000_000


class Intercom(ApiConnector):
    """Reads an Intercom workspace."""

    title: ClassVar[str] = "Intercom"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "survey", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="region", says="Where the workspace is hosted: us, eu or au", default="us"),
        Need(name="token", says="The access token of an app of the workspace", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("Read conversations", "Read admins", "Read one user and one company")
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a conversation: how it began is its channel (the Messenger is chat), its first contact the customer",
        "message": "what it began with and its parts with words; notes and the words of assignments are internal",
        "change": "close is solved, snoozed pending, a reopening or a customer's words after them open; assignments",
        "survey": "conversation ratings from 1 to 5, with the remark",
        "person": "admins; bots and AI agents that wrote",
        "customer": "contacts that wrote, and the contact of each conversation",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "One request per changed conversation; the smallest plans allow 1000 a minute.",
        "A conversation gives at most its 500 newest parts: older ones of very long conversations are not known.",
        "Ratings that nobody answered are not listed: the response rate is not known.",
        "Tickets of Intercom's own kind (tickets/search) are not read.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product; the shapes follow the published description.",
        "The types of parts, and that search finds by the second a conversation was updated.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the region."""
        region = account.text("region", "us").strip().lower()
        if region not in REGIONS:
            raise UnknownNameError("region of Intercom", region, REGIONS)
        headers = {"Authorization": f"Bearer {account.secret('token')}", "Intercom-Version": VERSION}
        return Client(
            str(account.options.get("url") or f"https://{REGIONS[region]}"), source=account.source,
            headers={**headers, "Accept": "application/json"},
        )  # fmt: skip

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for the admins and for a conversation."""
        asked = {
            "Read admins": client.get("admins", accept=(403,)),
            "Read conversations": client.post(NEXT, _query(0, 1, None), accept=(403,)),
        }
        return tuple(scope for scope, answer in asked.items() if answer.status == 403)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Teams and admins, then conversations, each page followed by the parts of each."""
        position = Position.read(cursor)
        for name in ("teams", "admins"):
            yield from whole(position, now, name, partial(client.get, name), partial(_names, name))
        conversations = Changed(
            client=client,
            position=position,
            now=now,
            name="conversations",
            size=SIZE,
            ask=partial(_ask, client),
            items=lambda data: data.get("conversations") or [],
            stamp=lambda item: iso(item["updated_at"]),
            key=lambda item: str(item["id"]),
            details="conversation",
            detail=lambda key: (f"conversations/{key}", {"display_as": "plaintext"}),
            about=lambda item: {"teams": position.known.get("teams", {})},
        )
        yield from conversations.pages(since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of any of the lists."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        if page.stream == "admins":
            rows.each(page.data.get("admins"), partial(_admin, rows))
        elif page.stream == "conversations":
            rows.each(page.data.get("conversations"), partial(_conversation, rows))
        elif page.stream == "conversation":
            rows.each([page.data], partial(_history, rows, page.context))
        yield from rows.batches()


def _query(since: int, size: int, after: str | None) -> dict[str, Any]:
    place = {"per_page": size} | ({"starting_after": after} if after else {})
    return {
        "query": {"field": "updated_at", "operator": ">", "value": since - 1},
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": place,
    }


def _ask(client: Client, since: str | None, page: int) -> Answer:
    """The n-th page since a moment; a later one than the first only where one second fills a page."""
    after = None
    for _ in range(page):
        answer = client.post(NEXT, _query(max(1, seconds(since)), SIZE, after))
        after = ((answer.data.get("pages") or {}).get("next") or {}).get("starting_after")
    return replace(answer, next_link=NEXT if after else None)


def _names(name: str, data: Any) -> dict[str, Any]:
    return dict(learned(data.get(name), lambda one: (str(one["id"]), one.get("name"))))


def _admin(rows: Rows, admin: Any) -> None:
    rows.add("person", admin["id"], 1, name=admin.get("name"), kind="agent")


def _customer(item: Any) -> Any:
    contacts = (item.get("contacts") or {}).get("contacts") or [{}]
    return contacts[0].get("id")


def _conversation(rows: Rows, item: Any) -> None:
    source, version = item.get("source") or {}, int(item["updated_at"])
    tags = [tag["name"] for tag in (item.get("tags") or {}).get("tags") or ()]
    rows.add(
        "ticket", item["id"], version, created_at=item["created_at"], status="open", customer=_customer(item),
        channel=CHANNELS.get(source.get("type") or "", source.get("type")), tags=",".join(sorted(tags)) or None,
        subject=item.get("title") or source.get("subject") or None,
    )  # fmt: skip
    if _customer(item):
        rows.add("customer", _customer(item), 1)
    rating = item.get("conversation_rating") or {}
    if rating.get("rating") is not None:
        _rating(rows, item, rating)


def _rating(rows: Rows, item: Any, rating: Any) -> None:
    at = rating.get("updated_at") or rating["created_at"]
    rows.add(
        "survey", f"{item['id']}:rating:{at}", 1, survey=f"{item['id']}:rating", action="answered", at=at, kind="csat",
        ticket=item["id"], customer=(rating.get("contact") or {}).get("id") or _customer(item),
        agent=(rating.get("teammate") or {}).get("id"), score=float(rating["rating"]), scale_low=1.0, scale_high=5.0,
        comment=rating.get("remark"),
    )  # fmt: skip


def _history(rows: Rows, known: Mapping[str, Any], item: Any) -> None:
    begun = item.get("source") or {}
    _message(rows, item["id"], f"{item['id']}:source", {**begun, "created_at": item["created_at"]}, seq=0)
    told = item.get("conversation_parts") or {}
    parts = rows.in_order(told.get("conversation_parts"), lambda part: float(part["created_at"]))
    history = _History(rows=rows, ticket=item["id"], teams=known.get("teams") or {})
    rows.each(list(enumerate(parts, 1)), history.read)


@dataclass(kw_only=True)
class _History:
    """The parts of a conversation, one after the other."""

    rows: Rows
    ticket: Any
    teams: Mapping[str, Any]
    is_open: bool = True

    def read(self, numbered: Any) -> None:
        seq, part = numbered
        kind = part.get("part_type") or ""
        if part.get("body"):
            _message(self.rows, self.ticket, part["id"], part, seq=seq)
        status = STATUSES.get(kind)
        if kind == "comment" and not self.is_open and _kind(part) == "customer":
            status = "open"
        if status:
            self.is_open = status == "open"
            _change(self.rows, self.ticket, part, "status", status, seq)
        _assigned(self.rows, self.ticket, part, self.teams, seq)


def _assigned(rows: Rows, ticket: Any, part: Any, teams: Mapping[str, Any], seq: int) -> None:
    to = part.get("assigned_to") or {}
    field = FIELDS.get(to.get("type", ""))
    if field and to.get("id") is not None:
        name = str(to["id"])
        _change(rows, ticket, part, field, (teams.get(name) or name) if field == "team" else name, seq)


def _message(rows: Rows, ticket: Any, name: Any, said: Any, seq: int) -> None:
    author, kind = said.get("author") or {}, _kind(said)
    rows.add(
        "message", name, int(said.get("updated_at") or said["created_at"]), ticket=ticket, at=said["created_at"],
        seq=seq, author=author.get("id"), author_kind=kind, text=said.get("body"),
        is_public=not (said.get("part_type") or "").startswith(INTERNAL),
    )  # fmt: skip
    if author.get("id") and kind == "bot":
        rows.add("person", author["id"], 1, name=author.get("name"), kind="bot")
    if author.get("id") and kind == "customer":
        rows.add("customer", author["id"], 2, name=author.get("name"))


def _change(rows: Rows, ticket: Any, part: Any, field: str, new: str, seq: int) -> None:
    by = part.get("author") or {}
    rows.add(
        "change", f"{part['id']}:{field}", 1, ticket=ticket, at=part["created_at"], field=field, new=new,
        by=by.get("id"), by_kind=_kind(part), seq=AFTER_MESSAGES + seq,
    )  # fmt: skip


def _kind(said: Any) -> str:
    author = said.get("author") or {}
    is_bot = author.get("from_ai_agent") or author.get("is_ai_answer")
    return "bot" if is_bot else KINDS.get(author.get("type", ""), "system")


API = Intercom()
