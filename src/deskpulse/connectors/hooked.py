"""What systems send of themselves, as canonical rows.

Deliveries come twice, late and in any order, so only rows that the system numbers itself are taken from them, by the
same mapping as from its API. Where both tell of the same version of a row, the API is right, whichever came last.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from deskpulse.connectors.api.connector import Account, api_connector
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.hook_bodies import HOOKS, pages
from deskpulse.connectors.pushed import as_text, pushed
from deskpulse.connectors.tables import ID, table_called
from deskpulse.errors import DeskpulseError, InputError, UnknownNameError
from deskpulse.events import EVENT_TABLES

MOST_RAW = 500
UNREADABLE = (DeskpulseError, KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
NEVER = datetime(1970, 1, 1)
"""When rows that were sent count as read: of two rows of one version the later read is kept."""


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
    hook = HOOKS.get(delivery.connector)
    if hook is not None and not hook.carries_rows:
        return []
    read = _of_page if delivery.connector in HOOKS else _generic
    try:
        return list(read(delivery, _content(delivery)))
    except UNREADABLE as error:
        raw = delivery.body[:MOST_RAW].decode(errors="replace")
        is_ours = isinstance(error, DeskpulseError)
        reason = str(error) if is_ours else f"cannot be read ({type(error).__name__}: {error})"
        return [Quarantined(file=f"{delivery.source}: hook", line=None, column=None, reason=reason, raw=raw)]


def hooked_together(deliveries: Sequence[Delivery]) -> list[Batch | Quarantined]:
    """The rows of many deliveries. Those of programs that came in one second with the same columns are read as one,
    which costs no more than a single one, unless something of them is refused: then each tells of its own."""
    groups: dict[Hashable, list[Delivery]] = {}
    for delivery in deliveries:
        groups.setdefault(_likeness(delivery), []).append(delivery)
    found: list[Batch | Quarantined] = []
    for group in groups.values():
        together = _as_one(group) if len(group) > 1 else None
        found += together or [item for delivery in group for item in hooked_events(delivery)]
    return found


def _likeness(delivery: Delivery) -> Hashable:
    """Equal for deliveries that may be read as one."""
    if delivery.connector in HOOKS:
        return id(delivery)
    try:
        data = _content(delivery)
        columns = frozenset(name for row in data["rows"] for name in row)
        if not all(as_text(row.get(ID)).strip() for row in data["rows"]):
            return id(delivery)  # it is named by what stands in it and by its place among those sent with it
        return delivery.source, delivery.received_at, str(data["table"]), columns
    except UNREADABLE:
        return id(delivery)


def _as_one(deliveries: Sequence[Delivery]) -> list[Batch | Quarantined] | None:
    contents = [_content(delivery) for delivery in deliveries]
    data = {**contents[0], "rows": [row for content in contents for row in content["rows"]]}
    try:
        found = list(_generic(deliveries[0], data))
    except UNREADABLE:
        return None
    return None if any(isinstance(item, Quarantined) for item in found) else found


def _content(delivery: Delivery) -> Any:
    hook = HOOKS.get(delivery.connector)
    if hook is not None and hook.is_form:
        return dict(parse_qsl(delivery.body.decode(), keep_blank_values=True))
    body = delivery.body
    if hook is not None and hook.payload and body.startswith(f"{hook.payload}=".encode()):
        return json.loads(dict(parse_qsl(body.decode()))[hook.payload])
    return json.loads(body)


def _of_page(delivery: Delivery, data: Any) -> Iterator[Batch | Quarantined]:
    connector, account = api_connector(delivery.connector), Account(source=delivery.source)
    for page in pages(HOOKS[delivery.connector], delivery.kind, data, NEVER):
        yield from connector.to_events(page, account)


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
