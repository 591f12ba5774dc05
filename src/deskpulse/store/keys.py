"""The workspace's own number for each ticket, the ticket its events count for, and its bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.store.append import append
from deskpulse.store.tables import BUCKETS, quoted

# By md5, not by the database's own hash: a bucket must stay the same over its versions.
CUSTOMER_BUCKET = f"md5_number_lower({{row}}.source || ':' || {{row}}.customer) % {BUCKETS}"


def number_tickets(con: duckdb.DuckDBPyConnection, arrived: Sequence[EventTable]) -> None:
    """Give the next numbers to tickets that ``arrived_<table>`` mention for the first time, oldest first.

    ``arrived_key`` then has the rows of ``ticket_key`` for all they mention: to join what arrived with every ticket
    there is would take memory by their number.
    """
    mentions = [_mentions(table) for table in arrived if table.ticket]
    if any(table.name == "change" for table in arrived):
        mentions.append(
            'SELECT source, "new" AS ticket, "at" FROM arrived_change WHERE field = \'merged_into\' AND "new" <> \'\''
        )
    if not mentions:
        return
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE mentioned AS
        SELECT source, ticket, min("at") AS first_at FROM ({" UNION ALL ".join(mentions)}) mention
        WHERE ticket IS NOT NULL GROUP BY source, ticket"""
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE known AS SELECT k.* FROM ticket_key k SEMI JOIN mentioned USING (source, ticket)"
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE numbered AS
        SELECT source, ticket, key AS ticket_key, key AS owner_key, bucket AS own_bucket, bucket FROM (
            SELECT n.source, n.ticket, key, {_opening_bucket(arrived)} AS bucket FROM (
                SELECT *, (SELECT coalesce(max(ticket_key), 0) FROM ticket_key)
                    + row_number() OVER (ORDER BY first_at, source, ticket) AS key
                FROM mentioned ANTI JOIN known USING (source, ticket)) n
            {_opening_join(arrived)}) numbered"""
    )
    append(con, "ticket_key", "SELECT * FROM numbered ORDER BY ticket_key")
    con.execute("CREATE OR REPLACE TEMP TABLE arrived_key AS FROM known UNION ALL FROM numbered")
    for table in ("known", "numbered", "mentioned"):
        con.execute(f"DROP TABLE {table}")


def _mentions(table: EventTable) -> str:
    return (
        f'SELECT source, {quoted(table.ticket or "")} AS ticket, {quoted(table.dated_by)}::TIMESTAMP AS "at"'
        f" FROM arrived_{table.name}"
    )


def _opening_bucket(arrived: Sequence[EventTable]) -> str:
    if not any(table.name == "ticket" for table in arrived):
        return f"key % {BUCKETS}"
    return f"coalesce({CUSTOMER_BUCKET.format(row='t')}, key % {BUCKETS})"


def _opening_join(arrived: Sequence[EventTable]) -> str:
    if not any(table.name == "ticket" for table in arrived):
        return ""
    return "LEFT JOIN arrived_ticket t ON t.source = n.source AND t.source_id = n.ticket"


def relocate(con: duckdb.DuckDBPyConnection, arrived: Sequence[EventTable]) -> None:
    """Move the rows of tickets whose customer changed, or that were merged or unmerged; both ends are touched."""
    names = {table.name for table in arrived}
    con.execute("CREATE OR REPLACE TEMP TABLE moved (ticket_key BIGINT, owner_key BIGINT)")
    if "change" in names:
        _follow_merges(con)
    if "ticket" in names:
        _follow_customers(con)
    if con.execute("SELECT count(*) FROM moved").fetchall()[0][0]:
        _move(con)
    con.execute("DROP TABLE moved")


def _follow_customers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE rebucketed AS
        SELECT k.ticket_key, coalesce({CUSTOMER_BUCKET.format(row="t")}, k.ticket_key % {BUCKETS}) AS wanted
        FROM arrived_ticket t JOIN ticket_key k ON k.source = t.source AND k.ticket = t.source_id
        WHERE k.own_bucket <> wanted"""
    )
    con.execute("UPDATE ticket_key k SET own_bucket = r.wanted FROM rebucketed r WHERE k.ticket_key = r.ticket_key")
    append(
        con,
        "moved",
        "SELECT k.ticket_key, k.owner_key FROM ticket_key k WHERE k.owner_key IN (SELECT ticket_key FROM rebucketed)"
        " AND k.ticket_key NOT IN (SELECT ticket_key FROM moved)",
    )
    con.execute("DROP TABLE rebucketed")


def _follow_merges(con: duckdb.DuckDBPyConnection) -> None:
    if not con.execute("SELECT 1 FROM arrived_change WHERE field = 'merged_into' LIMIT 1").fetchall():
        return
    into: dict[int, int] = dict(
        con.execute(
            """SELECT m.ticket_key, k.ticket_key FROM (
                SELECT source, ticket_key,
                    arg_max(coalesce("new", ''), row("at", coalesce(seq, 0), source_id)) AS target
                FROM event_change WHERE field = 'merged_into' GROUP BY source, ticket_key) m
            JOIN ticket_key k ON k.source = m.source AND k.ticket = m.target"""
        ).fetchall()
    )
    known = con.execute("SELECT ticket_key, owner_key FROM ticket_key WHERE owner_key <> ticket_key").fetchall()
    wanted = {key: survivor(key, into) for key in {*into, *(key for key, _ in known)}}
    before = dict(known)
    differing = [[key, owner] for key, owner in wanted.items() if before.get(key, key) != owner]
    if differing:
        con.executemany("INSERT INTO moved VALUES (?, ?)", differing)


def survivor(ticket: int, into: Mapping[int, int]) -> int:
    """The ticket at the end of a chain of merges; in a circle every ticket stays itself."""
    seen = {ticket}
    at = ticket
    while at in into:
        at = into[at]
        if at in seen:
            return ticket
        seen.add(at)
    return at


def _move(con: duckdb.DuckDBPyConnection) -> None:
    append(
        con,
        "touched",
        "SELECT k.owner_key FROM ticket_key k JOIN moved m ON k.ticket_key = m.ticket_key"
        " UNION SELECT owner_key FROM moved UNION SELECT ticket_key FROM moved",
    )
    con.execute("UPDATE ticket_key k SET owner_key = m.owner_key FROM moved m WHERE k.ticket_key = m.ticket_key")
    con.execute(
        "UPDATE ticket_key k SET bucket = o.own_bucket FROM ticket_key o, moved m"
        " WHERE k.ticket_key = m.ticket_key AND o.ticket_key = m.owner_key"
    )
    for table in EVENT_TABLES.values():
        if table.ticket:
            _move_rows(con, table)


def _move_rows(con: duckdb.DuckDBPyConnection, table: EventTable) -> None:
    append(
        con,
        "dirty",
        f"SELECT DISTINCT 'event_{table.name}', CAST({quoted(table.dated_by)} AS DATE)"
        f" FROM event_{table.name} WHERE ticket_key IN (SELECT ticket_key FROM moved)",
    )
    con.execute(
        f"""UPDATE event_{table.name} e SET owner_key = k.owner_key, bucket = k.bucket
        FROM ticket_key k, moved m WHERE k.ticket_key = m.ticket_key AND e.ticket_key = m.ticket_key"""
    )
