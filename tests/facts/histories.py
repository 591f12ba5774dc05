"""Random support histories, row by row, with everything that makes their order of arrival matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES

OBSERVED = datetime(2024, 12, 31)
BEGIN = datetime(2024, 1, 1)
PEOPLE = ("ann", "bob", "cid", "dot", "robo")
TEAMS = ("first", "second")
TICKETS = tuple(str(number) for number in range(1, 41))
VALUES: dict[str, tuple[str, ...]] = {
    "status": ("new", "open", "pending", "on_hold", "solved", "solved", "closed"),
    "assignee": (*PEOPLE, ""),
    "team": TEAMS,
    "tier": ("1", "2"),
    "priority": ("low", "high"),
    "type": ("question", "problem"),
    "topic": ("billing", "login", ""),
    "merged_into": (*TICKETS[:8], ""),
    "deleted": ("true", "false"),
    "spam": ("true", "false"),
    "handoff": ("true",),
    "target_met": ("true", "false"),
}


@dataclass(frozen=True)
class EventRow:
    """One version of one row of an event table."""

    table: str
    values: dict[str, Any]


class Chance:
    """Draws rows; every instant is one of few, so that many fall into the same second."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def instant(self) -> datetime:
        return BEGIN + timedelta(minutes=20 * self.random.randrange(4000))

    def maybe(self, value: Any, share: float = 0.5) -> Any:
        return value if self.random.random() < share else None

    def pick(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def ticket(self, number: int) -> dict[str, Any]:
        return {
            "created_at": self.instant(),
            "channel": self.pick(("email", "chat", None)),
            "customer": self.pick(("c1", "c2", "c3", "c4", "c5", "c6", None)),
            "topic": self.pick(("billing", "login", None)),
            "assignee": self.maybe(self.pick(PEOPLE)),
            "team": self.maybe(self.pick(TEAMS)),
            "is_test": self.maybe(True, 0.1),
        }

    def message(self, number: int) -> dict[str, Any]:
        return {
            "ticket": self.pick(TICKETS),
            "at": self.instant(),
            "seq": self.maybe(number),
            "author": self.maybe(self.pick(PEOPLE)),
            "author_kind": self.pick(("customer", "customer", "agent", "agent", "bot", "system")),
            "is_public": self.random.random() < 0.8,
            "is_deleted": self.maybe(True, 0.1),
            "work_seconds": self.maybe(60.0, 0.3),
            "concurrency": float(number % 4) or None,
        }

    def change(self, number: int) -> dict[str, Any]:
        field = self.pick(("status", "status", "status", *VALUES))
        return {
            "ticket": self.pick(TICKETS),
            "at": self.instant(),
            "seq": self.maybe(number),
            "field": field,
            "new": self.pick(VALUES[field]),
            "by": self.maybe(self.pick(PEOPLE)),
        }

    def survey(self, number: int) -> dict[str, Any]:
        return {
            "survey": str(self.random.randrange(25)),
            "action": self.pick(("offered", "answered", "answered")),
            "at": self.instant(),
            "kind": "csat",
            "ticket": self.maybe(self.pick(TICKETS), 0.9),
            "agent": self.maybe(self.pick(PEOPLE), 0.2),
            "score": float(self.random.randrange(7)),
            "scale_low": 1.0,
            "scale_high": 5.0,
        }

    def policy_target(self, number: int) -> dict[str, Any]:
        return {
            "ticket": self.pick(TICKETS),
            "at": self.instant(),
            "metric": self.pick(("first_response", "resolution")),
            "target_seconds": 3600 * self.random.randrange(1, 50),
            "clock": self.pick(("calendar", "business")),
        }

    def call(self, number: int) -> dict[str, Any]:
        return {
            "offered_at": self.instant(),
            "queue": "line",
            "queue_seconds": float(self.random.randrange(90)),
            "outcome": self.pick(("answered", "abandoned", "missed", "phantom")),
        }

    def call_leg(self, number: int) -> dict[str, Any]:
        return {
            "call": str(self.random.randrange(1, 16)),
            "at": self.instant(),
            "agent": self.maybe(self.pick(PEOPLE), 0.9),
            "is_answered": self.random.random() < 0.6,
            "dial_seconds": 5.0,
            "talk_seconds": float(self.random.randrange(2000)),
            "wrap_seconds": 30.0,
        }

    def membership(self, number: int) -> dict[str, Any]:
        begin = BEGIN + timedelta(days=self.random.randrange(40))
        return {
            "person": self.pick(PEOPLE),
            "valid_from": begin,
            "valid_to": self.maybe(begin + timedelta(days=self.random.randrange(30))),
            "team": self.pick(TEAMS),
        }

    def customer(self, number: int) -> dict[str, Any]:
        return {"account": self.pick(("acme", "globex")), "segment": self.pick(("small", None))}

    def customer_segment(self, number: int) -> dict[str, Any]:
        return {
            "customer": self.pick(("c1", "c2", "c3")),
            "valid_from": BEGIN + timedelta(days=self.random.randrange(30)),
            "segment": self.pick(("big", "small")),
        }

    def person(self, number: int) -> dict[str, Any]:
        return {"name": self.pick(("Sam", "Kim", "Lee")), "kind": self.pick(("agent", "bot"))}


NUMBERED = {
    "message": 120,
    "change": 120,
    "survey": 40,
    "policy_target": 15,
    "call": 15,
    "call_leg": 25,
    "membership": 8,
    "customer_segment": 4,
}
NAMED = {"ticket": TICKETS, "customer": ("c1", "c2", "c3", "c4"), "person": PEOPLE}


def random_rows(seed: int) -> list[EventRow]:
    """Every version of every row, of two sources that use the same ids, in random order; some rows are edited twice."""
    chance = Chance(seed)
    ids = NAMED | {table: tuple(str(n) for n in range(1, count + 1)) for table, count in NUMBERED.items()}
    rows = [
        EventRow(table, _origin(source, identity, version) | draw(number))
        for table, names in ids.items()
        for draw in (_drawer(chance, table),)
        for number, identity in enumerate(names, 1)
        for source in ("desk", "shop")
        for version in range(1, 1 + chance.pick((1, 1, 1, 2, 3)))
    ]
    chance.random.shuffle(rows)
    return rows


def _drawer(chance: Chance, table: str) -> Callable[[int], dict[str, Any]]:
    return getattr(chance, table)  # type: ignore[no-any-return]


def _origin(source: str, identity: str, version: int) -> dict[str, Any]:
    return {"source": source, "source_id": identity, "version": version, "observed_at": OBSERVED}


def batches(rows: Iterable[EventRow]) -> list[Batch]:
    """The rows as a connector hands them over, table by table in the order given."""
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row.values)
    return [
        Batch(table=table, rows=pa.Table.from_pylist(values, schema=EVENT_TABLES[table].schema))
        for table, values in by_table.items()
    ]
