"""What the store works around. Each test fails when upstream mends it: then remove the workaround it names."""

from __future__ import annotations

import duckdb
import ibis
import pyarrow as pa
import pytest


def test_compile_leaves_tables_in_memory_unregistered() -> None:
    """Ibis; ``Work._select`` calls a private hook before compiling."""
    con = duckdb.connect()
    backend = ibis.duckdb.from_connection(con)
    rows = ibis.memtable(pa.table({"a": [1]}))
    with pytest.raises(duckdb.CatalogException):
        con.execute(backend.compile(rows))
    backend._run_pre_execute_hooks(rows)
    assert con.execute(backend.compile(rows)).fetchall() == [(1,)]


def test_ibis_cannot_list_the_tables_of_duckdb_2() -> None:
    """Ibis 12.0 calls a method that DuckDB 2.0's connections no longer have; nothing of ours lists tables by Ibis."""
    with pytest.raises(AttributeError, match="fetch_arrow_table"):
        ibis.duckdb.connect().list_tables()


def test_ibis_cannot_read_duckdb_2_in_batches() -> None:
    """Ibis 12.0 calls a method that DuckDB 2.0's connections no longer have; ``store.batches`` asks DuckDB itself."""
    with pytest.raises(AttributeError, match="fetch_record_batch"):
        list(ibis.duckdb.connect().to_pyarrow_batches(ibis.range(3).unnest().name("a").as_table()))
