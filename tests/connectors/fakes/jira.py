"""A Jira site: issues by when they were updated, with their comments."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

STATUSES = [
    {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    {"id": "2", "name": "Waiting for customer", "statusCategory": {"key": "indeterminate"}},
    {"id": "3", "name": "Resolved", "statusCategory": {"key": "done"}},
]


class FakeJira(Fake):
    """Issues, ``size`` a page."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.issues: list[dict[str, Any]] = []
        self.comments: dict[str, list[dict[str, Any]]] = {}

    def answer(self, asked: Asked) -> Told:
        """The statuses, issues or comments asked for."""
        if not asked.headers.get("authorization", "").startswith("Basic YW5uOnMzY3JldA"):  # ann:s3cret
            return Told(status=401)
        if asked.path.endswith("/status"):
            return Told(data=STATUSES)
        if asked.path.endswith("/comment"):
            return Told(data={"comments": self.comments.get(asked.path.split("/")[-2], [])})
        query = re.fullmatch(r'project in \("HELP"\) and updated >= (\d+) order by updated asc', asked.one("jql") or "")
        assert query
        found = sorted((one for one in self.issues if updated(one) >= int(query[1])), key=updated)
        begin = int(asked.one("nextPageToken") or 0)
        more = {"nextPageToken": str(begin + self.size)} if begin + self.size < len(found) else {}
        return Told(data={"issues": found[begin : begin + self.size], **more})


def updated(issue: dict[str, Any]) -> int:
    """When, in thousandths of a second."""
    return int(1000 * datetime.fromisoformat(issue["fields"]["updated"]).timestamp())


def seeded() -> Seeded:
    """Issues with changes and comments, three updated in each second."""
    fake = FakeJira(size=4)
    people = [
        {"accountId": name[0], "accountType": kind, "displayName": name}
        for name, kind in (("ann", "atlassian"), ("bot", "app"), ("zed", "customer"))
    ]
    for n in range(1, 19):
        at = f"2026-03-02T11:{{:02}}:{n // 3:02}.000+0100".format
        histories = [
            {"id": f"{n}{place}", "author": people[place % 2], "created": at(place), "items": [
                {"field": field, "to": to, "toString": to}]}
            for place, (field, to) in enumerate([("assignee", "a"), ("status", "2"), ("status", "3")])
        ]  # fmt: skip
        fields = {
            "summary": "S", "description": "Help", "created": at(0), "updated": at(30), "reporter": people[2],
            "labels": ["b", "a"], "project": {"key": "HELP"},
        }  # fmt: skip
        fake.issues.append({"key": f"HELP-{n}", "fields": fields, "changelog": {"histories": histories}})
        fake.comments[f"HELP-{n}"] = [
            {"id": f"{n}9{place}", "author": by, "created": at(5 + place), "body": "words", "jsdPublic": True}
            for place, by in enumerate(people)
        ]
    return Seeded(connector="jira", fake=fake, options={"email": "ann", "projects": "HELP"})
