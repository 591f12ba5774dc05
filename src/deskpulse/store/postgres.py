"""Postgres as an engine: the published tables are loaded into a schema of their own."""

from __future__ import annotations

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

SCHEMA = "deskpulse"
ROWS_PER_COPY = 100_000
INDEXED = ("ticket", "left_out")


def connect_postgres(snapshot: Snapshot, url: str, empty: Mapping[str, pa.Schema]) -> Any:
    """The snapshot's tables in the schema ``deskpulse`` of the database; loaded unless this version is there."""
    try:
        import psycopg
    except ImportError:
        raise WorkspaceError("psycopg is not installed. Add it with: pip install 'deskpulse[postgres]'") from None
    try:
        with psycopg.connect(url) as con:
            _load(con, snapshot, empty)
    except psycopg.OperationalError as fault:
        raise WorkspaceError(f"Postgres at {_without_password(url)} cannot be reached: {fault}") from fault
    backend = ibis.connect(url)
    backend.raw_sql(f"SET search_path TO {SCHEMA}; SET timezone TO 'UTC'").close()
    return backend


def _without_password(url: str) -> str:
    return url.rpartition("@")[2] if "@" in url else url


def _load(con: Any, snapshot: Snapshot, empty: Mapping[str, pa.Schema]) -> None:
    """One transaction: other readers see the version before until this one is complete."""
    stamp = f"{snapshot.layout.root.resolve()} {snapshot.version} {snapshot.as_of.isoformat()} {sorted(empty)}"
    found = con.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA]).fetchone()
    if found[0] == stamp:
        return
    con.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    con.execute(f"CREATE SCHEMA {SCHEMA}")
    for name, table in snapshot.tables.items():
        _create(con, name, {column: _plain(kind) for column, kind in table.columns})
        _copy(con, name, table, snapshot)
        _index(con, name, table)
    for name, schema in empty.items():
        _create(con, name, {field.name: _of_arrow(field.type) for field in schema})
    con.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{literal(stamp)}'")


def _create(con: Any, name: str, columns: Mapping[str, str]) -> None:
    declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    con.execute(f"CREATE TABLE {SCHEMA}.{quoted(name)} ({declared})")


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
    with con.cursor().copy(f"COPY {SCHEMA}.{quoted(name)} ({columns}) FROM STDIN (FORMAT csv)") as copy:
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
            con.execute(f"CREATE INDEX ON {SCHEMA}.{quoted(name)} ({quoted(column)})")
