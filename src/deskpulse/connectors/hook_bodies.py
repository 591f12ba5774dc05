"""Which systems send what happens, how they sign it, and what is taken from it at once.

An object that a delivery carries is read as if it stood on a page of the API. What a delivery tells without a number of
its own (who was assigned, a status that changed) is read over the API, which tells it in order: see ``is_asked``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deskpulse.connectors.api.page import Page

MESSAGE_TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
SENDERS = {"contact": "Contact", "user": "User", "agent_bot": "AgentBot", "captain_assistant": "Captain::Assistant"}

GENERIC = "hooks"
"""The connector of a source that is read from nowhere: a program that sends what it has."""

Told = tuple[str, Any, Mapping[str, Any]]
"""The list that a page is of, its data, and what reading it needs beside it."""


@dataclass(frozen=True, kw_only=True)
class Hook:
    """A system's deliveries. ``kind`` is the header that says what one is about, where the body does not.

    ``is_asked``: the system is read over its API when it tells of a change, ``wait`` seconds later. ``is_form``: a body
    is a form's fields, not JSON; ``payload`` is the field that holds the JSON where a body may be a form instead.
    """

    signed_by: str
    becomes: str
    told: Callable[[str, Any], Iterator[Told]]
    kind: str = ""
    is_asked: bool = True
    is_form: bool = False
    payload: str = ""
    wait: int = 0
    unverified: tuple[str, ...] = field(default=("What its deliveries hold.",))

    @property
    def carries_rows(self) -> bool:
        """Else it is but a sign that something is to be read, and the same delivery twice may be two of them."""
        return self.told is not _nothing


def pages(hook: Hook, kind: str, data: Any, received_at: datetime) -> Iterator[Page]:
    """What a delivery holds, as pages of the API."""
    for stream, content, context in hook.told(kind, data):
        yield Page(
            stream=stream, body=json.dumps(content).encode(), cursor="", fetched_at=received_at, context=context
        )  # fmt: skip


def _nothing(kind: str, data: Any) -> Iterator[Told]:
    yield from ()


def _github(kind: str, data: Any) -> Iterator[Told]:
    """The issue as it is, and a comment that was written or edited."""
    if kind not in ("issues", "issue_comment"):
        return
    issue, known = data["issue"], {"repository": data["repository"]["full_name"]}
    yield "issues", [issue], known
    if kind == "issue_comment" and data["action"] != "deleted" and "pull_request" not in issue:
        author = (issue.get("user") or {}).get("login")
        comment = {**data["comment"], "event": "commented"}
        yield "timeline", [comment], {**known, "key": str(issue["number"]), "author": author}


def _intercom(kind: str, data: Any) -> Iterator[Told]:
    """The conversation: a delivery carries its newest part alone, and the parts are numbered within all of them."""
    item = data["data"]["item"]
    if str(data.get("topic")).startswith("conversation.") and item.get("type") == "conversation":
        yield "conversations", {"conversations": [item]}, {}


def _help_scout(kind: str, data: Any) -> Iterator[Told]:
    """The conversation: its threads make sense in their order only, its state has no date of its own."""
    if kind.startswith("convo.") and "userUpdatedAt" in data:
        alone = data | dict.fromkeys(("_embedded", "status", "state"))
        yield "conversations", {"_embedded": {"conversations": [alone]}}, {}


def _jira(kind: str, data: Any) -> Iterator[Told]:
    """The issue; a comment where it is told whether customers see it."""
    if "updated" not in (data.get("issue") or {}).get("fields", {}):
        return
    issue, comment = data["issue"], data.get("comment") or {}
    yield "issues", {"issues": [{**issue, "changelog": None}]}, {"statuses": {}}
    if "jsdPublic" in comment and str(data.get("webhookEvent")).startswith(("comment_", "jira:issue_")):
        reporter = issue["fields"].get("reporter") or {}
        yield "comments", {"comments": [comment]}, {"key": issue["key"], "asks": reporter.get("accountId")}


def _chatwoot(kind: str, data: Any) -> Iterator[Told]:
    """A conversation or a message; deliveries name the types that the API numbers."""
    event = str(data.get("event"))
    if event.startswith("conversation_") and "meta" in data and "created_at" in data:
        meta = {"channel": data.get("channel"), **data["meta"]}
        yield "conversations", {"data": {"payload": [{**data, "meta": meta}]}}, {}
    elif event in ("message_created", "message_updated"):
        kind, sender = data["message_type"], data.get("sender") or {}
        said = {
            **data, "message_type": MESSAGE_TYPES.get(kind, kind),
            "sender_type": data.get("sender_type") or SENDERS.get(sender.get("type", "")),
            "created_at": _epoch(data["created_at"]),
        }  # fmt: skip
        yield "messages", {"payload": [said]}, {"key": str(data["conversation"]["id"])}


def _stripe(kind: str, data: Any) -> Iterator[Told]:
    """An event, as the list of events has it; products have no names here."""
    yield "events", {"data": [data]}, {}


def _twilio(kind: str, data: Any) -> Iterator[Told]:
    """Each event has an id, but what it makes of its task depends on all that came before."""
    yield from ()


def _epoch(told: Any) -> int:
    """Seconds since 1970; words are ``2020-03-03 13:05:57 UTC`` or ISO 8601."""
    if isinstance(told, int | float):
        return int(told)
    moment = datetime.fromisoformat(str(told).replace(" UTC", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


HOOKS: Mapping[str, Hook] = {
    "chatwoot": Hook(
        signed_by="X-Chatwoot-Signature; versions that do not sign: ?key= in the address",
        becomes="conversations and messages at once",
        told=_chatwoot,
    ),
    "freshdesk": Hook(
        signed_by="X-Deskpulse-Key, a header of the automation's webhook, or ?key= in the address",
        becomes="nothing at once: an automation sends what it was written to send",
        told=_nothing,
    ),
    "github": Hook(
        signed_by="X-Hub-Signature-256", becomes="issues and comments at once", told=_github, kind="x-github-event",
        payload="payload", unverified=(),
    ),
    "help_scout": Hook(
        signed_by="X-HelpScout-Signature", becomes="conversations at once, without their threads", told=_help_scout,
        kind="x-helpscout-event",
    ),
    "hubspot": Hook(
        signed_by="X-HubSpot-Signature-v3, over the address", becomes="nothing at once: only ids are sent",
        told=_nothing,
    ),
    "intercom": Hook(
        signed_by="X-Hub-Signature", becomes="conversations and their ratings at once, without their parts",
        told=_intercom,
    ),
    "jira": Hook(
        signed_by="X-Hub-Signature",
        becomes="issues at once; comments too where it is told whether customers see them",
        told=_jira,
    ),
    "stripe": Hook(
        signed_by="Stripe-Signature",
        becomes="events of customers, subscriptions and paid invoices at once",
        told=_stripe, is_asked=False, unverified=(),
    ),
    "twilio": Hook(
        signed_by="X-Twilio-Signature, over the address",
        becomes="nothing at once: an event alone does not tell what became of a call", told=_twilio, is_form=True,
    ),
    "zendesk": Hook(
        signed_by="X-Zendesk-Webhook-Signature",
        becomes="nothing at once, and read 65 seconds later: its export tells nothing of the last minute",
        told=_nothing, wait=65, unverified=(),
    ),
}  # fmt: skip
