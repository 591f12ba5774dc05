"""How much memory the writer's database may hold before it spills to the disk."""

from __future__ import annotations

import duckdb

BASE = 700_000_000
PER_TICKET = 300
"""Bytes. With both, 1 GB is enough for a million tickets."""

PER_TICKET_OF_FEW = 1000
"""Bytes; of fewer than a million, that is less: a portion of a sync is merged in as little as it was opened with."""


def make_room(con: duckdb.DuckDBPyConnection) -> None:
    """Raise the limit the database was opened with where it has many tickets; never lower it.

    What a transaction holds that cannot be spilled grows with what is stored.
    """
    limit, tickets = con.execute(
        "SELECT parse_formatted_bytes(current_setting('memory_limit')), (SELECT count(*) FROM ticket_key)"
    ).fetchall()[0]
    wanted = min(BASE + PER_TICKET * tickets, PER_TICKET_OF_FEW * tickets)
    if wanted > limit:
        con.execute(f"SET memory_limit = '{wanted}B'")
