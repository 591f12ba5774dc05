"""Rows added to a table of the writer's database, never none of them.

DuckDB 2.0 hides rows: where several threads insert nothing into a table at first (an empty query, an empty CREATE TABLE
AS), what the same transaction then inserts of a row group or more is counted, but no query finds it (docs/adr/0012).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa


def append(con: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
    """Insert the rows of a query whose columns are those of the table, in its order; gives how many there were."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE appended AS {query}")
    count = int(con.execute("SELECT count(*) FROM appended").fetchall()[0][0])
    if count:
        con.execute(f"INSERT INTO {table} SELECT * FROM appended")
    con.execute("DROP TABLE appended")
    return count


def append_rows(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Insert rows whose columns are those of the table, in its order; nothing where there are none."""
    if len(rows):
        # A relation: a table that is registered stays in memory until the transaction ends.
        con.from_arrow(rows).insert_into(table)
