"""Twilio's TaskRouter: the events of a workspace, one stretch of time after the other.

Nobody says in which order events come within a stretch, so what is known of a task is kept until it has ended and the
stretch is read, and each page tells all that is known of the tasks it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position, share_read
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import whole
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.twilio_tasks import brief, is_over, read_activity, read_task, task_of, told

BASE = "https://taskrouter.twilio.com"
SIZE = 1000
ACTIVITY = "worker.activity"
LATE = timedelta(minutes=5)
"""An event may turn up so late: so much is read again, and tasks are remembered beyond their end for it."""

LOST = timedelta(days=14)
"""A task that waits longer is ended by Twilio itself."""

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)
MANY = 4
"""Pages of a stretch: after more the next is half as long."""


class Twilio(ApiConnector):
    """Reads a workspace of TaskRouter."""

    title: ClassVar[str] = "Twilio TaskRouter"
    gives: ClassVar[tuple[str, ...]] = ("call", "call_leg", "agent_state", "person")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="workspace", says="The SID of the workspace", example="WS0123456789abcdef0123456789abcdef"),
        Need(name="user", says="The SID of the account, or of an API key", example="SK0123456789abcdef"),
        Need(name="token", says="The account's auth token, or the API key's secret", is_secret=True),
        Need(name="channels", says="Task channels that are calls, joined by commas", default="voice"),
    )
    scopes: ClassVar[tuple[str, ...]] = ("reading the workspace's events and activities",)
    maps: ClassVar[Mapping[str, str]] = {
        "call": "a task of a channel that is calls, or with a call_sid: offered when it was created, answered when a "
        "reservation was accepted, else given up (canceled), overflow (redirected) or missed (timed out, deleted)",
        "call_leg": "a reservation: a ring until accepted, rejected or timed out, talk until wrap-up, wrap-up until "
        "completed; agents are workers",
        "agent_state": "a stretch of a worker's activity, told when it ends: by whether the activity is available, "
        "else by its name",
        "person": "workers",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "Tasks of chat and messages are not read.",
        "The activity a worker is in now is told when it ends. Hold is not known.",
        "Attributes of tasks are redacted after 30 days: of older calls the caller and direction are not known.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product; the lists follow the published description, which leaves open what an event's data hold.",
        "Names in an event's data beyond its example, reasons of cancelling, and that task_age is in seconds.",
    )

    def open(self, account: Account) -> Client:
        """The client of the workspace; ``url`` among the options goes before the public address."""
        base = f"{account.options.get('url') or BASE}/v1/Workspaces/{account.text('workspace')}"
        return Client(base, source=account.source, auth=(account.text("user"), account.secret("token")))

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for activities and events."""
        asked = {name: client.get(name, {"PageSize": 1}, accept=(403,)) for name in ("Activities", "Events")}
        return tuple(f"reading {name.lower()}" for name, answer in asked.items() if answer.status == 403)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Activities, then the events since the workspace was made or from ``since`` on."""
        position = Position.read(cursor)
        ask = partial(client.get, "Activities", {"PageSize": SIZE})
        yield from whole(position, now, "activities", ask, _activities)
        yield from _Reading(client=client, position=position, now=now).events(since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """Calls, their legs, and what workers did."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        channels = [name.strip() for name in account.text("channels", "voice").split(",")]
        tasks: dict[str, list[Any]] = {name: list(known) for name, known in page.context.get("tasks", {}).items()}
        workers: dict[str, Any] = {}
        if page.stream == "events":
            rows.each(page.data["events"], partial(_hear, rows, tasks, workers, page.context["activities"]))
        for name, called in workers.items():
            rows.add("person", name, 1, name=called, kind="agent")
        for name, events in tasks.items():
            rows.each([events], partial(_task, rows, name, channels))
        yield from rows.batches()


def _activities(data: Any) -> dict[str, Any]:
    return dict(learned(data["activities"], lambda one: (str(one["friendly_name"]), bool(one.get("available")))))


def _hear(
    rows: Rows, tasks: dict[str, list[Any]], workers: dict[str, Any], activities: Mapping[str, bool], event: Any
) -> None:
    data = told(event)
    if data.get("worker_sid"):
        workers[data["worker_sid"]] = data.get("worker_name")
    if str(event["event_type"]).startswith(ACTIVITY):
        read_activity(rows, event, activities)
    if data.get("task_sid"):
        tasks.setdefault(data["task_sid"], []).append(brief(event))


def _task(rows: Rows, name: str, channels: list[str], events: Any) -> None:
    read_task(rows, name, events, channels)


@dataclass(kw_only=True)
class _Reading:
    """One run. ``known`` has the events of tasks that may go on."""

    client: Client
    position: Position
    now: datetime

    def events(self, since: datetime | None) -> Iterator[Page]:
        """Stretch by stretch up to now."""
        here = self.position.lists.get("events")
        if here is None:
            begin = since or self._made()
            here = {"from": begin.isoformat(), "hours": 24, "pages": 0, "seen": []}
            self.position.lists["events"] = here
        begin = datetime.fromisoformat(here["from"])
        while datetime.fromisoformat(here["from"]) < self.now - LATE or "next" in here:
            answer = self._ask(here)
            found, until = answer.data["events"], datetime.fromisoformat(here["until"])
            is_long = until - datetime.fromisoformat(here["from"]) >= timedelta(days=1)
            is_new = any(_id(event) not in here["seen"] for event in found)
            before = self._remember(found)
            here["late"] = [*here.get("late", ()), *self._late(found, until)]
            self._move(here, answer, len(found))
            if is_new or is_long:
                context = {"tasks": before, "activities": self.position.known["activities"]}
                yield self._page(answer, context, len(found), share_read(begin, until, self.now))

    def _made(self) -> datetime:
        made = self.client.get(str(self.client.base)).data["date_created"]
        return datetime.fromisoformat(made).astimezone(UTC).replace(tzinfo=None)

    def _ask(self, here: dict[str, Any]) -> Answer:
        if "next" in here:
            return self.client.get(here["next"])
        begin = datetime.fromisoformat(here["from"])
        here["until"] = min(self.now, begin + timedelta(hours=here["hours"])).isoformat()
        asked = {"StartDate": f"{here['from']}Z", "EndDate": f"{here['until']}Z", "PageSize": SIZE}
        return self.client.get("Events", asked)

    def _remember(self, found: list[Any]) -> dict[str, list[Any]]:
        """Takes note of events; gives what was known of their tasks before."""
        known = self.position.known.setdefault("tasks", {})
        told_of = [pair for event in found if (pair := task_of(event))]
        before = {task: known.get(task, []) for task, _ in told_of}
        for task, event in told_of:
            mine = known.get(task, [])
            if event["sid"] not in {one["sid"] for one in mine}:
                known[task] = [*mine, event]
        return before

    def _late(self, found: list[Any], until: datetime) -> list[str]:
        """Those of the end of a stretch, which the next one has again."""
        begin = (until - LATE).replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
        late = learned(found, lambda event: (_id(event), str(event.get("event_date"))))
        return [name for name, at in late if at >= begin]

    def _move(self, here: dict[str, Any], answer: Answer, items: int) -> None:
        until = datetime.fromisoformat(here["until"])
        following = (answer.data.get("meta") or {}).get("next_page_url")
        here["pages"] += 1
        if following:
            here["next"] = following
            return
        here.pop("next", None)
        here["hours"] = _next_length(timedelta(hours=here["hours"]), here["pages"], items) / timedelta(hours=1)
        here.update(pages=0, seen=here.pop("late"), **{"from": min(until, self.now - LATE).isoformat()})
        self._forget(until)

    def _forget(self, until: datetime) -> None:
        """Tasks that ended so long ago that no event of them is late, or of which nothing was heard any more."""
        over, lost = (1000 * int((until - age).replace(tzinfo=UTC).timestamp()) for age in (LATE, LOST))
        tasks = self.position.known["tasks"]
        last = {name: max(event["ms"] for event in events) for name, events in tasks.items()}
        self.position.known["tasks"] = {
            name: events
            for name, events in tasks.items()
            if last[name] >= lost and (last[name] >= over or not is_over(events))
        }

    def _page(self, answer: Answer, context: Mapping[str, Any], items: int, done: float | None) -> Page:
        cursor = self.position.text
        return Page(
            stream="events", body=answer.body, cursor=cursor, fetched_at=self.now, context=context, items=items,
            done=done,
        )  # fmt: skip


def _next_length(length: timedelta, pages: int, items: int) -> timedelta:
    if pages > MANY:
        length /= 2
    elif pages == 1 and items < SIZE:
        length *= 2
    return min(LONGEST, max(SHORTEST, length))


def _id(event: Any) -> str:
    return str(event.get("sid")) if isinstance(event, dict) else ""


API = Twilio()
