"""A small API of no known make: tickets as JSON, in every way of going on to the next page."""

from __future__ import annotations

from typing import Any

from connectors.fakes.serving import Asked, Fake, Told


class FakeListing(Fake):
    """``/tickets`` under ``data``, two at a time; which way the page goes on is in the path."""

    def __init__(self, items: list[dict[str, Any]], *, header: str, value: str) -> None:
        super().__init__()
        self.items = items
        self.access = (header, value)

    def answer(self, asked: Asked) -> Told:
        """A page."""
        header, value = self.access
        if asked.headers.get(header) != value and asked.one(header) != value:
            return Told(status=401)
        since = asked.one("since") or ""
        items = [item for item in self.items if item["changed"] >= since]
        page = max(1, int(asked.one("page") or asked.one("after") or 1))
        rest = items[2 * (page - 1) :]
        more = len(rest) > 2
        link = f"{self.url}{asked.path}?since={since}&page={page + 1}"
        headers = {"Link": f'<{link}>; rel="next"'} if more and asked.path == "/link" else {}
        data = {
            "data": rest[:2],
            "links": {"next": link if more else None},
            "meta": {"after": page + 1 if more else None},
        }
        return Told(data=data, headers=headers)
