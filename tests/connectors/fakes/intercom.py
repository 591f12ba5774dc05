"""An Intercom workspace: conversations by when they changed, each with its parts."""

from __future__ import annotations

from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told


class FakeIntercom(Fake):
    """Conversations by id, ``size`` a page at most."""

    def __init__(self, *, size: int = 150) -> None:
        super().__init__()
        self.size = size
        self.conversations: dict[str, dict[str, Any]] = {}
        self.parts: dict[str, list[dict[str, Any]]] = {}
        self.gone: set[str] = set()

    def converse(self, id_: str, created: int, updated: int, **more: Any) -> None:
        """A conversation that a lead began."""
        self.conversations[id_] = {
            "type": "conversation", "id": id_, "created_at": created, "updated_at": updated, "title": None,
            "source": {
                "type": "conversation", "id": f"9{id_}", "subject": "", "body": "It breaks",
                "author": {"type": "lead", "id": "c1", "name": "Zed"},
            },
            "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c1"}]},
            "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "1", "name": "bug"}]},
            "open": False, "state": "closed", "conversation_rating": None, **more,
        }  # fmt: skip

    def add(self, id_: str, at: int, part_type: str, by: dict[str, Any], **more: Any) -> None:
        """A part."""
        parts = self.parts.setdefault(id_, [])
        parts.append({
            "type": "conversation_part", "id": f"{id_}-{len(parts)}", "part_type": part_type, "body": None,
            "created_at": at, "updated_at": at, "author": by, "assigned_to": None, **more,
        })  # fmt: skip

    def answer(self, asked: Asked) -> Told:
        """The list, conversation or search asked for."""
        if asked.headers.get("authorization") != "Bearer s3cret" or asked.headers.get("intercom-version") != "2.14":
            return Told(status=401, data={"type": "error.list", "errors": []})
        if asked.path == "/admins":
            admins = [{"type": "admin", "id": "7", "name": "Ann", "email": "ann@example.test"}]
            return Told(data={"type": "admin.list", "admins": admins})
        if asked.path == "/teams":
            return Told(data={"type": "team.list", "teams": [{"type": "team", "id": "50", "name": "Billing"}]})
        if asked.method == "POST":
            return Told(data=self._found(asked.data))
        id_ = asked.path.split("/")[-1]
        if id_ in self.gone:
            return Told(status=404, data={"type": "error.list", "errors": []})
        parts = self.parts.get(id_, [])
        told = {"type": "conversation_part.list", "conversation_parts": parts, "total_count": len(parts)}
        return Told(data={**self.conversations[id_], "conversation_parts": told})

    def _found(self, sent: dict[str, Any]) -> dict[str, Any]:
        assert sent["query"]["operator"] == ">" and sent["sort"] == {"field": "updated_at", "order": "ascending"}
        begin = int(sent["pagination"].get("starting_after", 0))
        found = [one for one in self.conversations.values() if one["updated_at"] > sent["query"]["value"]]
        rest = sorted(found, key=lambda one: one["updated_at"])[begin:]
        size = min(self.size, sent["pagination"]["per_page"])
        pages: dict[str, Any] = {"type": "pages", "page": 1, "per_page": size, "total_pages": 1}
        if len(rest) > size:
            pages["next"] = {"per_page": size, "starting_after": str(begin + size)}
        return {
            "type": "conversation.list", "conversations": rest[:size], "total_count": len(found), "pages": pages,
        }  # fmt: skip


def seeded() -> Seeded:
    """Conversations with ratings, three changed in each second."""
    fake, begin = FakeIntercom(size=4), 1_772_445_600
    ann, zed = {"type": "admin", "id": "7", "name": "Ann"}, {"type": "lead", "id": "c1", "name": "Zed"}
    fin = {"type": "bot", "id": "8", "name": "Fin", "from_ai_agent": True}
    for n in range(1, 19):
        rating = {"rating": 4, "remark": "Fine", "created_at": begin + 900, "contact": {"type": "contact", "id": "c1"}}
        rated = {**rating, "teammate": {"type": "admin", "id": "7"}} if n % 4 == 0 else None
        fake.converse(str(n), begin, begin + 1000 + n // 3, conversation_rating=rated)
        fake.add(str(n), begin + 60, "comment", fin, body="Try this")
        fake.add(str(n), begin + 120, "assignment", ann, assigned_to={"type": "team", "id": "50"})
        fake.add(str(n), begin + 300, "comment", ann, body="Solved")
        fake.add(str(n), begin + 360, "close", ann)
        fake.add(str(n), begin + 420, "comment", zed, body="Not so")
    return Seeded(connector="intercom", fake=fake)
