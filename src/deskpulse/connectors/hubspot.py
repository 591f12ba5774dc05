"""HubSpot Service over its CRM API: tickets in the order they were modified, and the history of each; stages, owners.

Searches end at 10 000 rows, so each page begins at the last change seen. Stages are read as the warehouse preset reads
them: a closed one is solved, one called New is new, Waiting on contact pending, Hold on_hold, any other open. Without
access to conversations, the opening text is the customer's and the first reply the owner's.
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
from deskpulse.connectors.api.whole import seconds, whole
from deskpulse.connectors.connector import Batch, Quarantined

SIZE = 100
TICKETS = "crm/v3/objects/tickets"
CHANGED = "hs_lastmodifieddate"
STAGE, OWNER = "hs_pipeline_stage", "hubspot_owner_id"
FIELDS = {STAGE: "status", OWNER: "assignee"}
READ = (
    "subject", "content", "createdate", CHANGED, "source_type", "hs_ticket_priority", "hs_ticket_category",
    "hs_pipeline", "first_agent_reply_date", STAGE, OWNER,
)  # fmt: skip
NAMED = {"new": "new", "waiting on contact": "pending", "waiting on customer": "pending", "hold": "on_hold"}
LISTS = {"pipelines": ("crm/v3/pipelines/tickets", None), "owners": ("crm/v3/owners", {"limit": 500})}
AFTER_MESSAGES = 1_000_000


class HubSpot(ApiConnector):
    """Reads the tickets of a HubSpot account."""

    title: ClassVar[str] = "HubSpot Service"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (Need(name="token", says="The access token of a private app", is_secret=True),)
    scopes: ClassVar[tuple[str, ...]] = ("tickets", "crm.objects.owners.read", "crm.objects.contacts.read")
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a ticket: source_type is the channel, the pipeline the team, its first contact the customer",
        "message": "its content as the customer's, first_agent_reply_date as the owner's first reply",
        "change": "the history of stage (status) and owner (assignee)",
        "person": "owners",
        "customer": "contacts of tickets, by id alone",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "Conversations are not read: replies after the first are not known.",
        "One request per changed ticket.",
        "Archived tickets are not told of: they stay.",
        "The first 500 owners have names.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product; searches and tickets follow the published description.",
        "Names of properties, lists of pipelines and owners, and that a search finds what changed at once.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the public address."""
        headers = {"Authorization": f"Bearer {account.secret('token')}"}
        return Client(
            str(account.options.get("url") or "https://api.hubapi.com"), source=account.source, headers=headers
        )

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks each kind of list once."""
        asked = {"tickets": TICKETS, "crm.objects.owners.read": "crm/v3/owners"}
        return tuple(
            scope for scope, address in asked.items() if client.get(address, {"limit": 1}, accept=(403,)).status == 403
        )

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Pipelines and owners, then tickets, each page followed by the history of each."""
        position = Position.read(cursor)
        for name, (address, params) in LISTS.items():
            learn = _stages if name == "pipelines" else _nothing
            yield from whole(position, now, name, partial(client.get, address, params), learn)
        tickets = Changed(
            client=client,
            position=position,
            now=now,
            name="tickets",
            size=SIZE,
            ask=partial(_ask, client),
            items=lambda data: data.get("results") or [],
            stamp=lambda item: str(item["properties"][CHANGED]),
            key=lambda item: str(item["id"]),
            details="ticket",
            detail=_detail,
            about=lambda item: {"stages": position.known.get("pipelines", {})},
        )
        yield from tickets.pages(since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of owners, or of a ticket with its history."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        if page.stream == "owners":
            rows.each(page.data.get("results"), partial(_owner, rows))
        elif page.stream == "ticket":
            rows.each([page.data], partial(_ticket, rows, page.context))
        yield from rows.batches()


def _ask(client: Client, since: str | None, page: int) -> Answer:
    least = {"propertyName": CHANGED, "operator": "GTE", "value": str(1000 * seconds(since))}
    body = {
        "filterGroups": [{"filters": [least]}], "sorts": [{"propertyName": CHANGED, "direction": "ASCENDING"}],
        "properties": [CHANGED], "limit": SIZE, "after": str(SIZE * (page - 1)),
    }  # fmt: skip
    answer = client.post(f"{TICKETS}/search", body)
    more = ((answer.data.get("paging") or {}).get("next") or {}).get("after")
    return replace(answer, next_link=f"{TICKETS}/search" if more else None)


def _detail(key: str) -> tuple[str, Mapping[str, Any]]:
    asked = {"properties": ",".join(READ), "propertiesWithHistory": ",".join(FIELDS), "associations": "contacts"}
    return f"{TICKETS}/{key}", asked


def _stages(data: Any) -> dict[str, Any]:
    lists = learned(data.get("results"), lambda pipeline: pipeline.get("stages"))
    return {name: status for stages in lists for name, status in learned(stages, _stage)}


def _stage(stage: Any) -> tuple[str, str]:
    return str(stage["id"]), _status(stage)


def _status(stage: Any) -> str:
    told = stage.get("metadata") or {}
    if str(told.get("isClosed")).lower() == "true" or told.get("ticketState") == "CLOSED":
        return "solved"
    return NAMED.get((stage.get("label") or "").strip().lower(), "open")


def _nothing(data: Any) -> dict[str, Any]:
    return {}


def _owner(rows: Rows, owner: Any) -> None:
    name = " ".join(filter(None, (owner.get("firstName"), owner.get("lastName")))) or None
    rows.add("person", owner["id"], 1, name=name, kind="agent")


def _ticket(rows: Rows, known: Mapping[str, Any], item: Any) -> None:
    told, id_ = item["properties"], item["id"]
    opened = seconds(told["createdate"])
    linked = ((item.get("associations") or {}).get("contacts") or {}).get("results") or ()
    asks = next((one.get("id") for one in linked if isinstance(one, dict)), None)
    history = item.get("propertiesWithHistory") or {}
    begun = {}
    for name, field in FIELDS.items():
        values = rows.in_order(history.get(name), lambda one: float(seconds(one["timestamp"])))
        first = [one for one in values if seconds(one["timestamp"]) <= opened]
        begun[field] = _value(name, first[-1]["value"] if first else None if values else told.get(name), known)
        rows.each(values[len(first) :], partial(_changed, rows, known, id_, name))
    rows.add(
        "ticket", id_, seconds(told[CHANGED]), created_at=told["createdate"], customer=asks,
        channel=(told.get("source_type") or "").lower() or None, subject=told.get("subject"),
        priority=(told.get("hs_ticket_priority") or "").lower() or None, topic=told.get("hs_ticket_category"),
        team=told.get("hs_pipeline"), status=begun["status"] or "open", assignee=begun["assignee"],
    )  # fmt: skip
    if asks:
        rows.add("customer", asks, 1)
    _messages(rows, id_, told, asks)


def _value(name: str, value: Any, known: Mapping[str, Any]) -> str | None:
    if not value:
        return None
    return str(known["stages"].get(str(value), "open")) if name == STAGE else str(value)


def _messages(rows: Rows, id_: Any, told: Any, asks: Any) -> None:
    rows.add(
        "message", f"{id_}:content", 1, ticket=id_, at=told["createdate"], seq=0, author=asks, author_kind="customer",
        is_public=True, text=told.get("content"),
    )  # fmt: skip
    if told.get("first_agent_reply_date"):
        rows.add(
            "message", f"{id_}:first_reply", 1, ticket=id_, at=told["first_agent_reply_date"], seq=1,
            author=told.get(OWNER) or None, author_kind="agent", is_public=True,
        )  # fmt: skip


def _changed(rows: Rows, known: Mapping[str, Any], ticket: Any, name: str, one: Any) -> None:
    field, new = FIELDS[name], _value(name, one["value"], known)
    rows.add(
        "change", f"{ticket}:{field}:{one['timestamp']}", 1, ticket=ticket, at=one["timestamp"], field=field, new=new,
        by=one.get("updatedByUserId"), seq=AFTER_MESSAGES,
    )  # fmt: skip


API = HubSpot()
