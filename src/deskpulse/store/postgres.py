"""Postgres as an engine: each snapshot's tables are loaded into a schema of their own."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.dataset as arrow_dataset

from deskpulse.errors import WorkspaceError
from deskpulse.store.manifest import PublishedTable
from deskpulse.store.snapshot import Snapshot
from deskpulse.store.tables import listed, literal, quoted

# Loaded versions of a workspace that are kept: whoever still asks the one before is not cut off.
KEPT = 2
ROWS_PER_COPY = 100_000
INDEXED = ("ticket", "left_out")


def connect_postgres(snapshot: Snapshot, url: str, empty: Mapping[str, pa.Schema]) -> Any:
    """The snapshot's tables in a schema ``deskpulse_<workspace>_<version>``; loaded unless they are there.

    Workspaces and versions never share tables: an open connection goes on reading what it was opened for.
    """
    try:
        import psycopg
    except ImportError:
        raise WorkspaceError("psycopg is not installed. Add it with: pip install 'deskpulse[postgres]'") from None
    try:
        with psycopg.connect(url) as con:
            schema = _load(con, snapshot, empty)
    except psycopg.OperationalError as fault:
        raise WorkspaceError(f"Postgres at {_without_password(url)} cannot be reached: {fault}") from fault
    backend = ibis.connect(url)
    backend.raw_sql(f"SET search_path TO {schema}; SET timezone TO 'UTC'").close()
    return backend


def _without_password(url: str) -> str:
    return url.rpartition("@")[2] if "@" in url else url


def _load(con: Any, snapshot: Snapshot, empty: Mapping[str, pa.Schema]) -> str:
    """One transaction: a schema is there complete or not at all."""
    workspace = f"deskpulse_{hashlib.sha256(str(snapshot.layout.root.resolve()).encode()).hexdigest()[:8]}"
    schema = f"{workspace}_{snapshot.version}"
    # Two processes that open the same version load it once.
    con.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [workspace])
    stamp = f"{snapshot.layout.root.resolve()} {snapshot.version} {snapshot.as_of.isoformat()} {sorted(empty)}"
    found = con.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [schema]).fetchone()
    if found[0] != stamp:
        con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        con.execute(f"CREATE SCHEMA {schema}")
        con.execute(f"SET LOCAL search_path TO {schema}")
        _fill(con, snapshot, empty)
        con.execute(f"COMMENT ON SCHEMA {schema} IS '{literal(stamp)}'")
        _sweep(con, workspace)
    return schema


def _fill(con: Any, snapshot: Snapshot, empty: Mapping[str, pa.Schema]) -> None:
    for name, table in snapshot.tables.items():
        _create(con, name, {column: _plain(kind) for column, kind in table.columns})
        _copy(con, name, table, snapshot)
        _index(con, name, table)
    for name, schema in empty.items():
        _create(con, name, {field.name: _of_arrow(field.type) for field in schema})


def _sweep(con: Any, workspace: str) -> None:
    """Drop all but the newest versions of a workspace."""
    pattern = f"^{workspace}_[0-9]+$"
    loaded = con.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s", [pattern]).fetchall()
    versions = sorted((int(name.rpartition("_")[2]) for (name,) in loaded), reverse=True)
    for version in versions[KEPT:]:
        con.execute(f"DROP SCHEMA {workspace}_{version} CASCADE")


def _create(con: Any, name: str, columns: Mapping[str, str]) -> None:
    declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    con.execute(f"CREATE TABLE {quoted(name)} ({declared})")


def _plain(kind: str) -> str:
    if kind in ("HUGEINT", "UBIGINT", "UHUGEINT"):
        return "NUMERIC"
    known = {"VARCHAR": "TEXT", "DOUBLE": "DOUBLE PRECISION", "FLOAT": "REAL", "TINYINT": "SMALLINT"}
    return known.get(kind, kind)


def _of_arrow(kind: pa.DataType) -> str:
    known = {"string": "TEXT", "timestamp[us]": "TIMESTAMP", "date32[day]": "DATE", "int64": "BIGINT"}
    known |= {"double": "DOUBLE PRECISION", "bool": "BOOLEAN", "decimal128(18, 4)": "DECIMAL(18,4)"}
    return known[str(kind)]


def _copy(con: Any, name: str, table: PublishedTable, snapshot: Snapshot) -> None:
    columns = listed(column for column, _ in table.columns)
    with con.cursor().copy(f"COPY {quoted(name)} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        for block in _csv(name, table, snapshot):
            copy.write(block)


def _csv(name: str, table: PublishedTable, snapshot: Snapshot) -> Iterator[bytes]:
    """Rows as CSV: every text is quoted and a null is not, which is how COPY tells them apart."""
    data = arrow_dataset.dataset([str(path) for path in snapshot.files[name]], format="parquet")
    names = [column for column, _ in table.columns]
    for batch in data.to_batches(columns=names, batch_size=ROWS_PER_COPY):
        out = io.BytesIO()
        arrow_csv.write_csv(batch, out, arrow_csv.WriteOptions(include_header=False, quoting_style="needed"))
        yield out.getvalue()


def _index(con: Any, name: str, table: PublishedTable) -> None:
    if not name.startswith("fact_"):
        return
    dated = {column for column, kind in table.columns if kind == "TIMESTAMP"}
    for column, _ in table.columns:
        if column in INDEXED or column in dated:
            con.execute(f"CREATE INDEX ON {quoted(name)} ({quoted(column)})")
