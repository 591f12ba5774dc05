"""Deliveries as systems send them of the histories that the fakes hold: objects of now, and of before they changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.fakes.seeded import Seeded

from deskpulse.connectors.hooked import Delivery

AT = datetime(2026, 6, 1, 12)
Body = tuple[str, Any]


def deliveries(seeded: Seeded) -> list[Delivery]:
    """Every delivery of a history, in an order of no meaning."""
    return [
        Delivery(
            source="desk", connector=seeded.connector, kind=kind, body=json.dumps(body).encode(), received_at=AT
        )
        for kind, body in BODIES[seeded.connector](seeded.fake)
    ]  # fmt: skip


def _github(fake: Any) -> Iterator[Body]:
    about = {"repository": {"full_name": "acme/app"}}
    for number, issue in fake.issues.items():
        before = {**issue, "updated_at": issue["created_at"], "labels": [], "title": "As it was"}
        yield "issues", {"action": "opened", "issue": before if fake.timelines[number] else issue, **about}
        yield "issues", {"action": "labeled", "issue": issue, **about}
        of_one_second = {**issue, "labels": [], "body": "The first half of a second"}
        yield "issues", {"action": "labeled", "issue": of_one_second, **about}
        for event in fake.timelines[number]:
            if event["event"] == "commented":
                yield "issue_comment", {"action": "created", "issue": issue, "comment": event, **about}


def _intercom(fake: Any) -> Iterator[Body]:
    for now in fake.conversations.values():
        before = {**now, "updated_at": now["updated_at"] - 500, "conversation_rating": None, "tags": {"tags": []}}
        of_one_second = {**now, "tags": {"tags": []}}
        for topic, item in (
            ("conversation.user.created", before),
            ("conversation.admin.replied", of_one_second),
            ("conversation.admin.closed", now),
        ):
            last = {"type": "conversation_part.list", "conversation_parts": fake.parts[now["id"]][-1:]}
            yield "", {"topic": topic, "data": {"item": {**item, "conversation_parts": last}}}
    yield "", {"topic": "ping", "data": {"item": {"type": "ping", "message": "x"}}}


def _help_scout(fake: Any) -> Iterator[Body]:
    for now in fake.conversations:
        threads = now["_embedded"]["threads"]
        before = {**now, "userUpdatedAt": now["createdAt"], "tags": [], "status": "active"}
        yield "convo.created", {**before, "_embedded": {"threads": threads[:1]}}
        yield "convo.agent.reply.created", {**now, "_embedded": {"threads": threads[-1:]}}
        yield "convo.deleted", {"id": now["id"]}


def _jira(fake: Any) -> Iterator[Body]:
    for issue in fake.issues:
        now = {name: value for name, value in issue.items() if name != "changelog"}
        told = {"id": "1", "items": issue["changelog"]["histories"][-1]["items"]}
        before = {**now, "fields": {**now["fields"], "updated": now["fields"]["created"], "labels": []}}
        yield "", {"webhookEvent": "jira:issue_created", "timestamp": 1, "issue": before}
        yield "", {"webhookEvent": "jira:issue_updated", "timestamp": 2, "issue": now, "changelog": told}
        for comment in fake.comments[issue["key"]]:
            yield "", {"webhookEvent": "comment_created", "issue": now, "comment": comment}
            hidden = {name: value for name, value in comment.items() if name != "jsdPublic"}
            yield "", {"webhookEvent": "comment_created", "issue": now, "comment": {**hidden, "body": "Perhaps a note"}}


def _chatwoot(fake: Any) -> Iterator[Body]:
    types = {"Contact": "contact", "User": "user", "AgentBot": "agent_bot"}
    for id_, now in fake.conversations.items():
        meta = {"sender": now["meta"]["sender"], "assignee": now["meta"]["assignee"]}
        told = {**now, "meta": meta, "channel": now["meta"]["channel"]}
        yield "", {"event": "conversation_created", **told, "last_activity_at": now["created_at"], "labels": []}
        yield "", {"event": "conversation_updated", **told}
        for said in fake.messages[id_]:
            at = datetime.fromtimestamp(said["created_at"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            sender = {**said["sender"], "id": said["sender_id"], "type": types[said["sender_type"]]}
            yield "", {
                "event": "message_created", "id": said["id"], "content": said["content"], "created_at": at,
                "message_type": ("incoming", "outgoing")[said["message_type"]], "private": False, "sender": sender,
                "conversation": {"id": id_}, "account": {"id": 1},
            }  # fmt: skip
    yield "", {"event": "webwidget_triggered", "id": 1}


BODIES: Mapping[str, Callable[[Any], Iterator[Body]]] = {
    "chatwoot": _chatwoot,
    "github": _github,
    "help_scout": _help_scout,
    "intercom": _intercom,
    "jira": _jira,
}
