"""The tables of the writer's database: one per event table, and its book-keeping."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.events.model import Column, ColumnType

TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "instant": "TIMESTAMP",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "decimal": "DECIMAL(18,4)",
    "boolean": "BOOLEAN",
}

# ticket_key: the ticket the row refers to. owner_key: the ticket it counts for, another one once that was merged away.
# bucket: every ticket of a customer is in the same one, so that a range of buckets can be built on its own.
TICKET_BOUND = {"ticket_key": "BIGINT", "owner_key": "BIGINT", "bucket": "SMALLINT"}
BUCKETS = 256

BOOKKEEPING = (
    (
        "ticket_key (source VARCHAR, ticket VARCHAR, ticket_key BIGINT, owner_key BIGINT, own_bucket SMALLINT,"
        " bucket SMALLINT)"
    ),
    "touched (ticket_key BIGINT)",
    "changed_table (name VARCHAR)",
    "dirty (name VARCHAR, day DATE)",
    "restatement (published_at TIMESTAMP, fact VARCHAR, day DATE)",
    "quarantine (source VARCHAR, file VARCHAR, line BIGINT, column_name VARCHAR, reason VARCHAR, raw VARCHAR)",
    "cursor (source VARCHAR, value VARCHAR)",
    "meta (name VARCHAR, value VARCHAR)",
)

# What changed was noted by month before it was by day.
DAYS_OF_MONTHS = (
    "CREATE OR REPLACE TABLE dirty AS"
    " SELECT name, CAST(unnest(generate_series(month, month + INTERVAL 30 DAY, INTERVAL 1 DAY)) AS DATE) AS day"
    " FROM dirty WHERE month IS NOT NULL UNION ALL SELECT name, month FROM dirty WHERE month IS NULL"
)

QUARANTINE = pa.schema(
    [
        ("source", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column_name", pa.string()),
        ("reason", pa.string()),
        ("raw", pa.string()),
    ]
)


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text's inside between single quotes."""
    return text.replace("'", "''")


def listed(names: Iterable[str], *, prefix: str = "") -> str:
    """Identifiers with commas between them."""
    return ", ".join(prefix + quoted(name) for name in names)


def column_type(column: Column) -> str:
    """The type a column is stored in: a closed list of values as an ENUM, which scans and groups like an integer."""
    if column.one_of:
        return "ENUM (" + ", ".join("'" + literal(value) + "'" for value in column.one_of) + ")"
    return TYPES[column.type]


def stored_columns(table: EventTable) -> dict[str, str]:
    """Every column of an event table in the writer's database, with its type."""
    declared = {column.name: column_type(column) for column in table.columns}
    return declared | (TICKET_BOUND if table.ticket else {})


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing; add columns and values that were declared since."""
    for declaration in BOOKKEEPING:
        con.execute(f"CREATE TABLE IF NOT EXISTS {declaration}")
    for table in EVENT_TABLES.values():
        wanted = stored_columns(table)
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in wanted.items())
        con.execute(f"CREATE TABLE IF NOT EXISTS {quoted('event_' + table.name)} ({columns})")
    _extend(con)


def _extend(con: duckdb.DuckDBPyConnection) -> None:
    known = stored(con)
    if ("dirty", "month") in known:
        con.execute(DAYS_OF_MONTHS)
    for table in EVENT_TABLES.values():
        target = f"event_{table.name}"
        for name, kind in stored_columns(table).items():
            if (target, name) not in known:
                con.execute(f"ALTER TABLE {quoted(target)} ADD COLUMN {quoted(name)} {kind}")
            elif kind.startswith("ENUM") and _squeezed(known[target, name]) != _squeezed(kind):
                con.execute(f"ALTER TABLE {quoted(target)} ALTER COLUMN {quoted(name)} TYPE {kind}")


def stored(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """The type of every column of the database's tables, by table and column."""
    rows = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = current_database()"
    ).fetchall()
    return {(table, column): kind for table, column, kind in rows}


def _squeezed(kind: str) -> str:
    return kind.replace(" ", "")
