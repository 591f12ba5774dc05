"""A GitHub repository: issues by when they changed, with their timelines."""

from __future__ import annotations

from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told


class FakeGitHub(Fake):
    """Issues of acme/app; ``size`` is the most a page may have."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.issues: dict[int, dict[str, Any]] = {}
        self.timelines: dict[int, list[dict[str, Any]]] = {}
        self._number = 9000

    def open_issue(self, number: int, at: str, by: str = "zed", **more: Any) -> None:
        """An issue."""
        self.issues[number] = {
            "id": 500 + number, "number": number, "title": f"Issue {number}", "body": "It breaks", "user": user(by),
            "created_at": at, "updated_at": at, "labels": [{"name": "bug"}], "author_association": "NONE", **more,
        }  # fmt: skip
        self.timelines[number] = []

    def happen(self, number: int, at: str, event: str, **more: Any) -> None:
        """Something on its timeline."""
        self._number += 1
        self.timelines[number].append({"id": self._number, "event": event, "created_at": at, **more})
        self.issues[number]["updated_at"] = at

    def answer(self, asked: Asked) -> Told:
        """The issues since a moment, or a timeline."""
        if asked.headers.get("authorization") != "Bearer s3cret":
            return Told(status=401, data={"message": "Bad credentials"})
        parts = asked.path.strip("/").split("/")
        if parts[:3] != ["repos", "acme", "app"]:
            return Told(status=404, data={"message": "Not Found"})
        if parts[-1] == "timeline":
            return self._page(asked, self.timelines[int(parts[4])])
        since = asked.one("since") or ""
        changed = [issue for issue in self.issues.values() if issue["updated_at"] >= since]
        return self._page(asked, sorted(changed, key=lambda issue: issue["updated_at"]))

    def _page(self, asked: Asked, items: list[Any]) -> Told:
        size, page = min(self.size, int(asked.one("per_page") or 30)), int(asked.one("page") or 1)
        rest = items[(page - 1) * size :]
        link = f'<{self.url}{asked.path}?per_page={size}&page={page + 1}>; rel="next"'
        return Told(data=rest[:size], headers={"Link": link} if len(rest) > size else {})


def user(login: str) -> dict[str, Any]:
    """An account; bots are called so."""
    return {"login": login, "id": len(login), "type": "Bot" if login.endswith("[bot]") else "User"}


def seeded() -> Seeded:
    """Issues with long timelines, some of them changed in one second, and pull requests."""
    fake = FakeGitHub(size=4)
    for number in range(1, 13):
        fake.open_issue(number, f"2026-03-{number:02}T09:00:00Z", by=f"zed{number % 3}")
        for minute in range(number % 4):
            at = f"2026-03-{number:02}T09:{10 + minute}:00Z"
            fake.happen(number, at, "commented", user=user("ann"), body="Try", author_association="MEMBER")
            fake.happen(number, at, "assigned", actor=user("ann"), assignee=user("ann"))
            fake.happen(number, at, ("closed", "reopened")[minute % 2], actor=user("robo[bot]"))
    for number in range(13, 19):
        fake.open_issue(number, "2026-03-13T09:00:00Z", **({"pull_request": {}} if number == 14 else {}))
    return Seeded(connector="github", fake=fake, options={"repositories": "acme/app"})
