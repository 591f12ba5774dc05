"""Rows of an event table, from the columns a connector has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES

Value: TypeAlias = pa.Array | pa.ChunkedArray | str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Which connection is read, and when (UTC, naive). The version of a row is that moment: a later reading wins."""

    source: str
    observed_at: datetime

    @property
    def version(self) -> int:
        """Seconds since 1970."""
        return int(self.observed_at.replace(tzinfo=UTC).timestamp())

    def batch(self, table: str, source_id: pa.Array, **columns: Value) -> Batch:
        """Rows of ``table``: a single value stands for every row, a column not given is empty."""
        given: dict[str, Value] = {
            "source": self.source,
            "source_id": source_id,
            "version": self.version,
            "observed_at": pa.scalar(self.observed_at.replace(microsecond=0), pa.timestamp("us")),
            **columns,
        }
        schema = EVENT_TABLES[table].schema
        unknown = set(given) - set(schema.names)
        if unknown:
            raise KeyError(f"{table} has no column {sorted(unknown)}")
        arrays = [_column(given.get(field.name), field.type, len(source_id)) for field in schema]
        return Batch(table=table, rows=pa.table(arrays, schema=schema))

    def from_table(self, table: str, rows: pa.Table) -> Batch:
        """Rows of ``table`` from a table that has its columns, 'source_id' among them."""
        columns: dict[str, Value] = {name: rows[name] for name in rows.column_names if name != "source_id"}
        return self.batch(table, rows["source_id"], **columns)


def _column(value: Value, type_: pa.DataType, length: int) -> pa.Array | pa.ChunkedArray:
    if value is None:
        return pa.nulls(length, type_)
    if isinstance(value, pa.Array | pa.ChunkedArray):
        return value.cast(type_)
    scalar = value if isinstance(value, pa.Scalar) else pa.scalar(value, type_)
    return pa.repeat(scalar, length)


def joined(*parts: pa.Array | str) -> pa.Array:
    """Ids made of several parts, joined by colons."""
    texts = [part if isinstance(part, str) else part.cast(pa.string()) for part in parts]
    return pc.binary_join_element_wise(*texts, ":")
