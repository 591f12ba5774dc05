"""Which tickets a change of events makes worth computing again."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from deskpulse.events import EventTable
from deskpulse.store.append import append

EVERYTHING = -1
TOUCHES_EVERYTHING = frozenset({"membership", "customer_segment", "person"})
TOUCHES_NOTHING = frozenset({"annotation"})
"""What no fact is built from: it is published as it is."""


def touch(con: duckdb.DuckDBPyConnection, arrived: Sequence[EventTable], *, is_first: bool) -> None:
    """Note the tickets that the rows in ``arrived_<table>`` touch, and the tables that changed."""
    if is_first:
        touch_everything(con)
    for table in arrived:
        if table.name in TOUCHES_NOTHING:
            continue
        if con.execute(f"SELECT 1 FROM arrived_{table.name} LIMIT 1").fetchall():
            con.execute("INSERT INTO changed_table VALUES (?)", [table.name])
            if not _is_everything_touched(con):
                _touch_by(con, table)
    if not _is_everything_touched(con):
        _touch_with_the_same_customer(con)


def _is_everything_touched(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT 1 FROM touched WHERE ticket_key = ? LIMIT 1", [EVERYTHING]).fetchall())


def touch_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Every fact is computed again by the next build."""
    con.execute("INSERT INTO touched VALUES (?)", [EVERYTHING])


def _touch_by(con: duckdb.DuckDBPyConnection, table: EventTable) -> None:
    if table.name in TOUCHES_EVERYTHING:
        touch_everything(con)
    elif table.ticket:
        _touch_own(con, table)
    elif table.name == "customer":
        _touch_customers(con, "SELECT source, source_id AS customer FROM arrived_customer")


def _touch_own(con: duckdb.DuckDBPyConnection, table: EventTable) -> None:
    append(
        con,
        "touched",
        f"""SELECT DISTINCT k.owner_key FROM arrived_{table.name} a
        JOIN ticket_key k ON k.source = a.source AND k.ticket = a."{table.ticket}"
        UNION SELECT old_owner FROM arrived_{table.name} WHERE old_owner IS NOT NULL
        UNION SELECT 0 FROM arrived_{table.name} WHERE "{table.ticket}" IS NULL""",
    )


def _touch_with_the_same_customer(con: duckdb.DuckDBPyConnection) -> None:
    """A contact counts as a repeat of its customer's earlier ones, whatever it was that changed on it.

    A ticket that was merged away counts for the customer of the one that survived.
    """
    append(
        con,
        "touched",
        # In a row value: a join of both columns looks at every ticket three times as long.
        """SELECT ticket_key FROM event_ticket WHERE ticket_key = owner_key AND (source, customer) IN (
            SELECT (source, customer) FROM event_ticket
            WHERE customer IS NOT NULL AND ticket_key IN (SELECT ticket_key FROM touched))""",
    )


def _touch_customers(con: duckdb.DuckDBPyConnection, customers: str) -> None:
    append(
        con,
        "touched",
        f"""SELECT DISTINCT t.owner_key FROM event_ticket t
        JOIN ({customers}) c ON c.source = t.source AND c.customer = t.customer""",
    )


def touch_former_customers(con: duckdb.DuckDBPyConnection) -> None:
    """A ticket that is about to change hands touches the tickets of the customer it leaves."""
    _touch_customers(
        con,
        "SELECT DISTINCT source, customer FROM event_ticket WHERE rowid IN"
        " (SELECT replaces FROM arrived_ticket WHERE replaces IS NOT NULL)",
    )
