"""A workspace of TaskRouter: events by date, with what the published description says an event has."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

WORKSPACE = "WS" + "0" * 32
ACTIVITIES = {"Available": True, "Break": False, "Offline": False}
MADE = datetime(2026, 1, 5, tzinfo=UTC)


def iso(at: datetime) -> str:
    """As Twilio writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class FakeTwilio(Fake):
    """``size`` events a page; the newest first or last."""

    def __init__(self, *, size: int = 1000, newest_first: bool = True) -> None:
        super().__init__()
        self.size, self.newest_first = size, newest_first
        self.events: list[dict[str, Any]] = []

    def tell(self, kind: str, at: datetime, **data: Any) -> None:
        """Something happened."""
        self.events.append({
            "sid": f"EV{len(self.events):032x}", "event_type": kind, "event_date": iso(at),
            "event_date_ms": int(at.timestamp() * 1000), "workspace_sid": WORKSPACE, "event_data": data,
            "resource_type": kind.partition(".")[0], "account_sid": "AC" + "0" * 32, "description": kind,
        })  # fmt: skip

    def answer(self, asked: Asked) -> Told:
        """The workspace, its activities or its events."""
        if asked.headers.get("authorization") != "Basic " + base64.b64encode(b"AC1:s3cret").decode():
            return Told(status=401, data={"message": "Authenticate"})
        rest = asked.path.removeprefix(f"/v1/Workspaces/{WORKSPACE}").strip("/")
        if rest == "":
            return Told(data={"sid": WORKSPACE, "date_created": iso(MADE)})
        if rest == "Activities":
            found = [{"friendly_name": name, "available": is_so} for name, is_so in ACTIVITIES.items()]
            return Told(data={"activities": found, "meta": {"key": "activities", "next_page_url": None}})
        return self._events(asked)

    def _events(self, asked: Asked) -> Told:
        begin, end = asked.one("StartDate") or "", asked.one("EndDate") or "9"
        found = [event for event in self.events if begin <= event["event_date"] <= end]
        found.sort(key=lambda event: (event["event_date_ms"], str(event.get("sid"))), reverse=self.newest_first)
        page = int(asked.one("Page") or 0)
        first = page * self.size
        more = len(found) > first + self.size
        following = {**{name: value[0] for name, value in asked.query.items()}, "Page": page + 1, "PageToken": "PT"}
        link = f"{self.url}{asked.path}?{urlencode(following)}" if more else None
        meta = {"key": "events", "page": page, "page_size": self.size, "next_page_url": link}
        return Told(data={"events": found[first : first + self.size], "meta": meta})


def seeded() -> Seeded:
    """Days of calls that are taken by the second agent or given up, and of breaks."""
    fake = FakeTwilio(size=9)
    for number in range(24):
        at, ring = MADE + timedelta(hours=5 * number), {"reservation_sid": f"WR{number}"}
        told = {
            "task_sid": f"WT{number}", "task_channel_unique_name": "voice", "task_queue_name": "Support",
            "task_attributes": '{"from": "+491701"}',
        }  # fmt: skip
        worker = {"worker_sid": f"WK{number % 3}", "worker_name": f"Agent {number % 3}"}
        fake.tell("task.created", at, **told)
        fake.tell("reservation.created", at, **told, **worker, **ring)
        if number % 4 == 0:
            fake.tell("task.canceled", at + timedelta(seconds=40), **told, task_canceled_reason="hangup")
            continue
        for seconds, kind in ((9, "accepted"), (99, "wrapup"), (120, "completed")):
            fake.tell(f"reservation.{kind}", at + timedelta(seconds=seconds), **told, **worker, **ring)
        fake.tell("task.completed", at + timedelta(seconds=120), **told)
        fake.tell(
            "worker.activity.update", at + timedelta(seconds=300), **worker, worker_activity_name="Break",
            worker_previous_activity_name="Available", worker_time_in_previous_activity_ms="300000",
        )  # fmt: skip
    return Seeded(connector="twilio", fake=fake, options={"workspace": WORKSPACE, "user": "AC1"})
