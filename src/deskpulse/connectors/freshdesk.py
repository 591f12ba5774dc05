"""Freshdesk: tickets in the order they changed, the conversations of each, agents, groups and satisfaction ratings.

Freshdesk's API has no history of changes: status is worked out from the dates it keeps, assignee and group are the
present ones. Built from descriptions by others; see ``unverified``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.changed import WRONG_CLOCK, Changed
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import is_fresh
from deskpulse.connectors.connector import Batch, Quarantined

SIZE = 100
MOST_PAGES = 300
"""Of a list; those of tickets never come so far."""

GONE = ("deleted", "spam")
FIRST_DAY = "1970-01-01T00:00:00Z"
"""Without it only the last thirty days are listed."""

CHANNELS = {1: "email", 2: "portal", 3: "phone", 7: "chat", 9: "feedback widget", 10: "email"}
OUTBOUND = 10
PRIORITIES = {1: "low", 2: "medium", 3: "high", 4: "urgent"}
MOMENTS = {"pending_since": "pending", "reopened_at": "open", "resolved_at": "solved", "closed_at": "closed"}
SCORES = {-103: 1, -102: 2, -101: 3, 100: 4, 101: 5, 102: 6, 103: 7}
AFTER_MESSAGES = 1_000_000


class Freshdesk(ApiConnector):
    """Reads a Freshdesk account."""

    title: ClassVar[str] = "Freshdesk"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "survey", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="domain", says="What stands before .freshdesk.com in your address", example="acme"),
        Need(name="token", says="The API key of an administrator", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("an administrator's key (agents and ratings are for administrators)",)
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a ticket with its present agent, group, priority and type; its source is the channel",
        "message": "its description and its conversations; private ones are notes, incoming ones the customer's",
        "change": "resolved_at is solved, reopened_at open, pending_since pending, closed_at closed; deleted and spam "
        "by the lists of those",
        "survey": "satisfaction ratings, -103 to 103 as 1 to 7",
        "person": "agents",
        "customer": "requesters",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "No history of agents and groups: assignments and transfers are not known.",
        "Of several reopenings between two syncs only the last is known.",
        "A deleted ticket that is restored, or one that is no spam after all, stays left out.",
        "One request per changed ticket; plans allow from 50 to 700 requests a minute.",
        "Surveys that nobody answered are not listed: the response rate is not known.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product; numbers of sources and statuses, the fields of stats, incoming and private, ratings.",
        "That the lists of deleted tickets and of spam can be asked for by change; beyond 30 000 ratings, their order.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the domain."""
        base = account.options.get("url") or f"https://{account.host('domain', 'freshdesk.com')}"
        return Client(f"{base}/api/v2", source=account.source, auth=(account.secret("token"), "X"))

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks each kind of list once."""
        return tuple(
            f"reading {name}" for name in ("tickets", "agents", "groups", "surveys/satisfaction_ratings")
            if client.get(name, {"per_page": 1}, accept=(403,)).status == 403
        )  # fmt: skip

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Groups and agents, then tickets with their conversations, then ratings."""
        position = Position.read(cursor)
        for name in ("groups", "agents"):
            yield from _whole(client, position, now, name)
        known = {"groups": position.known.get("groups", {})}
        tickets = Changed(
            client=client,
            position=position,
            now=now,
            name="tickets",
            size=SIZE,
            ask=partial(_tickets, client, None),
            items=list,
            stamp=lambda ticket: str(ticket["updated_at"]),
            key=lambda ticket: str(ticket["id"]),
            details="conversations",
            detail=lambda key: (f"tickets/{key}/conversations", {"per_page": SIZE}),
            about=partial(_about, position),
        )
        yield from tickets.pages(since, known)
        for gone in GONE:
            listed = replace(tickets, ask=partial(_tickets, client, gone), place=f"{gone} tickets", detail=None)
            yield from listed.pages(since, {**known, "gone": gone})
        yield from _ratings(client, position, now, since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of any of the lists."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        if page.stream in READERS:
            rows.each(page.data, partial(READERS[page.stream], rows, page.context))
        yield from rows.batches()


def _tickets(client: Client, gone: str | None, since: str | None, page: int) -> Answer:
    """What is deleted or spam stands in a list of its own alone."""
    params = {"order_by": "updated_at", "order_type": "asc", "include": "stats,requester,description"}
    chosen = {"filter": gone} if gone else {}
    place = {"updated_since": since or FIRST_DAY, "per_page": SIZE, "page": page}
    return client.get("tickets", {**params, **chosen, **place})


def _ratings(client: Client, position: Position, now: datetime, since: datetime | None) -> Iterator[Page]:
    """Ratings since the newest one known, to the last page: in which order they are listed nobody says."""
    begin = f"{since.isoformat()}Z" if since else FIRST_DAY
    here = position.lists.setdefault("ratings", {"since": begin, "newest": begin, "page": 1})
    while True:
        params = {"created_since": here["since"], "per_page": SIZE, "page": here["page"]}
        answer = client.get("surveys/satisfaction_ratings", params, accept=(403,))
        if answer.status == 403:  # the account has no surveys
            return
        told = learned(answer.data, lambda rating: datetime.fromisoformat(rating["created_at"]).astimezone(UTC))
        past = [at.replace(tzinfo=None).isoformat() + "Z" for at in told if at.replace(tzinfo=None) < now + WRONG_CLOCK]
        here["newest"] = max([here["newest"], *past])
        is_end = answer.next_link is None and len(answer.data) < SIZE
        if is_end or here["page"] == MOST_PAGES:
            here.update(since=here["newest"], page=1)
        else:
            here["page"] += 1
        yield Page(
            stream="satisfaction_ratings", body=answer.body, cursor=position.text, fetched_at=now,
            items=len(answer.data),
        )  # fmt: skip
        if is_end:
            return


def _about(position: Position, ticket: Any) -> Mapping[str, Any]:
    return {"requester": ticket.get("requester_id"), "agents": position.known.get("agents", [])}


def _whole(client: Client, position: Position, now: datetime, name: str) -> Iterator[Page]:
    """A short list, read from its beginning when it is an hour old."""
    here = position.lists.setdefault(name, {})
    if is_fresh(here, now):
        return
    address: str | None = here.get("next") or name
    while address:
        answer = client.get(address, {"per_page": SIZE} if address == name else None)
        _learn(position, name, answer.data)
        address = answer.next_link
        position.lists[name] = {"next": address} if address else {"read": now.isoformat()}
        cursor = position.text
        yield Page(stream=name, body=answer.body, cursor=cursor, fetched_at=now, items=len(answer.data))


def _learn(position: Position, name: str, data: Any) -> None:
    if name == "groups":
        names = dict(learned(data, lambda group: (str(group["id"]), group.get("name"))))
        position.known["groups"] = position.known.get("groups", {}) | names
    else:
        ids = set(learned(data, lambda agent: int(agent["id"])))
        position.known["agents"] = sorted(ids | set(position.known.get("agents", [])))


def _ticket(rows: Rows, known: Mapping[str, Any], ticket: Any) -> None:
    id_, at, asked = ticket["id"], ticket["updated_at"], ticket.get("requester_id")
    group, version = str(ticket.get("group_id")), int(datetime.fromisoformat(at).timestamp())
    agent, is_outbound = ticket.get("responder_id"), ticket.get("source") == OUTBOUND
    rows.add(
        "ticket", id_, version, created_at=ticket["created_at"], customer=asked, subject=ticket.get("subject"),
        channel=CHANNELS.get(ticket.get("source")), assignee=agent, status="open",
        team=known.get("groups", {}).get(group) or ticket.get("group_id"), type=ticket.get("type"),
        priority=PRIORITIES.get(ticket.get("priority")), tags=",".join(sorted(ticket.get("tags") or ())) or None,
    )  # fmt: skip
    rows.add(
        "message", f"{id_}:description", 1, ticket=id_, at=ticket["created_at"], seq=0, is_public=True,
        author=agent if is_outbound else asked, author_kind="agent" if is_outbound else "customer",
        text=ticket.get("description_text"),
    )  # fmt: skip
    for name, status in MOMENTS.items():
        moment = (ticket.get("stats") or {}).get(name)
        if moment:
            _change(rows, id_, f"{name}:{moment}", moment, "status", status)
    for flag in GONE:
        if ticket.get(flag) or known.get("gone") == flag:
            _change(rows, id_, flag, at, flag, "true")
    requester = ticket.get("requester")
    if isinstance(requester, dict) and asked:
        rows.add("customer", asked, version, name=requester.get("name"))


def _change(rows: Rows, ticket: Any, what: str, at: Any, field: str, new: str) -> None:
    rows.add("change", f"{ticket}:{what}", 1, ticket=ticket, at=at, field=field, new=new, seq=AFTER_MESSAGES)


def _conversation(rows: Rows, known: Mapping[str, Any], said: Any) -> None:
    author = said.get("user_id")
    is_staff = author in known["agents"] and author != known.get("requester")
    kind = "system" if author is None else "customer" if said.get("incoming") or not is_staff else "agent"
    updated = said.get("updated_at") or said["created_at"]
    rows.add(
        "message", said["id"], int(datetime.fromisoformat(updated).timestamp()), ticket=known["key"],
        at=said["created_at"], author=author, author_kind=kind, is_public=not said.get("private", False),
        text=said.get("body_text"),
    )  # fmt: skip


def _rating(rows: Rows, known: Mapping[str, Any], rating: Any) -> None:
    given = (rating.get("ratings") or {}).get("default_question")
    rows.add(
        "survey", rating["id"], 1, survey=rating["id"], action="answered", at=rating["created_at"], kind="csat",
        ticket=rating.get("ticket_id"), customer=rating.get("user_id"), agent=rating.get("agent_id"),
        score=float(SCORES[int(str(given))]), scale_low=1.0, scale_high=7.0, comment=rating.get("feedback"),
    )  # fmt: skip


def _agent(rows: Rows, known: Mapping[str, Any], agent: Any) -> None:
    version = int(datetime.fromisoformat(agent["updated_at"]).timestamp()) if agent.get("updated_at") else 1
    rows.add("person", agent["id"], version, name=(agent.get("contact") or {}).get("name"), kind="agent")


READERS = {
    "tickets": _ticket,
    "conversations": _conversation,
    "satisfaction_ratings": _rating,
    "agents": _agent,
}

API = Freshdesk()
