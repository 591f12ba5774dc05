"""Canonical rows written by hand, and a small fact to build from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES
from deskpulse.store.layout import create_workspace

READ_AT = datetime(2026, 6, 1)


def rows(table: str, *written: Mapping[str, Any]) -> pa.Table:
    """Rows of an event table; what is not written is null, the origin aside."""
    schema = EVENT_TABLES[table].schema
    origin = {"source": "desk", "version": 1, "observed_at": READ_AT}
    return pa.Table.from_pylist([{n: {**origin, **row}.get(n) for n in schema.names} for row in written], schema=schema)


def batch(table: str, *written: Mapping[str, Any]) -> Batch:
    """The same, as a connector hands it over."""
    return Batch(table=table, rows=rows(table, *written))


def ticket(id: str, created: str = "2026-01-05 09:00:00", **more: Any) -> dict[str, Any]:
    """A ticket."""
    return {"source_id": id, "created_at": datetime.fromisoformat(created), **more}


def message(id: str, of: str, at: str = "2026-01-05 10:00:00", **more: Any) -> dict[str, Any]:
    """A customer's message."""
    return {"source_id": id, "ticket": of, "at": datetime.fromisoformat(at), "author_kind": "customer", **more}


def change(id: str, of: str, field: str, new: str, at: str = "2026-01-05 11:00:00", **more: Any) -> dict[str, Any]:
    """A field that took another value."""
    return {"source_id": id, "ticket": of, "at": datetime.fromisoformat(at), "field": field, "new": new, **more}


def workspace(folder: Path) -> Path:
    """An empty workspace."""
    create_workspace(folder)
    return folder


def count_messages(events: Mapping[str, Any]) -> Mapping[str, Any]:
    """A fact for tests: per ticket, its messages, those of tickets merged into it included."""
    said = events["message"].group_by("owner_key").agg(messages=lambda t: t.count())
    tickets = events["ticket"].left_join(said, [("ticket_key", "owner_key")])
    counted = tickets.mutate(messages=tickets.messages.fill_null(0))
    return {"ticket": counted.select("ticket_key", "source_id", "created_at", "messages")}
