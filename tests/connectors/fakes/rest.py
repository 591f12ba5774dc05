"""Any REST API: the same tickets, in every way of going on to the next page."""

from __future__ import annotations

from connectors.fakes.listing import FakeListing
from connectors.fakes.seeded import Seeded

MAPPING = """
shape = "ticket"
[columns]
id = "ticket"
opened = "created_at"
"by.name" = "customer"
state = "status"
words = "subject"
"""
PAGINATORS = {
    "link": ("link", "link"),
    "next": ("next", "next:links.next"),
    "page": ("tickets", "page:page"),
    "cursor": ("tickets", "cursor:after=meta.after"),
}
WAYS = tuple(PAGINATORS)


def seeded(way: str) -> Seeded:
    """Forty tickets, two a page."""
    path, paginator = PAGINATORS[way]
    items = [
        {"id": n, "opened": f"2026-03-{1 + n // 2:02}T09:00:00Z", "changed": f"2026-03-{1 + n // 2:02}T10:00:00Z",
         "by": {"name": f"Customer {n % 5}"}, "state": "open", "words": f"words {n}"}
        for n in range(40)
    ]  # fmt: skip
    listing = {
        "name": "tickets", "path": path, "items": "data", "paginator": paginator, "mapping": MAPPING, "since": "since",
        "cursor": "changed",
    }  # fmt: skip
    fake = FakeListing(items, header="authorization", value="Bearer s3cret")
    return Seeded(connector="rest", fake=fake, options={"auth": "bearer", "lists": [listing]})
