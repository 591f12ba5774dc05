"""Where the data come from and how well they came in: sources and their freshness, refused rows, restated days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.events import EVENT_TABLES
from deskpulse.metrics.fact import Table
from deskpulse.store.compiled import fetch


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """What one source gave of one kind of events: how many rows, the newest event, and when it was last read (UTC)."""

    source: str
    table: str
    rows: int
    newest_at: datetime | None
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefusedRows:
    """Rows of a file that were refused for one reason; ``first_line`` is where to look first."""

    source: str
    file: str
    reason: str
    rows: int
    first_line: int | None


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """One row that was refused: where it stands, why, and what stood there."""

    source: str
    file: str
    line: int | None
    column_name: str | None
    reason: str
    raw: str


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """Days of a fact that came out otherwise than they had been published, by a snapshot (UTC)."""

    published_at: datetime | None
    fact: str
    days: int
    first: date
    last: date


def source_tables(backend: Any) -> tuple[SourceTable, ...]:
    """Every source by table, in order of name."""
    return tuple(sorted(_source_tables(backend), key=lambda one: (one.source, one.table)))


def _source_tables(backend: Any) -> Iterator[SourceTable]:
    for name, declared in EVENT_TABLES.items():
        try:
            rows = fetch(backend, ("sources", name), partial(_by_source, backend, name, declared.dated_by))
        except TableNotFound:
            continue
        for row in rows.to_pylist():
            yield SourceTable(table=name, **row)


def _by_source(backend: Any, name: str, dated_by: str) -> Table:
    rows = backend.table(f"event_{name}")
    return rows.group_by("source").aggregate(
        rows=rows.count(), newest_at=rows[dated_by].max().cast("timestamp(6)"), read_at=rows["observed_at"].max()
    )


def refused(backend: Any) -> tuple[RefusedRows, ...]:
    """The refused rows by file and reason, most first."""
    table = _book(backend, "quarantine")
    if table is None:
        return ()
    grouped = table.group_by("source", "file", "reason").aggregate(rows=table.count(), first_line=table["line"].min())
    found = backend.to_pyarrow(grouped.order_by([ibis.desc("rows"), "source", "file", "reason"])).to_pylist()
    return tuple(RefusedRows(**row) for row in found)


def refused_rows(backend: Any, *, most: int, after: int) -> tuple[RefusedRow, ...]:
    """A page of the refused rows, file by file."""
    table = _book(backend, "quarantine")
    if table is None:
        return ()
    page = table.order_by(["source", "file", "line", "raw"]).limit(most, offset=after)
    return tuple(RefusedRow(**row) for row in backend.to_pyarrow(page).to_pylist())


def restatements(backend: Any, *, most: int = 50) -> tuple[Restatement, ...]:
    """When history changed and which days of which facts, the newest first."""
    table = _book(backend, "restatement")
    if table is None:
        return ()
    day = table["day"]
    grouped = table.group_by("published_at", "fact").aggregate(days=day.nunique(), first=day.min(), last=day.max())
    found = backend.to_pyarrow(grouped.order_by([ibis.desc("published_at"), "fact"]).limit(most)).to_pylist()
    return tuple(Restatement(**row) for row in found)


def _book(backend: Any, name: str) -> Table | None:
    try:
        return backend.table(name)
    except TableNotFound:
        return None
