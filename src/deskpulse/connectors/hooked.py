"""What systems send of themselves, as canonical rows; and whether the system has to be asked for the rest.

Deliveries come twice, late and in any order, so only rows that the system numbers itself are taken from them, by the
same mapping as from its API. What a delivery tells without a number of its own (a status that changed) is read over the
API, which tells it in order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskpulse.connectors import github
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.pushed import pushed
from deskpulse.connectors.tables import table_called
from deskpulse.errors import DeskpulseError, InputError, UnknownNameError
from deskpulse.events import EVENT_TABLES

MOST_RAW = 500
UNREADABLE = (DeskpulseError, KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
ASKED = ("zendesk", "github")
"""Systems that are read over their API when they tell of a change."""

WAITS: Mapping[str, int] = {"zendesk": 65}
"""Seconds after a delivery before its change can be read: Zendesk exports nothing of the last minute."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What was sent: the source it is of, the headers the mapping needs, the body, and when it came (naive UTC)."""

    source: str
    connector: str
    kind: str
    body: bytes = field(repr=False)
    received_at: datetime

    @classmethod
    def unpacked(cls, record: bytes) -> Delivery:
        """From a record of the spool; raises ValueError, KeyError where it is none."""
        head, _, body = record.partition(b"\n")
        told = json.loads(head)
        return cls(**{**told, "received_at": datetime.fromisoformat(told["received_at"])}, body=body)

    @property
    def packed(self) -> bytes:
        """As a record of the spool."""
        head = {"source": self.source, "connector": self.connector, "kind": self.kind}
        return json.dumps(head | {"received_at": self.received_at.isoformat()}).encode() + b"\n" + self.body


def hooked_events(delivery: Delivery) -> list[Batch | Quarantined]:
    """The rows of a delivery, all or none: one that cannot be understood is put aside, with the reason."""
    try:
        return list(READERS.get(delivery.connector, _generic)(delivery, json.loads(delivery.body)))
    except UNREADABLE as error:
        raw = delivery.body[:MOST_RAW].decode(errors="replace")
        is_ours = isinstance(error, DeskpulseError)
        reason = str(error) if is_ours else f"cannot be read ({type(error).__name__}: {error})"
        return [Quarantined(file=f"{delivery.source}: hook", line=None, column=None, reason=reason, raw=raw)]


def _generic(delivery: Delivery, data: Any) -> Iterator[Batch | Quarantined]:
    """``{"table": "tickets", "rows": [...]}``, with the columns that the table's template has."""
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise InputError('Send {"table": "tickets", "rows": [...]}.')
    name = table_called(str(data.get("table")))
    if name is None:
        raise UnknownNameError("event table", str(data.get("table")), EVENT_TABLES)
    if not all(isinstance(row, dict) for row in data["rows"]):
        raise InputError("Each of the rows has to be an object, with a value per column.")
    if data["rows"]:
        yield from pushed(name, data["rows"], source=delivery.source, observed_at=delivery.received_at)


def _github(delivery: Delivery, data: Any) -> Iterator[Batch | Quarantined]:
    """The issue as it is, and a comment that was written or edited; the rest is read over the API."""
    if delivery.kind not in ("issues", "issue_comment"):
        return
    rows = Rows(delivery.source, delivery.received_at, page=f"{delivery.source}: hook")
    issue, known = data["issue"], {"repository": data["repository"]["full_name"]}
    github.issues([issue], rows, known)
    if delivery.kind == "issue_comment" and data["action"] != "deleted" and "pull_request" not in issue:
        author = (issue.get("user") or {}).get("login")
        comment = {**data["comment"], "event": "commented"}
        github.timeline([comment], rows, {**known, "key": str(issue["number"]), "author": author})
    yield from rows.batches()


def _zendesk(delivery: Delivery, data: Any) -> Iterator[Batch | Quarantined]:
    """Its deliveries do not carry the numbers of what happened: they say that there is something to read."""
    if not isinstance(data, dict):
        raise InputError("A delivery of Zendesk is an object.")
    yield from ()


def _stripe(delivery: Delivery, data: Any) -> Iterator[Batch | Quarantined]:
    """Customers as they are now. What they pay is read from the warehouse's tables."""
    kind, told = str(data["type"]), data["data"]["object"]
    if kind not in ("customer.created", "customer.updated") or not data.get("livemode", True):
        return
    rows = Rows(delivery.source, delivery.received_at, page=f"{delivery.source}: hook")
    name, number = told.get("name"), told["id"]
    rows.add("customer", number, data["created"], name=name or told.get("email"), account=name or number)
    yield from rows.batches()


Reader = Callable[[Delivery, Any], Iterator[Batch | Quarantined]]
READERS: Mapping[str, Reader] = {"github": _github, "zendesk": _zendesk, "stripe": _stripe}
