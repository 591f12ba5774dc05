"""From a connector's stream to facts: check, merge, build. Rows and cursor go into one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import UnknownNameError
from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.events.model import ARROW_TYPES, Column
from deskpulse.store.work import QUARANTINE, Work

BEYOND_PYTHON = (OverflowError, ValueError)
"""What an instant or a date outside the years 1 to 9999 raises on its way from Arrow."""

Table = Any  # an ibis Table
Builder = Callable[[Mapping[str, Table]], Mapping[str, Table | pa.Table]]


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What a sync did: rows read and rows new or changed per event table, and how many went to quarantine.

    ``refused_anew`` of these were not there before.
    """

    source: str
    read: Mapping[str, int]
    changed: Mapping[str, int]
    quarantined: int
    refused_anew: int

    @property
    def rows(self) -> int:
        """Rows read, the refused ones not counted."""
        return sum(self.read.values())

    @property
    def has_news(self) -> bool:
        """Something is stored that no snapshot has yet."""
        return any(self.changed.values()) or self.refused_anew > 0


@dataclass(kw_only=True)
class _Tally:
    read: dict[str, int] = field(default_factory=dict)
    refused: list[Quarantined] = field(default_factory=list)


def sync(work: Work, stream: Iterable[Batch | Quarantined], *, source: str, cursor: str | None = None) -> SyncReport:
    """Merge a connector's rows, keep what was refused, and move the cursor: all of it or, after any fault, nothing."""
    tally = _Tally()
    with work.transaction():
        for item in stream:
            _take(work, item, tally)
        changed = work.settle()
        anew = work.quarantine(_refused_rows(source, tally.refused))
        if cursor is not None:
            work.set_cursor(source, cursor)
    refused = len(tally.refused)
    return SyncReport(source=source, read=tally.read, changed=changed, quarantined=refused, refused_anew=anew)


def build(work: Work, builder: Builder) -> int:
    """Compute the facts of the touched tickets, all of it or nothing; gives the number of batches."""
    count = 0
    with work.transaction():
        for batch in work.batches():
            for name, rows in builder(work.events(batch)).items():
                work.replace(name, rows, batch)
            count += 1
        work.built()
    return count


def _take(work: Work, item: Batch | Quarantined, tally: _Tally) -> None:
    if isinstance(item, Quarantined):
        tally.refused.append(item)
        return
    if item.table not in EVENT_TABLES:
        raise UnknownNameError("event table", item.table, EVENT_TABLES)
    good, refused = check(EVENT_TABLES[item.table], item.rows)
    tally.refused.extend(refused)
    tally.read[item.table] = tally.read.get(item.table, 0) + good.num_rows
    if good.num_rows:
        work.gather(item.table, good)


def _refused_rows(source: str, refused: Sequence[Quarantined]) -> pa.Table:
    rows = [
        {"source": source, "file": q.file, "line": q.line, "column_name": q.column, "reason": q.reason, "raw": q.raw}
        for q in refused
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)


def check(table: EventTable, rows: pa.Table) -> tuple[pa.Table, list[Quarantined]]:
    """Rows as declared, in whole seconds, and those that break a declaration, each with its first reason."""
    faults: dict[int, tuple[Column, str]] = {}
    columns = [_typed(column, rows, faults) for column in table.columns]
    typed = pa.table(columns, schema=table.schema)
    for column in table.columns:
        for mask, reason in _broken(column, typed[column.name]):
            for index in pc.indices_nonzero(mask).to_pylist():
                faults.setdefault(index, (column, reason))
    if not faults:
        return typed, []
    refused = [_refused(table, rows, index, *faults[index]) for index in sorted(faults)]
    return typed.take(_others(rows.num_rows, faults)), refused


def _others(count: int, faults: Mapping[int, object]) -> pa.Array:
    return pa.array([index for index in range(count) if index not in faults], pa.int64())


def _typed(column: Column, rows: pa.Table, faults: dict[int, tuple[Column, str]]) -> pa.ChunkedArray:
    kind = ARROW_TYPES[column.type]
    if column.name not in rows.column_names:
        return pa.chunked_array([pa.nulls(rows.num_rows, kind)])
    values = rows[column.name]
    try:
        typed = values.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        typed = _typed_one_by_one(column, values, kind, faults)
    return pc.floor_temporal(typed, unit="second") if column.type == "instant" else typed


def _typed_one_by_one(
    column: Column, values: pa.ChunkedArray, kind: pa.DataType, faults: dict[int, tuple[Column, str]]
) -> pa.ChunkedArray:
    typed: list[Any] = []
    for index, value in enumerate(values):
        try:
            typed.append(value.cast(kind).as_py())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, *BEYOND_PYTHON):
            faults.setdefault(index, (column, f"is not of type {column.type}"))
            typed.append(None)
    return pa.chunked_array([pa.array(typed, kind)])


def _broken(column: Column, values: pa.ChunkedArray) -> Iterator[tuple[pa.ChunkedArray, str]]:
    if column.required:
        missing = pc.is_null(values)
        yield (pc.or_kleene(missing, pc.equal(values, "")) if column.type == "text" else missing), "is missing"
    if column.one_of:
        known = pc.is_in(values, value_set=pa.array(column.one_of))
        yield (
            pc.and_kleene(pc.is_valid(values), pc.invert(known)),
            f"is none of: {', '.join(column.one_of)}",
        )
    if column.type == "number":
        yield pc.fill_null(pc.invert(pc.is_finite(values)), False), "is not a finite number"
    if column.type in ("instant", "date"):
        first, last = pa.scalar(datetime.min, values.type), pa.scalar(datetime.max, values.type)
        inside = pc.and_(pc.greater_equal(values, first), pc.less_equal(values, last))
        yield pc.fill_null(pc.invert(inside), False), "is not in the years 1 to 9999"
    if column.least is not None:
        yield pc.fill_null(pc.less(values, column.least), False), f"is less than {column.least:g}"


def _refused(table: EventTable, rows: pa.Table, index: int, column: Column, reason: str) -> Quarantined:
    row = {name: _value(rows[name][index]) for name in rows.column_names}
    words = json.dumps({name: value for name, value in row.items() if value is not None}, default=str)
    value = row.get(column.name)
    told = reason if value is None or value == "" else f"{reason} ({value})"
    return Quarantined(file=table.name, line=None, column=column.name, reason=f"{column.name} {told}", raw=words)


def _value(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except BEYOND_PYTHON:
        return value.cast(pa.string()).as_py()
