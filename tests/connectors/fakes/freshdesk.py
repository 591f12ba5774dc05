"""A Freshdesk account: tickets by when they changed, conversations, agents, groups, ratings."""

from __future__ import annotations

from typing import Any

from connectors.fakes.serving import Asked, Fake, Told

MOST_PAGES = 300


class FakeFreshdesk(Fake):
    """Lists of ``size`` items a page at most; pages past the 300th are refused, as they are there."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.tickets: list[dict[str, Any]] = []
        self.conversations: dict[int, list[dict[str, Any]]] = {}
        self.lists: dict[str, list[dict[str, Any]]] = {"agents": [], "groups": [], "surveys/satisfaction_ratings": []}

    def answer(self, asked: Asked) -> Told:
        """The list asked for."""
        if not asked.headers.get("authorization", "").startswith("Basic czNjcmV0O"):  # s3cret:
            return Told(status=401, data={"code": "invalid_credentials"})
        path = asked.path.removeprefix("/api/v2/")
        if path == "tickets":
            since = asked.one("updated_since") or "9999"  # without it, only the newest
            changed = [ticket for ticket in self.tickets if ticket["updated_at"] >= since]
            return self._page(asked, sorted(changed, key=lambda ticket: ticket["updated_at"]))
        if path.endswith("/conversations"):
            return self._page(asked, self.conversations.get(int(path.split("/")[1]), []))
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
