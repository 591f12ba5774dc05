"""Numbers as the columns of event tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from deskpulse.connectors.connector import Batch
from deskpulse.demo.threads import Flags, Ints
from deskpulse.events import EVENT_TABLES

Columns = Mapping[str, pa.Array]


def instants(seconds: Ints, known: Flags | None = None) -> pa.Array:
    """Epoch seconds as UTC timestamps; null where not ``known``."""
    return pa.array(seconds * 1_000_000, pa.int64(), mask=None if known is None else ~known).cast(pa.timestamp("us"))


def numbered(values: Ints, known: Flags | None = None) -> pa.Array:
    """Numbers as text ids; null where not ``known``."""
    return pa.array(values, pa.int64(), mask=None if known is None else ~known).cast(pa.string())


def named(codes: Ints, names: Sequence[str]) -> pa.Array:
    """Codes as the names they stand for; null where the code is negative."""
    indices = pa.array(codes.astype(np.int32), pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def stacked(*parts: Columns) -> Columns:
    """The rows of all parts, one after the other; all have the same columns."""
    return {name: pa.concat_arrays([plain(part[name]) for part in parts]) for name in parts[0]}


def plain(array: pa.Array) -> pa.Array:
    """A dictionary's values written out."""
    return array.dictionary_decode() if isinstance(array, pa.DictionaryArray) else array


def batch(table: str, columns: Columns, *, source: str, observed_at: int) -> Batch:
    """Rows of an event table: their origin added, columns that are not made left null."""
    schema = EVENT_TABLES[table].schema
    size = len(columns["source_id"])
    origin = {
        "source": pa.repeat(source, size),
        "version": pa.repeat(1, size),
        "observed_at": instants(np.full(size, observed_at)),
    }
    known = origin | dict(columns)
    arrays = [plain(known[f.name]).cast(f.type) if f.name in known else pa.nulls(size, f.type) for f in schema]
    return Batch(table=table, rows=pa.Table.from_arrays(arrays, schema=schema))
