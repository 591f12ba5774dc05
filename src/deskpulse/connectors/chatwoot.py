"""Chatwoot over its application API: conversations by their last activity, the messages and reporting events of each.

The list is read from its newest activity back to where the last run began, page by page: what is active meanwhile
moves to the front, so that nothing that is still to come is passed over. Status changes are told by reporting events
alone, which are for administrators; what has none and is resolved by now counts as resolved at its last activity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.changed import WRONG_CLOCK
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import whole
from deskpulse.connectors.connector import Batch, Quarantined

MESSAGES = 100
INCOMING, OUTGOING, ACTIVITY = 0, 1, 2
KINDS = {
    "Contact": "customer", "User": "agent", "AgentBot": "bot", "Captain::Assistant": "bot",
    "contact": "customer", "user": "agent", "agent_bot": "bot", "captain_assistant": "bot",
}  # fmt: skip
"""By what a delivery says (``sender_type``), and by what stands in a list (the sender's ``type``)."""

STATUSES = {"resolution": "solved", "conversation_resolved": "solved", "conversation_opened": "open"}
ENDED = "resolved"
AFTER_MESSAGES = 1_000_000


class Chatwoot(ApiConnector):
    """Reads an account of Chatwoot."""

    title: ClassVar[str] = "Chatwoot"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="account", says="The number of the account, as in its address", example="1"),
        Need(name="url", says="The address of the server", default="https://app.chatwoot.com"),
        Need(name="token", says="The access token of an administrator", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("an administrator's token (reporting events are for administrators)",)
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a conversation with its present assignee, inbox type (channel), priority and labels",
        "message": "incoming ones are the customer's, private ones notes; bots are bots; activities are left out",
        "change": "reporting events: resolution is solved, conversation_opened open",
        "person": "agents, and bots that wrote",
        "customer": "contacts",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "No history of assignees and teams: assignments and transfers are not known.",
        "Satisfaction surveys are not read yet.",
        "A conversation deleted while its list is read may hide another until that one is active again.",
        "At least two requests per active conversation.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product; the shapes follow the published description.",
        "The sender's type in a list of messages, which the description leaves open.",
        "That the list is sorted by the last activity, the newest first; the reporting event conversation_opened.",
    )

    def open(self, account: Account) -> Client:
        """The client of the account."""
        base = (
            f"{account.text('url', 'https://app.chatwoot.com').rstrip('/')}/api/v1/accounts/{account.text('account')}"
        )
        return Client(base, source=account.source, headers={"api_access_token": account.secret("token")})

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for the agents, conversations and reporting events."""
        asked = {name: client.get(name, accept=(403,)) for name in ("agents", "conversations", "reporting_events")}
        return tuple(f"reading {name}" for name, answer in asked.items() if answer.status == 403)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Agents, then conversations, each page followed by what was said and happened in each."""
        position = Position.read(cursor)
        yield from whole(position, now, "agents", partial(client.get, "agents"), _agents)
        start = int(since.replace(tzinfo=UTC).timestamp()) if since else 0
        yield from _Reading(client=client, position=position, now=now, start=start).conversations()

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of any of the lists."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        known = page.context
        if page.stream == "agents":
            rows.each(page.data, partial(_agent, rows))
        elif page.stream == "conversations":
            rows.each(page.data["data"]["payload"], partial(_conversation, rows))
        elif page.stream == "messages":
            rows.each(page.data["payload"], partial(_message, rows, known))
        elif page.stream == "reporting_events":
            _events(rows, known, page.data)
        yield from rows.batches()


@dataclass(kw_only=True)
class _Reading:
    """One run. ``until`` is where the last whole run began, ``top`` where this one did."""

    client: Client
    position: Position
    now: datetime
    start: int

    def conversations(self) -> Iterator[Page]:
        here = self.position.lists.setdefault("conversations", {"until": self.start, "page": 1, "top": 0})
        yield from self._details(here)
        while True:
            params = {"status": "all", "assignee_type": "all", "page": here["page"]}
            answer = self.client.get("conversations", params)
            found = list(learned(answer.data["data"]["payload"], self._placed))
            active = [(key, told) for key, told in found if told["at"] >= here["until"]]
            here["waiting"] = dict(active)
            here["top"] = max([here["top"], *(told["at"] for _, told in found)])
            here["page"] += 1
            is_end = not active
            if is_end:
                here.update(until=max(here["until"], here["top"]), page=1, top=0)
            yield self._page("conversations", answer.body, {}, len(found))
            yield from self._details(here)
            if is_end:
                return

    def _placed(self, item: Any) -> tuple[str, dict[str, Any]]:
        """Which it is, and when it was active; raises ValueError for a moment that has not come."""
        at = _active(item)
        if at > (self.now + WRONG_CLOCK).replace(tzinfo=UTC).timestamp():
            raise ValueError(at)
        return str(item["id"]), {"at": at, "status": item.get("status")}

    def _details(self, here: dict[str, Any]) -> Iterator[Page]:
        for key, told in list(here.get("waiting", {}).items()):
            context = {"key": key, **told}
            while True:
                answer = self._messages(key, here.get("after", 0))
                said = answer.data["payload"] if answer.status == 200 else []
                before = here.get("after", 0)
                here["after"] = max(learned(said, lambda one: int(one["id"])), default=before)
                is_end = len(said) < MESSAGES or here["after"] == before
                if said:
                    yield self._page("messages", answer.body, context, len(said))
                if is_end:
                    break
            events = self.client.get(f"conversations/{key}/reporting_events", accept=(403, 404))
            here["waiting"].pop(key)
            here.pop("after", None)
            yield self._page("reporting_events", events.body if events.status == 200 else b"[]", context, 1)

    def _messages(self, key: str, after: int) -> Answer:
        return self.client.get(f"conversations/{key}/messages", {"after": after}, accept=(404,))

    def _page(self, stream: str, body: bytes, context: Mapping[str, Any], items: int) -> Page:
        cursor = self.position.text
        return Page(stream=stream, body=body, cursor=cursor, fetched_at=self.now, context=context, items=items)


def _active(item: Any) -> int:
    return int(item.get("last_activity_at") or item.get("timestamp") or item["created_at"])


def _agents(data: Any) -> dict[str, Any]:
    return {}


def _agent(rows: Rows, agent: Any) -> None:
    rows.add("person", agent["id"], 1, name=agent.get("name"), kind="agent")


def _conversation(rows: Rows, item: Any) -> None:
    meta = item.get("meta") or {}
    sender, assignee = meta.get("sender") or {}, meta.get("assignee") or {}
    channel = (meta.get("channel") or "").removeprefix("Channel::").lower() or None
    rows.add(
        "ticket", item["id"], _active(item), created_at=item["created_at"], customer=sender.get("id"), status="open",
        channel="chat" if channel == "webwidget" else channel, assignee=assignee.get("id"),
        priority=item.get("priority"), tags=",".join(sorted(item.get("labels") or ())) or None,
    )  # fmt: skip
    if sender.get("id") is not None:
        rows.add("customer", sender["id"], 1, name=sender.get("name"))


def _message(rows: Rows, known: Mapping[str, Any], said: Any) -> None:
    if said["message_type"] == ACTIVITY:
        return
    sender = said.get("sender") or {}
    by = said.get("sender_id") or sender.get("id")
    untold = "customer" if said["message_type"] == INCOMING else "system"
    kind = KINDS.get(said.get("sender_type") or sender.get("type") or "", untold)
    rows.add(
        "message", said["id"], int(said.get("updated_at") or said["created_at"]), ticket=known["key"],
        at=said["created_at"], author=f"bot:{by}" if kind == "bot" else by, author_kind=kind,
        is_public=not said.get("private", False), text=said.get("content"),
    )  # fmt: skip
    if kind == "bot":
        rows.add("person", f"bot:{by}", 1, name=sender.get("name"), kind="bot")


def _events(rows: Rows, known: Mapping[str, Any], events: Any) -> None:
    rows.each(events, partial(_event, rows, known))
    told = [event.get("name") for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    is_told = any(name in STATUSES and STATUSES[name] == "solved" for name in map(str, told))
    if known["status"] == ENDED and not is_told:
        _change(rows, known, "resolved", known["at"], "solved", None)


def _event(rows: Rows, known: Mapping[str, Any], event: Any) -> None:
    status = STATUSES.get(event.get("name"))
    if status:
        _change(rows, known, event["id"], event["event_end_time"], status, event.get("user_id"))


def _change(rows: Rows, known: Mapping[str, Any], name: Any, at: Any, status: str, by: Any) -> None:
    rows.add(
        "change", f"{known['key']}:{name}", 1, ticket=known["key"], at=at, field="status", new=status, by=by,
        by_kind="agent" if by else None, seq=AFTER_MESSAGES,
    )  # fmt: skip


API = Chatwoot()
