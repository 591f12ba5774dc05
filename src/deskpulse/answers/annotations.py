"""What the company wrote down about itself: changes of process, to be shown on every trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.metrics.fact import Table

SHOWN = ("source", "source_id", "version", "at", "title", "team", "channel")


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """A change of process: when (UTC) and what; ``team`` and ``channel`` say where, if not everywhere."""

    source: str
    source_id: str
    version: int
    at: datetime
    title: str
    team: str | None
    channel: str | None


def announced(backend: Any, start: datetime | None, end: datetime | None) -> tuple[tuple[datetime, str], ...]:
    """When and what, in order, within a period (UTC; null: without bound)."""
    table = _standing(backend)
    if table is None:
        return ()
    if start:
        table = table.filter(table["at"] >= start)
    if end:
        table = table.filter(table["at"] < end)
    rows = backend.to_pyarrow(table.select("at", "title").order_by(["at", "title"])).to_pylist()
    return tuple((row["at"], row["title"]) for row in rows)


def every_annotation(backend: Any) -> tuple[Annotation, ...]:
    """Every change of process, the newest first."""
    table = _standing(backend)
    if table is None:
        return ()
    rows = backend.to_pyarrow(table.select(*SHOWN).order_by([ibis.desc("at"), "title"])).to_pylist()
    return tuple(Annotation(**row) for row in rows)


def version_of(backend: Any, source: str, source_id: str) -> int:
    """The version an annotation has, also one that was removed; 0 where there is none."""
    try:
        table = backend.table("event_annotation")
    except TableNotFound:
        return 0
    row = table.filter(table["source"] == source, table["source_id"] == source_id)
    return int(backend.to_pyarrow(row["version"].max()).as_py() or 0)


def _standing(backend: Any) -> Table | None:
    """Those that were not removed; a snapshot of before they could be has no word on it."""
    try:
        table = backend.table("event_annotation")
    except TableNotFound:
        return None
    return table.filter(~table["is_removed"].fill_null(False)) if "is_removed" in table.columns else table
