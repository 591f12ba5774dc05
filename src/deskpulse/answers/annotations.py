"""What the company wrote down about itself: changes of process, to be shown on every trend."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ibis.common.exceptions import TableNotFound


def announced(backend: Any, start: datetime | None, end: datetime | None) -> tuple[tuple[datetime, str], ...]:
    """When and what, in order, within a period (UTC; null: without bound)."""
    try:
        table = backend.table("event_annotation")
    except TableNotFound:
        return ()
    if start:
        table = table.filter(table["at"] >= start)
    if end:
        table = table.filter(table["at"] < end)
    rows = backend.to_pyarrow(table.select("at", "title").order_by(["at", "title"])).to_pylist()
    return tuple((row["at"], row["title"]) for row in rows)
