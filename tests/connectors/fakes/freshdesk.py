"""A Freshdesk account: tickets by when they changed, conversations, agents, groups, ratings."""

from __future__ import annotations

from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import FORBIDDEN, Asked, Fake, Told

MOST_PAGES = 300


class FakeFreshdesk(Fake):
    """Lists of ``size`` items a page at most; pages past the 300th are refused, as they are there."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.tickets: list[dict[str, Any]] = []
        self.conversations: dict[int, list[dict[str, Any]]] = {}
        self.forbidden: set[str] = set()
        self.lists: dict[str, list[dict[str, Any]]] = {"agents": [], "groups": [], "surveys/satisfaction_ratings": []}

    def answer(self, asked: Asked) -> Told:
        """The list asked for."""
        if not asked.headers.get("authorization", "").startswith("Basic czNjcmV0O"):  # s3cret:
            return Told(status=401, data={"code": "invalid_credentials"})
        path = asked.path.removeprefix("/api/v2/")
        if path == "tickets":
            since = asked.one("updated_since") or "9999"  # without it, only the newest
            listed = [ticket for ticket in self.tickets if _is_in(ticket, asked.one("filter"))]
            changed = [ticket for ticket in listed if ticket["updated_at"] >= since]
            return self._page(asked, sorted(changed, key=lambda ticket: ticket["updated_at"]))
        if path.endswith("/conversations"):
            return self._page(asked, self.conversations.get(int(path.split("/")[1]), []))
        if path in self.forbidden:
            return FORBIDDEN
        if path in self.lists:
            since = asked.one("created_since") or ""
            return self._page(asked, [item for item in self.lists[path] if item.get("created_at", "9") >= since])
        return Told(status=404, data={})

    def _page(self, asked: Asked, items: list[Any]) -> Told:
        size, page = min(self.size, int(asked.one("per_page") or 30)), int(asked.one("page") or 1)
        if page > MOST_PAGES:
            return Told(status=400, data={"message": "too deep"})
        rest = items[(page - 1) * size :]
        link = f'<{self.url}{asked.path}?per_page={size}&page={page + 1}>; rel="next"'
        return Told(data=rest[:size], headers={"Link": link} if len(rest) > size else {})


def _is_in(ticket: dict[str, Any], filter: str | None) -> bool:
    """What is deleted or spam stands in the list of it alone."""
    gone = [name for name in ("deleted", "spam") if ticket.get(name)]
    return filter in gone if filter else not gone


def seeded() -> Seeded:
    """Tickets with conversations, some of them changed in one second, and ratings."""
    fake = FakeFreshdesk(size=4)
    fake.lists["groups"] = [{"id": 50 + n, "name": f"Team {n}"} for n in range(6)]
    fake.lists["agents"] = [
        {"id": n, "updated_at": "2026-03-01T09:00:00Z", "contact": {"name": f"Agent {n}"}} for n in range(5)
    ]
    for n in range(100, 118):
        at = f"2026-03-{1 + n % 100 // 3:02}T{{}}:00:00Z".format
        fake.tickets.append({
            "id": n, "created_at": at("09"), "updated_at": at("12"), "requester_id": 70 + n % 4, "responder_id": n % 5,
            "subject": f"Question {n}", "description_text": "Help", "group_id": 50 + n % 6, "source": 1 + n % 3,
            "priority": 2, "type": "Question", "status": 4, "tags": ["b", "a"], "spam": n == 105, "deleted": n == 106,
            "stats": {"resolved_at": at("11"), "reopened_at": None, "closed_at": None, "pending_since": at("10")},
            "requester": {"id": 70 + n % 4, "name": "Zed"},
        })  # fmt: skip
        fake.conversations[n] = [
            {"id": 1000 * n + place, "user_id": n % 5, "created_at": at("10"), "updated_at": at("10"), "private": False,
             "incoming": False, "body_text": "Try"}
            for place in range(n % 7)
        ]  # fmt: skip
        fake.lists["surveys/satisfaction_ratings"].append({
            "id": n, "created_at": at("13"), "ticket_id": n, "user_id": 70 + n % 4, "agent_id": n % 5,
            "feedback": "Fine", "ratings": {"default_question": 103},
        })  # fmt: skip
    return Seeded(connector="freshdesk", fake=fake, options={"domain": "acme"})
