"""Canonical rows from JSON: gathered one by one, handed over as columns."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.instants import parse_instants
from deskpulse.events import EVENT_TABLES
from deskpulse.events.model import ARROW_TYPES, Column

MOST_RAW = 2000
Row = dict[str, Any]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)
"""What goes wrong while a value is read that is not what it should be."""


class Rows:
    """Rows of a page. ``observed_at`` is when it was fetched; each row brings its own version."""

    def __init__(self, source: str, observed_at: datetime, *, page: str) -> None:
        self.source = source
        self.observed_at = observed_at.replace(microsecond=0)
        self.page = page
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._refused: list[Quarantined] = []

    def add(self, table: str, source_id: object, version: int | None, **columns: Any) -> None:
        """A row; ids and texts may be numbers, instants ISO text or seconds since 1970, what is not given is empty."""
        columns["source_id"] = source_id
        columns["version"] = 1 if version is None else version
        self._rows[table].append(columns)

    def refuse(self, item: object, reason: str, column: str | None = None) -> None:
        """Put aside what cannot be understood."""
        raw = json.dumps(item, default=str)[:MOST_RAW]
        self._refused.append(Quarantined(file=self.page, line=None, column=column, reason=reason, raw=raw))

    def each(self, items: Any, read: Callable[[Row], object]) -> None:
        """Read every item; one that lacks what it must have is put aside, and the others go on."""
        if not isinstance(items, list):
            self.refuse(items, "is no list")
            return
        for item in items:
            try:
                read(item)
            except UNREADABLE as error:
                self.refuse(item, _told(error))

    def inner(self, items: Any, read: Callable[[Row], object]) -> None:
        """The same for a list inside an item, which may be left out."""
        if items is not None:
            self.each(items, read)

    def in_order(self, items: Any, key: Callable[[Row], float | str]) -> list[Row]:
        """The items of a list inside an item by their key; those without one are put aside."""
        keyed: list[tuple[float | str, Row]] = []
        self.inner(items, lambda item: keyed.append((key(item), item)))
        return [item for _, item in sorted(keyed, key=itemgetter(0))]

    def batches(self) -> Iterator[Batch | Quarantined]:
        """All of it, table by table."""
        for table, rows in self._rows.items():
            yield from self._batch(table, rows)
        yield from self._refused

    def _batch(self, table: str, rows: list[Row]) -> Iterator[Batch | Quarantined]:
        declared = EVENT_TABLES[table].columns
        given = set().union(*rows)
        for name in given - {column.name for column in declared}:
            raise KeyError(f"{table} has no column {name}")
        values = {name: _values(rows, name) for name in given}
        columns = {column.name: self._column(column, values, len(rows)) for column in declared}
        arrays = pa.table(columns, schema=EVENT_TABLES[table].schema)
        unread = _unread([column for column in declared if column.name in given], values, arrays)
        for index, column in unread.items():
            raw = json.dumps(rows[index], default=str)[:MOST_RAW]
            reason = f"{column.name} is no {column.type} ({rows[index][column.name]})"
            yield Quarantined(file=self.page, line=None, column=column.name, reason=reason, raw=raw)
        good = [index for index in range(len(rows)) if index not in unread]
        yield Batch(table=table, rows=arrays.take(pa.array(good, pa.int64())) if unread else arrays)

    def _column(self, column: Column, values: Mapping[str, list[Any]], size: int) -> pa.Array:
        if column.name == "source":
            return pa.repeat(pa.scalar(self.source), size)
        if column.name == "observed_at":
            return pa.repeat(pa.scalar(self.observed_at, pa.timestamp("us")), size)
        if column.name not in values:
            return pa.nulls(size, ARROW_TYPES[column.type])
        return _READERS.get(column.type, _numbers)(column, values[column.name])


def _told(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else f"cannot be read ({error})"


def _values(rows: list[Row], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:  # not every row brings it
        return [row.get(name) for row in rows]


def _kinds(values: list[Any]) -> set[type]:
    return set(map(type, values)) - {type(None)}


def _unread(declared: Sequence[Column], values: Mapping[str, list[Any]], arrays: pa.Table) -> dict[int, Column]:
    """Rows with a value that did not become what its column holds."""
    found: dict[int, Column] = {}
    for column in declared:
        told, read = values[column.name], arrays[column.name]
        if column.type == "text" or read.null_count == told.count(None):
            continue
        for index in np.flatnonzero(read.is_null().to_numpy()).tolist():
            if told[index] not in (None, ""):
                found.setdefault(index, column)
    return found


def _texts(column: Column, values: list[Any]) -> pa.Array:
    kinds = _kinds(values)
    if not kinds <= {str}:
        text = str if kinds <= {str, int} else _text
        values = [value if value is None else text(value) for value in values]
    return pa.array(values, pa.string())


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _instants(column: Column, values: list[Any]) -> pa.Array:
    if _kinds(values) <= {datetime}:
        return pc.floor_temporal(pa.array(values, pa.timestamp("us")), unit="second").cast(pa.timestamp("us"))
    return parse_instants(_texts(column, values), ("iso", "epoch"), "UTC")


def _numbers(column: Column, values: list[Any]) -> pa.Array:
    kind = ARROW_TYPES[column.type]
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([_one(value, kind) for value in values], kind)


def _one(value: Any, kind: pa.DataType) -> Any:
    for made in (value, str(value)):
        try:
            return pa.scalar(made).cast(kind).as_py()
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            continue
    return None


_READERS: dict[str, Callable[[Column, list[Any]], pa.Array]] = {"text": _texts, "instant": _instants}
