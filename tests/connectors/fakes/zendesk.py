"""A Zendesk account: tickets with audits, served by the exports as the published description says."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import FORBIDDEN, Asked, Fake, Told

TOKEN = "s3cret"
START = datetime(2026, 1, 5, 9, 0, 0, tzinfo=UTC)


def iso(at: datetime) -> str:
    """As Zendesk writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class FakeZendesk(Fake):
    """``size`` items a page. Cursors of the ticket export are positions; an empty page comes after the first."""

    def __init__(self, *, size: int = 3) -> None:
        super().__init__()
        self.size = size
        self.users: dict[int, dict[str, Any]] = {}
        self.groups: dict[int, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.metric_events: list[dict[str, Any]] = []
        self.schedules: list[dict[str, Any]] = []
        self.holidays: dict[int, list[dict[str, Any]]] = {}
        self.forbidden: set[str] = set()
        self._number = 1000

    def number(self) -> int:
        """A new id."""
        self._number += 1
        return self._number

    def user(self, id_: int, name: str, role: str, organization: int | None = None) -> int:
        """Someone, of a role."""
        self.users[id_] = {
            "id": id_, "name": name, "role": role, "organization_id": organization, "updated_at": iso(START),
            "created_at": iso(START), "email": f"{name.lower()}@example.com", "active": True, "suspended": False,
            "generated_timestamp": int(START.timestamp()),
        }  # fmt: skip
        return id_

    def group(self, id_: int, name: str) -> int:
        """A group."""
        self.groups[id_] = {"id": id_, "name": name, "created_at": iso(START), "updated_at": iso(START)}
        return id_

    def open_ticket(self, at: datetime, requester: int, *, group: int | None = None, **fields: Any) -> int:
        """A ticket by mail, with its first comment."""
        id_ = self.number()
        self.tickets[id_] = {
            "id": id_, "created_at": iso(at), "requester_id": requester, "submitter_id": requester, "status": "new",
            "subject": f"Question {id_}", "description": "Help", "group_id": group, "assignee_id": None,
            "priority": "normal", "type": "question", "tags": ["web"], "via": {"channel": "email", "source": {}},
            "brand_id": 7, **fields,
        }  # fmt: skip
        opened = {"status": "new", "requester_id": requester, "priority": "normal", "group_id": group}
        children = [{"event_type": "Create", name: value} for name, value in opened.items() if value is not None]
        self.update(id_, at, requester, comment="Help", children=children)
        return id_

    def update(
        self,
        ticket: int,
        at: datetime,
        by: int,
        *,
        comment: str | None = None,
        public: bool = True,
        children: list[dict[str, Any]] | None = None,
        **fields: Any,
    ) -> None:
        """One audit: a comment, changed fields, or both."""
        told = [{"id": self.number(), "via": "Web form", **child} for child in children or []]
        if comment is not None:
            told.append({
                "id": self.number(), "event_type": "Comment", "author_id": by, "body": comment, "public": public,
            })  # fmt: skip
        for name, value in fields.items():
            before = self.tickets[ticket].get(name)
            told.append({"id": self.number(), "event_type": "Change", name: value, "previous_value": before})
            self.tickets[ticket][name] = value
        self.tickets[ticket] |= {"updated_at": iso(at), "generated_timestamp": int(at.timestamp())}
        self.events.append({
            "id": self.number(), "ticket_id": ticket, "timestamp": int(at.timestamp()), "created_at": iso(at),
            "updater_id": by, "via": "Web form", "event_type": "Audit", "child_events": told,
        })  # fmt: skip

    def delete(self, ticket: int, at: datetime) -> None:
        """It stays in the export, marked; what happened to it does not."""
        self.tickets[ticket] |= {"status": "deleted", "updated_at": iso(at), "generated_timestamp": int(at.timestamp())}
        self.events = [event for event in self.events if event["ticket_id"] != ticket]

    def answer(self, asked: Asked) -> Told:
        """The lists and exports."""
        path = asked.path.removeprefix("/api/v2/").removesuffix(".json")
        if not self._is_known(asked):
            return Told(status=401, data={"error": "Couldn't authenticate you"})
        if path in self.forbidden:
            return FORBIDDEN
        if path.startswith("business_hours/schedules"):
            return self._business_hours(path)
        if path == "groups":
            return self._whole(asked, "groups", list(self.groups.values()))
        if path == "users":
            roles = asked.query.get("role[]", [])
            return self._whole(asked, "users", [user for user in self.users.values() if user["role"] in roles])
        if path in ("incremental/tickets/cursor", "incremental/users/cursor"):
            name = path.split("/")[1]
            return self._export(asked, name, list(getattr(self, name).values()))
        if path in ("incremental/ticket_events", "incremental/ticket_metric_events"):
            return self._timed(asked, path.split("/")[1])
        return Told(status=404, data={"error": "RecordNotFound"})

    def _business_hours(self, path: str) -> Told:
        if path.endswith("/holidays"):
            return Told(data={"holidays": self.holidays.get(int(path.split("/")[2]), [])})
        return Told(data={"schedules": self.schedules})

    def _is_known(self, asked: Asked) -> bool:
        basic = "Basic " + base64.b64encode(f"admin@example.com/token:{TOKEN}".encode()).decode()
        return asked.headers.get("authorization") in (basic, f"Bearer {TOKEN}")

    def _whole(self, asked: Asked, name: str, items: list[Any]) -> Told:
        begin = int(asked.one("page[after]") or 0)
        end = begin + self.size
        more = end < len(items)
        link = f"{self.url}/api/v2/{name}.json?page[after]={end}" if more else None
        return Told(data={
            name: items[begin:end], "meta": {"has_more": more, "after_cursor": str(end)}, "links": {"next": link},
        })  # fmt: skip

    def _export(self, asked: Asked, name: str, items: list[Any]) -> Told:
        """By generated_timestamp. The cursor holds the last stamp and id; an update moves an item behind it."""
        ordered = sorted(items, key=lambda item: (item["generated_timestamp"], item["id"]))
        cursor = asked.one("cursor")
        if cursor is None:
            after, empty = (int(asked.one("start_time") or 0) - 1, 0), True
        else:
            stamp, id_, word = base64.urlsafe_b64decode(cursor).decode().split("|")
            after, empty = (int(stamp), int(id_)), word == "empty"
        rest = [item for item in ordered if (item["generated_timestamp"], item["id"]) > after]
        page = [] if cursor is not None and empty else rest[: self.size]  # an empty page before the end
        last = (page[-1]["generated_timestamp"], page[-1]["id"]) if page else after
        word = "empty" if cursor is None else "-"
        after_cursor = base64.urlsafe_b64encode(f"{last[0]}|{last[1]}|{word}".encode()).decode()
        return Told(data={
            name: page, "after_cursor": after_cursor, "before_cursor": None, "before_url": None,
            "after_url": f"{self.url}/api/v2/incremental/{name}/cursor.json?cursor={after_cursor}",
            "end_of_stream": len(rest) <= len(page),
        })  # fmt: skip

    def _timed(self, asked: Asked, name: str) -> Told:
        """Whole seconds: a page ends with all of its last second, which the next begins with."""
        items = self.events if name == "ticket_events" else self.metric_events
        stamps = {
            id(item): item.get("timestamp") or int(datetime.fromisoformat(item["time"]).timestamp()) for item in items
        }
        start = int(asked.one("start_time") or 0)
        rest = sorted((item for item in items if stamps[id(item)] >= start), key=lambda item: stamps[id(item)])
        page = rest[: self.size]
        while len(page) < len(rest) and (
            stamps[id(rest[len(page)])] == stamps[id(page[-1])] or stamps[id(page[-1])] == start
        ):
            page.append(rest[len(page)])
        end = stamps[id(page[-1])] if page else None
        is_end = len(page) == len(rest)
        return Told(data={
            name: page, "count": len(page), "end_time": end, "end_of_stream": is_end,
            "next_page": f"{self.url}/api/v2/incremental/{name}.json?start_time={end}",
        })  # fmt: skip


def busy_account(tickets: int, *, size: int = 100, seed: int = 7) -> FakeZendesk:
    """A made-up account of many tickets, each asked, answered, solved, and some reopened, rated or deleted."""
    fake, chance = FakeZendesk(size=size), Random(seed)
    agents = [fake.user(10 + n, f"Agent{n}", "agent") for n in range(8)]
    customers = [fake.user(100 + n, f"Customer{n}", "end-user", 5) for n in range(40)]
    teams = [fake.group(50 + n, f"Team {n}") for n in range(3)]
    at = START
    for number in range(tickets):
        at += timedelta(seconds=chance.randint(0, 90))
        customer, agent = chance.choice(customers), chance.choice(agents)
        ticket, moment = fake.open_ticket(at, customer, group=chance.choice(teams)), at
        moment += timedelta(seconds=chance.randint(0, 7200))
        fake.update(ticket, moment, agent, assignee_id=agent, status="open")
        moment += timedelta(seconds=chance.randint(0, 7200))
        fake.update(ticket, moment, agent, comment="Try this", status="pending")
        moment += timedelta(seconds=chance.randint(0, 90000))
        fake.update(ticket, moment, customer, comment="Thanks")
        fake.update(ticket, moment, agent, status="solved")
        if number % 5 == 0:
            fake.update(ticket, moment + timedelta(hours=1), -1, satisfaction_score="offered")
            fake.update(ticket, moment + timedelta(hours=2), customer, satisfaction_score="good")
        if number % 7 == 0:
            fake.update(ticket, moment + timedelta(hours=30), customer, comment="Again", status="open")
        if number % 31 == 30:
            fake.delete(ticket, moment + timedelta(hours=40))
    fake.events.sort(key=lambda event: (event["timestamp"], event["id"]))
    return fake


def seeded() -> Seeded:
    """A busy account with merges and targets."""
    fake = busy_account(40, size=6)
    first, second = list(fake.tickets)[:2]
    source = {"rel": "merge", "from": {"ticket_id": second}, "to": {}}
    fake.events[-1]["via"] = {"channel": "web_service", "source": source}
    fake.tickets[first]["merged_ticket_ids"] = [second]
    policy = {"target": 60, "target_in_seconds": 3600, "business_hours": True, "policy": {"id": 3, "title": "Gold"}}
    for number in range(9):
        fake.metric_events.append({
            "id": 7000 + number, "ticket_id": first, "metric": ("reply_time", "resolution_time")[number % 2],
            "instance_id": 1 + number // 2, "type": "apply_sla", "time": iso(START + timedelta(minutes=number)),
            "sla": policy,
        })  # fmt: skip
    return Seeded(connector="zendesk", fake=fake, options={"subdomain": "acme", "email": "admin@example.com"})
