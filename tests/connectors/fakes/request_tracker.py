"""A Request Tracker: transactions with growing ids, of which an access may not see all; tickets, people and queues."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

TOKEN = "1-28-s3cret"
NEVER = "1970-01-01T00:00:00Z"
PRIVILEGED_GROUP = "4"


class FakeRequestTracker(Fake):
    """``size`` rows a page. Rows with an id in ``hidden`` are taken out of a page after it was cut, as the real one
    does for an access that may not see all."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.people: dict[str, dict[str, Any]] = {}
        self.privileged: list[int] = []
        self.queues = {"3": "Support", "4": "Billing"}
        self.tickets: dict[int, dict[str, Any]] = {}
        self.gone: set[int] = set()
        self.parts: list[dict[str, Any]] = []
        self.transactions: list[dict[str, Any]] = []
        self.hidden: set[int] = set()
        self.may_see_staff = True
        self._id = 50
        for id_, name in ((1, "RT_System"), (6, "Nobody")):
            self.person(id_, name)

    def person(self, id_: int, name: str, *, privileged: bool = False, organization: str = "") -> None:
        """Somebody."""
        known = {"type": "user", "id": id_, "Name": name, "RealName": name.title(), "Organization": organization}
        self.people[name] = known
        self.privileged += [id_] if privileged else []

    def open_ticket(self, at: str, by: str, *, asked: str | None = None, **more: Any) -> int:
        """A ticket as it was opened, with its transaction."""
        number = len(self.tickets) + 1
        self.tickets[number] = {
            "type": "ticket", "id": str(number), "Created": at, "LastUpdated": at, "Subject": f"Subject {number}",
            "Queue": {"id": "3", "Name": "Support"}, "Owner": self.people["Nobody"], "Status": "new", "Priority": "0",
            "Creator": {"id": self.people[by]["id"]}, "Requestor": [self.people[asked or by]], "CustomFields": [],
            **more,
        }  # fmt: skip
        self.happen(number, at, by, "Create")
        return number

    def happen(self, ticket: int, at: str, by: str, kind: str, field: str = "", **more: Any) -> int:
        """A transaction, and an e-mail about it, whose id is passed over; gives its id."""
        self._id += 2
        self.transactions.append(
            {"type": "transaction", "id": str(self._id), "Type": kind, "Field": field, "OldValue": "", "NewValue": "",
             "ObjectId": str(ticket), "Created": at, "Creator": self.people[by], "TimeTaken": "0", **more}
        )  # fmt: skip
        if kind in ("Create", "Correspond", "Comment"):
            for name, content in (("", f"words {self._id}"), ("", "<p>words</p>"), ("list.txt", "1")):
                part = {"id": str(len(self.parts) + 1), "TransactionId": str(self._id), "Filename": name}
                self.parts.append({**part, "Content": content})
        self.tickets[ticket]["LastUpdated"] = at
        return self._id

    def set(self, ticket: int, at: str, by: str, field: str, new: Any) -> int:
        """A change of a field."""
        known = self.tickets[ticket]
        if field == "Owner":
            old, known["Owner"] = known["Owner"], self.people[new]
            return self.happen(
                ticket, at, by, "Set", field, OldValue=str(old["id"]), NewValue=str(known["Owner"]["id"])
            )
        if field == "Queue":
            old, known["Queue"] = known["Queue"], {"id": new, "Name": self.queues[new]}
            return self.happen(ticket, at, by, "Set", field, OldValue=old["id"], NewValue=new)
        old, known[field] = known[field], new
        return self.happen(ticket, at, by, "Status" if field == "Status" else "Set", field, OldValue=old, NewValue=new)

    def answer(self, asked: Asked) -> Told:
        """The list or the record asked for."""
        if asked.headers.get("authorization") != f"token {TOKEN}":
            return Told(status=401, data={"message": "Unauthorized"})
        path = asked.path.removeprefix("/REST/2.0/")
        if path == "transactions":
            return self._transactions(asked)
        if path == "tickets":
            return self._tickets(asked)
        if path == "attachments":
            return self._attachments(asked)
        if path == "groups":
            found = [{"type": "group", "id": PRIVILEGED_GROUP}] if self.may_see_staff else []
            return Told(data={"items": found})
        if path == f"group/{PRIVILEGED_GROUP}/members":
            return self._page(asked, [{"type": "user", "id": one} for one in self.privileged])
        kind, _, name = path.partition("/")
        if kind == "user" and name in self.people:
            return Told(data={"Name": name, "_hyperlinks": [{"ref": "self", "id": self.people[name]["id"]}]})
        return Told(data={"Name": self.queues[name]}) if name in self.queues else Told(status=404)

    def _transactions(self, asked: Asked) -> Told:
        query = asked.one("query") or ""
        assert "ObjectType = 'RT::Ticket'" in query and "Type = 'Correspond' OR" in query
        after, until = re.search(r" id > (\d+)", query), re.search(r" id <= (\d+)", query)
        since = re.search(r"Created > '(.+?)'", query)
        found = [
            one
            for one in self.transactions
            if (not after or int(one["id"]) > int(after[1]))
            and (not until or int(one["id"]) <= int(until[1]))
            and (not since or one["Created"] > since[1].replace(" ", "T"))
        ]
        return self._page(asked, found[::-1] if asked.one("order") == "DESC" else found)

    def _tickets(self, asked: Asked) -> Told:
        wanted = {int(number) for number in re.findall(r"\bid = (\d+)", asked.one("query") or "")}
        known = {number: ticket for number, ticket in self.tickets.items() if number not in self.gone}
        return self._page(asked, [ticket for number, ticket in known.items() if not wanted or number in wanted])

    def _attachments(self, asked: Asked) -> Told:
        wanted = {one["value"] for one in asked.data if one["field"] == "TransactionId"}
        return self._page(asked, [part for part in self.parts if part["TransactionId"] in wanted])

    def _page(self, asked: Asked, found: list[dict[str, Any]]) -> Told:
        size = min(self.size, int(asked.one("per_page") or 20))
        begin = size * (int(asked.one("page") or 1) - 1)
        cut = found[begin : begin + size]
        total = None if self.hidden else len(found)
        return Told(data={"items": [one for one in cut if int(one["id"]) not in self.hidden], "total": total})


def support_desk(*, size: int = 100) -> FakeRequestTracker:
    """A desk with two agents, a bot and two customers."""
    fake = FakeRequestTracker(size=size)
    for id_, name in ((28, "ann"), (30, "ben"), (32, "robo")):
        fake.person(id_, name, privileged=True)
    fake.person(42, "zed", organization="Acme")
    fake.person(48, "yan")
    return fake


def at(hour: int, minute: int = 0) -> str:
    """A time of one day, as it is written."""
    return datetime(2026, 3, 2, hour, minute).strftime("%Y-%m-%dT%H:%M:%SZ")


def busy_desk(tickets: int, *, size: int) -> FakeRequestTracker:
    """Many tickets, in turn, each asked, assigned, answered and resolved."""
    fake = support_desk(size=size)
    numbers = [fake.open_ticket(at(8, n % 60), "zed" if n % 3 else "yan") for n in range(tickets)]
    for n in numbers:
        fake.set(n, at(9, n % 60), "ann", "Owner", "ben")
        fake.happen(n, at(10, n % 60), "ben", "Correspond")
        fake.set(n, at(10, n % 60), "RT_System", "Status", "open")
    for n in numbers[::2]:
        fake.set(n, at(11, n % 60), "ben", "Queue", "4")
        fake.set(n, at(12, n % 60), "ben", "Status", "resolved")
    return fake


def seeded() -> Seeded:
    """Tickets of two customers, three opened in each minute, half of them moved and resolved."""
    return Seeded(connector="request_tracker", fake=busy_desk(12, size=4), secrets={"token": TOKEN})
