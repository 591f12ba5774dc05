"""Rows of an expression a part at a time, for what would not fit into memory at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def batches(table: Any, size: int) -> Iterator[pa.Table]:
    """The rows of an ibis table, at most ``size`` at a time. Nothing else may be asked of its connection meanwhile.

    Ibis 12's own way asks DuckDB for a method that version 2 no longer has.
    """
    backend = table.get_backend()
    if backend.name != "duckdb":
        reader = backend.to_pyarrow_batches(table, chunk_size=size)
    else:
        reader = backend.con.sql(backend.compile(table)).to_arrow_reader(size)
    for batch in reader:
        if len(batch):
            yield pa.Table.from_batches([batch])
