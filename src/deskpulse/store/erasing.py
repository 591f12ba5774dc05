"""Taking a person's rows out of the writer's database, and their bytes out of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.store.erased import PREFIX
from deskpulse.store.faults import explained
from deskpulse.store.layout import find_workspace, fsync
from deskpulse.store.lock import WriterLock
from deskpulse.store.tables import listed, literal, quoted
from deskpulse.store.work import Work

PEOPLE = "customer"
"""The table whose rows are customers: their own ids are customers' ids."""
OF_ERASED = f"SELECT ticket_key FROM event_ticket WHERE starts_with(customer, '{PREFIX}')"
WRITTEN_BY = "customer"


def customers_in(table: EventTable) -> tuple[str, ...]:
    """The columns that hold customers' ids, whoever else's they may hold."""
    return (*table.private("customer"), *(("source_id",) if table.name == PEOPLE else ()))


def take_customer(work: Work, source: str, customer: str) -> Iterator[tuple[str, pa.Table]]:
    """Takes out every row that names a customer, to be put back without them: table by table, inside a transaction."""
    for table in EVENT_TABLES.values():
        named = [f"{quoted(column)} = $customer" for column in customers_in(table)]
        named += [
            f"({quoted(column)} = $customer AND coalesce({quoted(column + '_kind')}::VARCHAR, '{WRITTEN_BY}')"
            f" = '{WRITTEN_BY}')"
            for column in table.private("author")
        ]
        if named:
            condition = f"source = $source AND ({' OR '.join(named)})"
            yield from _taken(work.con, table, condition, {"source": source, "customer": customer})


def take_words_of_erased(work: Work) -> Iterator[tuple[str, pa.Table]]:
    """Takes out the rows with words on tickets of customers who were erased, to be put back without them."""
    for table in EVENT_TABLES.values():
        if table.ticket and (words := table.private("words")):
            written = " OR ".join(f"{quoted(column)} IS NOT NULL" for column in words)
            yield from _taken(work.con, table, f"ticket_key IN ({OF_ERASED}) AND ({written})", {})


def _taken(
    con: duckdb.DuckDBPyConnection, table: EventTable, condition: str, values: dict[str, str]
) -> Iterator[tuple[str, pa.Table]]:
    query = f"SELECT {listed(table.schema.names)} FROM event_{table.name} WHERE {condition}"
    rows = con.sql(query, params=values).to_arrow_table()
    if len(rows):
        con.execute(f"DELETE FROM event_{table.name} WHERE {condition}", values)
        yield table.name, rows.cast(table.schema)


def drop_words(work: Work) -> int:
    """Empties every subject, message and comment; gives how many rows had some. Every fact is to be built again."""
    count = 0
    with work.transaction():
        for table in EVENT_TABLES.values():
            if words := table.private("words"):
                written = " OR ".join(f"{quoted(column)} IS NOT NULL" for column in words)
                emptied = ", ".join(f"{quoted(column)} = NULL" for column in words)
                done = work.con.execute(f"UPDATE event_{table.name} SET {emptied} WHERE {written}").fetchall()
                count += int(done[0][0])
        count += int(work.con.execute("UPDATE quarantine SET raw = '' WHERE raw <> ''").fetchall()[0][0])
        if count:
            work.touch_everything()
    return count


def blank_quarantine(work: Work, source: str, customer: str) -> None:
    """Empties refused rows that name a customer; the reason and the place stay."""
    pattern = rf"(^|[^A-Za-z0-9]){re.escape(customer)}([^A-Za-z0-9]|$)"
    with work.transaction():
        work.con.execute(
            "UPDATE quarantine SET raw = '', reason = regexp_replace(reason, $pattern, '\\1…\\2', 'g')"
            " WHERE source = $source AND (regexp_matches(raw, $pattern) OR regexp_matches(reason, $pattern))",
            {"source": source, "pattern": pattern},
        )


def compact(root: Path, *, holder: str) -> None:
    """Writes the writer's database anew: what was deleted stays in the old file's free blocks until then."""
    layout = find_workspace(root)
    fresh = layout.work.with_name(f"{layout.work.name}.fresh")
    with explained(root), WriterLock(layout.lock, holder=holder):
        fresh.unlink(missing_ok=True)
        layout.temporary.mkdir(exist_ok=True)
        with duckdb.connect(config={"temp_directory": str(layout.temporary), "memory_limit": "1GB"}) as con:
            con.execute(f"ATTACH '{literal(str(layout.work))}' AS stored (READ_ONLY)")
            con.execute(f"ATTACH '{literal(str(fresh))}' AS fresh")
            con.execute("COPY FROM DATABASE stored TO fresh")
        fsync(fresh)
        fresh.replace(layout.work)
        fsync(layout.private)
