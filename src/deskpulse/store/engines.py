"""A published snapshot as an ibis backend, on any engine: a table or view per published table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import duckdb
import ibis
import pyarrow as pa

from deskpulse.errors import UnknownNameError
from deskpulse.store.compiled import shared_by_threads
from deskpulse.store.faults import explained
from deskpulse.store.narrowed import reading
from deskpulse.store.snapshot import Snapshot
from deskpulse.store.tables import quoted

Engine = Literal["duckdb", "spark", "postgres"]
Backend = Any  # an ibis backend


def connect(
    snapshot: Snapshot,
    engine: str = "duckdb",
    url: str | None = None,
    *,
    threads: int | None = None,
    schemas: Mapping[str, pa.Schema] | None = None,
) -> Backend:
    """Every table of a snapshot on an engine, by its published name.

    ``url`` is the Spark master (default: in this process) or the Postgres connection string; ``schemas`` declare
    tables (by published name) that the snapshot may not have yet: they come out empty. The snapshot must stay open as
    long as the backend is used. Raises UnknownNameError for the engine.
    """
    empty = {name: schema for name, schema in (schemas or {}).items() if name not in snapshot.files}
    with explained(snapshot.layout.root):
        if engine == "duckdb":
            return _duckdb(snapshot, empty, threads)
        if engine == "spark":
            from deskpulse.store.spark import connect_spark

            return connect_spark(snapshot, url or "local[*]", empty)
        if engine == "postgres":
            from deskpulse.store.postgres import connect_postgres

            return connect_postgres(snapshot, url or "postgresql:///", empty)
    raise UnknownNameError("engine", engine, get_args(Engine))


def _duckdb(snapshot: Snapshot, empty: Mapping[str, pa.Schema], threads: int | None) -> Backend:
    con = duckdb.connect(config={} if threads is None else {"threads": threads})
    # A version's files never change: what is in them is looked up once, not by every question.
    con.execute("SET parquet_metadata_cache = true")
    for name, paths in snapshot.files.items():
        con.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM {reading(paths)}")
    for name, schema in empty.items():
        con.register(name, schema.empty_table())
    backend = shared_by_threads(ibis.duckdb.from_connection(con))
    backend.published = snapshot.files
    return backend
