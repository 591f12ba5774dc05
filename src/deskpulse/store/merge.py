"""Canonical rows into the event tables: the newest version of each row wins, whatever the order of arrival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from deskpulse.errors import WorkspaceError
from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.events.model import ORIGIN
from deskpulse.store.append import append, append_rows
from deskpulse.store.keys import number_tickets, relocate
from deskpulse.store.memory import make_room
from deskpulse.store.tables import BUCKETS, TYPES, listed, quoted
from deskpulse.store.touch import touch, touch_former_customers

BATCH_TICKETS = 200_000

PORTION = 8_000_000
"""Rows that are merged at once: memory and disk hold so many beside what is stored, however long a stream is."""


class Intake:
    """Rows on their way into the event tables, merged a portion at a time; inside a transaction.

    Where it ``reads_again``, a row as new as the stored one takes its place: the same page by a better mapping.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.reads_again = False
        self._waiting = 0
        self._portions = 0
        self._counts: Counter[str] = Counter()

    def gather(self, table: EventTable, rows: pa.Table) -> None:
        """Put rows aside; those that wait are merged once they are a portion."""
        gather(self._con, table, rows)
        self._waiting += len(rows)
        if self._waiting >= PORTION:
            self._settle_portion()

    def settle(self) -> dict[str, int]:
        """Merge what waits; per table, how many rows were new or changed since the last time, in each portion."""
        self._settle_portion()
        if self._portions > 1:
            refuse_lost_rows(self._con)
        counts = dict(self._counts)
        self.clear()
        return counts

    def clear(self) -> None:
        """Forget what was counted, as when the transaction ends."""
        self._waiting = self._portions = 0
        self._counts.clear()

    def _settle_portion(self) -> None:
        pa.default_memory_pool().release_unused()  # it keeps what reading no longer needs, beside the database's own
        self._counts.update(settle(self._con, reads_again=self.reads_again))
        self._waiting = 0
        self._portions += 1


def refuse_lost_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Raises WorkspaceError where a ticket has two numbers, or a row of a ticket has one that no ticket has."""
    doubled = con.execute("SELECT count(*) - count(DISTINCT hash(source, ticket)) FROM ticket_key").fetchall()[0][0]
    lost = doubled + sum(_unnumbered(con, table) for table in EVENT_TABLES.values() if table.ticket)
    if lost:
        raise WorkspaceError(
            f"The database lost track of {lost} rows of so long a stream, so nothing of it was imported. Import it in "
            "parts: a file for each quarter, say."
        )


def _unnumbered(con: duckdb.DuckDBPyConnection, table: EventTable) -> int:
    lost = f"SELECT count(*) FROM event_{table.name} e ANTI JOIN ticket_key k ON k.ticket_key = e.ticket_key"
    return int(con.execute(f"{lost} WHERE e.{quoted(table.ticket or '')} IS NOT NULL").fetchall()[0][0])


def gather(con: duckdb.DuckDBPyConnection, table: EventTable, rows: pa.Table) -> None:
    """Put rows aside; ``settle`` merges what was gathered."""
    columns = ", ".join(f"{quoted(c.name)} {TYPES[c.type]}" for c in table.columns)
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS gathered_{table.name} ({columns})")
    known = set(rows.column_names)
    values = {c.name: rows[c.name] if c.name in known else pa.nulls(len(rows)) for c in table.columns}
    append_rows(con, f"gathered_{table.name}", pa.table(values))


def settle(con: duckdb.DuckDBPyConnection, *, reads_again: bool = False) -> dict[str, int]:
    """Merge what was gathered; gives the rows that were new or changed, per table.

    Of rows that are equally new the content decides, unless they are read again: then the stored one gives way.
    """
    waiting = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    gathered = [table for table in EVENT_TABLES.values() if f"gathered_{table.name}" in waiting]
    is_first = not con.execute("SELECT 1 FROM ticket_key LIMIT 1").fetchall()
    for table in gathered:
        _keep_newest(con, table)
        _compare(con, table, reads_again)
    number_tickets(con, gathered)
    make_room(con)
    counts = {table.name: _apply(con, table) for table in gathered}
    relocate(con, gathered)
    touch(con, gathered, is_first=is_first)
    for table in gathered:
        con.execute(f"DROP TABLE arrived_{table.name}")
    return counts


def _content(table: EventTable, row: str) -> str:
    """The row's own columns as one value; closed lists as text, since both sides must hash alike."""
    own = table.columns[len(ORIGIN) :]
    return ", ".join(f"{row}.{quoted(c.name)}" + ("::VARCHAR" if c.one_of else "") for c in own)


def _rank(table: EventTable, row: str) -> str:
    """What the newest row has most of; the content decides only between rows that differ in nothing else."""
    return f"row({row}.version, {row}.observed_at, hash({_content(table, row)}))"


def _keep_newest(con: duckdb.DuckDBPyConnection, table: EventTable) -> None:
    name = f"gathered_{table.name}"
    # A sub-query, since it spills to the disk; count(DISTINCT ...) must fit into memory.
    distinct = f"SELECT count(*) FROM (SELECT DISTINCT hash(source, source_id) FROM {name})"
    if con.execute(f"SELECT count(*) = ({distinct}) FROM {name}").fetchall()[0][0]:
        return
    con.execute(
        f"""CREATE TEMP TABLE newest AS SELECT * FROM {name} g QUALIFY row_number() OVER
        (PARTITION BY source, source_id ORDER BY {_rank(table, "g")} DESC) = 1"""
    )
    con.execute(f"DROP TABLE {name}")
    con.execute(f"ALTER TABLE newest RENAME TO {name}")


def _compare(con: duckdb.DuckDBPyConnection, table: EventTable, reads_again: bool) -> None:
    """Leave in ``arrived_<table>`` the rows that are new or changed, with the row each replaces."""
    name, stored = table.name, f"event_{table.name}"
    owner = "e.owner_key" if table.ticket else "NULL"
    known = f"SELECT 1 FROM {stored} SEMI JOIN gathered_{name} USING (source, source_id) LIMIT 1"
    if not con.execute(known).fetchall():
        con.execute(f"ALTER TABLE gathered_{name} ADD COLUMN replaces BIGINT")
        con.execute(f"ALTER TABLE gathered_{name} ADD COLUMN old_owner BIGINT")
        con.execute(f"ALTER TABLE gathered_{name} RENAME TO arrived_{name}")
        return
    is_same = f"row({_content(table, 'g')}) IS NOT DISTINCT FROM row({_content(table, 'e')})"
    again = f"row(g.version, g.observed_at) = row(e.version, e.observed_at) AND NOT ({is_same})"
    con.execute(
        f"""CREATE TEMP TABLE compared AS SELECT g.*, e.rowid AS replaces, {owner} AS old_owner, {is_same} AS is_same
        FROM gathered_{name} g LEFT JOIN {stored} e ON e.source = g.source AND e.source_id = g.source_id
        WHERE e.source_id IS NULL OR {_rank(table, "g")} > {_rank(table, "e")} OR ({again if reads_again else False})"""
    )
    con.execute(f"DROP TABLE gathered_{name}")
    con.execute(
        f"""UPDATE {stored} e SET version = c.version, observed_at = c.observed_at
        FROM compared c WHERE e.rowid = c.replaces AND c.is_same"""
    )
    con.execute(
        f"CREATE TEMP TABLE arrived_{name} AS SELECT * EXCLUDE (is_same) FROM compared"
        " WHERE replaces IS NULL OR NOT is_same"
    )
    con.execute("DROP TABLE compared")


def _apply(con: duckdb.DuckDBPyConnection, table: EventTable) -> int:
    arrived = int(con.execute(f"SELECT count(*) FROM arrived_{table.name}").fetchall()[0][0])
    if arrived:
        _mark_days(con, table)
        if table.name == "ticket":
            touch_former_customers(con)
        con.execute(
            f"DELETE FROM event_{table.name} WHERE rowid IN"
            f" (SELECT replaces FROM arrived_{table.name} WHERE replaces IS NOT NULL)"
        )
        con.execute(_insertion(con, table))
    return arrived


def _mark_days(con: duckdb.DuckDBPyConnection, table: EventTable) -> None:
    name, dated = table.name, quoted(table.dated_by)
    append(
        con,
        "dirty",
        f"""SELECT DISTINCT 'event_{name}', CAST({dated} AS DATE) FROM (
            SELECT {dated} FROM arrived_{name} UNION ALL SELECT {dated} FROM event_{name}
            WHERE rowid IN (SELECT replaces FROM arrived_{name} WHERE replaces IS NOT NULL)) changed""",
    )


def _insertion(con: duckdb.DuckDBPyConnection, table: EventTable) -> str:
    columns = [column.name for column in table.columns]
    if not table.ticket:
        return (
            f"INSERT INTO event_{table.name} BY NAME SELECT {listed(columns)} FROM arrived_{table.name}"
            f" ORDER BY {quoted(table.dated_by)}, source, source_id"
        )
    return (
        f"INSERT INTO event_{table.name} BY NAME SELECT {listed(columns, prefix='a.')}, k.ticket_key,"
        " coalesce(k.owner_key, 0) AS owner_key, coalesce(k.bucket, 0) AS bucket"
        f" FROM arrived_{table.name} a LEFT JOIN arrived_key k"
        f" ON k.source = a.source AND k.ticket = a.{quoted(table.ticket)}"
        f" ORDER BY {_group(con)} k.owner_key, a.{quoted(table.dated_by)}"
    )


def _group(con: duckdb.DuckDBPyConnection) -> str:
    """Many tickets are stored group by group of buckets, so that a batch of the build reads only its own part."""
    tickets = con.execute("SELECT count(*) FROM ticket_key").fetchall()[0][0]
    return f"k.bucket // {BUCKETS // _groups(tickets)}," if _groups(tickets) > 1 else ""


def _groups(tickets: int) -> int:
    groups = 1
    while tickets > groups * BATCH_TICKETS and groups < BUCKETS:
        groups *= 2
    return groups


def bucket_ranges(tickets: int) -> Sequence[tuple[int, int]]:
    """Ranges of buckets (first, one past the last) of about ``BATCH_TICKETS`` tickets each, in stored order."""
    width = BUCKETS // _groups(tickets)
    return [(first, first + width) for first in range(0, BUCKETS, width)]
