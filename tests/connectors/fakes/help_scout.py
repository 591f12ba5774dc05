"""A Help Scout account: an OAuth token that expires, conversations by when they were modified."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told


class FakeHelpScout(Fake):
    """Conversations, ``size`` a page."""

    def __init__(self, *, size: int = 25) -> None:
        super().__init__()
        self.size = size
        self.conversations: list[dict[str, Any]] = []
        self.token = 0

    def answer(self, asked: Asked) -> Told:
        """A token, or the conversations modified since a moment."""
        if asked.path == "/oauth2/token":
            sent = parse_qs(asked.body.decode())
            if sent != {"grant_type": ["client_credentials"], "client_id": ["app"], "client_secret": ["s3cret"]}:
                return Told(status=401, data={"error": "invalid_client"})
            self.token += 1
            return Told(data={"token_type": "bearer", "access_token": f"t{self.token}", "expires_in": 172800})
        if asked.headers.get("authorization") != f"Bearer t{self.token}":
            return Told(status=401, data={"error": "invalid_token"})
        since, page = asked.one("modifiedSince") or "", int(asked.one("page") or 1)
        found = sorted((one for one in self.conversations if _modified(one) >= since), key=_modified)
        rest = found[self.size * (page - 1) :]
        more = {"next": {"href": f"{self.url}{asked.path}?page={page + 1}"}} if len(rest) > self.size else {}
        return Told(data={"_embedded": {"conversations": rest[: self.size]}, "_links": more})


def _modified(conversation: dict[str, Any]) -> str:
    """What the list goes by; it is not told, and may be later than what is."""
    return str(conversation.get("hidden_modified_at") or conversation["userUpdatedAt"])


def seeded() -> Seeded:
    """Conversations, three modified in each second."""
    fake, ann = FakeHelpScout(size=4), {"id": 7, "type": "user", "first": "Ann", "last": "Ash"}
    for n in range(1, 31):
        zed = {"id": 70 + n % 4, "type": "customer", "first": "Zed"}
        threads = [
            {"id": 100 * n + place, "type": kind, "status": status, "state": "published", "body": "words",
             "createdBy": by, "createdAt": f"2026-03-02T10:{place:02}:00Z", "assignedTo": ann}
            for place, (kind, status, by) in enumerate(
                [("customer", "active", zed), ("note", "nochange", ann), ("message", "closed", ann)]
            )
        ]  # fmt: skip
        fake.conversations.append({
            "id": n, "type": "email", "status": "spam" if n == 9 else "closed", "state": "published", "subject": "S",
            "primaryCustomer": zed, "createdAt": "2026-03-02T10:00:00Z",
            "userUpdatedAt": f"2026-03-02T12:{n // 3:02}:00Z", "tags": [{"id": 1, "tag": "bug"}],
            "_embedded": {"threads": threads},
        })  # fmt: skip
    return Seeded(connector="help_scout", fake=fake, options={"app": "app"})
