"""A Chatwoot account: conversations by their last activity, messages, reporting events for administrators."""

from __future__ import annotations

from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

BASE = "/api/v1/accounts/1/"
MOST_MESSAGES = 100
TYPES = {"Contact": "contact", "User": "user", "AgentBot": "agent_bot"}


def listed(said: dict[str, Any]) -> dict[str, Any]:
    """A message as lists have it: who wrote it is told by the sender alone."""
    told = {name: value for name, value in said.items() if name not in ("sender_type", "sender_id")}
    writes, by = said["sender_type"], said["sender_id"]
    return {
        **told,
        "sender": {"name": "Zed", **said.get("sender", {}), "id": by, "type": TYPES[writes]} if writes else None,
    }


class FakeChatwoot(Fake):
    """Conversations by id, ``size`` a page."""

    def __init__(self, *, size: int = 25) -> None:
        super().__init__()
        self.size = size
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.events: dict[int, list[dict[str, Any]]] = {}
        self.is_admin = True

    def converse(self, id_: int, created: int, active: int, status: str = "open") -> None:
        """A conversation."""
        sender = {"id": 70, "name": "Zed"}
        self.conversations[id_] = {
            "id": id_, "created_at": created, "last_activity_at": active, "timestamp": active, "status": status,
            "priority": "high", "labels": ["b", "a"], "inbox_id": 5,
            "meta": {"sender": sender, "channel": "Channel::WebWidget", "assignee": {"id": 7, "name": "Ann"}},
        }  # fmt: skip

    def say(self, id_: int, at: int, kind: int, writes: str | None, by: int | None, **more: Any) -> None:
        """A message."""
        said = self.messages.setdefault(id_, [])
        said.append({
            "id": 1000 * id_ + len(said), "content": f"words {len(said)}", "message_type": kind, "created_at": at,
            "private": False, "sender_type": writes, "sender_id": by, "conversation_id": id_, **more,
        })  # fmt: skip

    def answer(self, asked: Asked) -> Told:
        """The list asked for."""
        if asked.headers.get("api_access_token") != "s3cret":
            return Told(status=401, data={"errors": ["You need to sign in or sign up before continuing."]})
        path = asked.path.removeprefix(BASE)
        if path == "agents":
            return Told(data=[{"id": 7, "name": "Ann", "role": "agent"}])
        if path.endswith("reporting_events"):
            if not self.is_admin:
                return Told(status=403, data={})
            told = {"count": 0, "current_page": 1, "total_pages": 1}
            return Told(
                data=self.events.get(int(path.split("/")[1]), []) if "/" in path else {"meta": told, "payload": []}
            )
        if path.endswith("messages"):
            said = [m for m in self.messages.get(int(path.split("/")[1]), []) if m["id"] > int(asked.one("after") or 0)]
            return Told(data={"meta": {"labels": []}, "payload": [listed(one) for one in said[:MOST_MESSAGES]]})
        ordered = sorted(self.conversations.values(), key=lambda one: -one["last_activity_at"])
        begin = self.size * (int(asked.one("page") or 1) - 1)
        return Told(data={"data": {"meta": {"all_count": len(ordered)}, "payload": ordered[begin : begin + self.size]}})


def seeded() -> Seeded:
    """Conversations with messages of everybody, three active in each second."""
    fake, begin = FakeChatwoot(size=4), 1_772_445_600
    for n in range(1, 19):
        fake.converse(n, begin, begin + 600 + n // 3, "resolved")
        for at, kind, writes, by in ((0, 0, "Contact", 70), (60, 1, "AgentBot", 3), (180, 1, "User", 7)):
            fake.say(n, begin + at, kind, writes, by, sender={"id": by, "name": "Robo"})
        fake.events[n] = [
            {"id": 10 * n + place, "name": name, "event_end_time": f"2026-03-02T10:0{place}:00.000Z", "user_id": 7}
            for place, name in enumerate(("first_response", "resolution", "conversation_opened"))
        ]
    return Seeded(connector="chatwoot", fake=fake, options={"account": "1"})
