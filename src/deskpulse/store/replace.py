"""Rows of a fact for the rows that were computed before, and the days that changed by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from deskpulse.store.append import append
from deskpulse.store.tables import listed, quoted

# The moment a fact is partitioned and restated by; the first that is known. A fact that is not here is one part.
FACT_MOMENTS: dict[str, tuple[str, ...]] = {
    "ticket": ("created_at",),
    "reply": ("replied_at",),
    "span": ("from_at",),
    "solve": ("solved_at",),
    "survey": ("offered_at", "answered_at"),
    "call": ("offered_at",),
    "handle": ("handled_at",),
    "ring": ("offered_at",),
    "agent_day": ("day_at",),
    "contact": ("begun_at",),
    "review": ("published_at",),
    "remark": ("said_at",),
    "engagement": ("answered_at",),
    "article": ("published_at",),
    "article_day": ("day",),
    "visit": ("began_at",),
    "account_month": ("month_at",),
    "account_risk": ("scored_at",),
    "mrr_span": ("from_at",),
    "spend_day": ("spent_at",),
    "revenue_day": ("taken_at",),
}


ROW_GROUP = 122_880
"""Rows that DuckDB stores together; fewer at the end of an insertion are written again by the next checkpoint."""


TOUCHED = "batch_touched"
"""The temporary table of the touched tickets (``ticket_key``), while these are built alone."""

WIDTHS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "HUGEINT", "UBIGINT", "UINTEGER", "UHUGEINT"})


@dataclass(frozen=True, kw_only=True)
class TicketBatch:
    """A part of the tickets that is built at once: all tickets of any customer are in the same one.

    ``buckets`` (first, one past the last) is null for the touched tickets, which ``batch_touched`` lists.
    """

    position: int
    count: int
    buckets: tuple[int, int] | None

    @property
    def is_first(self) -> bool:
        """It is the first of its build."""
        return self.position == 0

    @property
    def is_last(self) -> bool:
        """It is the last of its build."""
        return self.position == self.count - 1


class Remainders:
    """Rows of a build's batches that wait for the next one, so that whole row groups are stored."""

    def __init__(self) -> None:
        self._waiting: dict[str, pa.Table] = {}

    def take(self, fact: str, rows: pa.Table, batch: TicketBatch) -> pa.Table:
        """The rows to store now: those that waited and, unless the batch is the last, as many as fill groups."""
        together = pa.concat_tables([self._waiting.pop(fact), rows]) if fact in self._waiting else rows
        if batch.is_last:
            return together
        ready = len(together) // ROW_GROUP * ROW_GROUP
        self._waiting[fact] = together.slice(ready)
        return together.slice(0, ready)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()


@contextmanager
def one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is inside runs on one thread."""
    threads = con.execute("SELECT current_setting('threads')").fetchall()[0][0]
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # of a transaction that has failed: its own error counts
            con.execute(f"SET threads = {threads}")


def replace(con: duckdb.DuckDBPyConnection, fact: str, rows: duckdb.DuckDBPyRelation, batch: TicketBatch) -> bool:
    """Put rows for those of the batch's tickets; a fact without tickets is replaced whole. Gives whether any differ.

    The rows have the fact's columns in its order: when these change, all of it is built again. Of several batches only
    the last tells a difference.
    """
    rows = _in_whole_numbers(rows)
    of_tickets = "ticket_key" in rows.columns
    if batch.buckets is None and of_tickets and _exists(con, fact):
        return _replace_touched(con, fact, rows)
    if batch.buckets is not None and of_tickets:
        return _replace_part(con, fact, rows, batch)
    if not batch.is_first:
        return False
    _replace_whole(con, fact, rows)
    return _compare_whole(con, fact)


def _in_whole_numbers(rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Whole numbers as 64 bits: sums come wider than Ibis thinks, and so keep their type through a cast to it."""
    kinds = [str(kind) for kind in rows.types]
    if not WIDTHS.intersection(kinds):
        return rows
    columns = ((quoted(name), kind in WIDTHS) for name, kind in zip(rows.columns, kinds, strict=True))
    return rows.project(", ".join(f"CAST({name} AS BIGINT) AS {name}" if cast else name for name, cast in columns))


def _exists(con: duckdb.DuckDBPyConnection, fact: str) -> bool:
    return bool(con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [f"fact_{fact}"]).fetchall())


def _replace_touched(con: duckdb.DuckDBPyConnection, fact: str, rows: duckdb.DuckDBPyRelation) -> bool:
    table, stale = quoted(f"fact_{fact}"), "coalesce(ticket_key, 0) IN (SELECT ticket_key FROM batch_touched)"
    with one_thread(con):  # an empty table of several threads loses what comes after: see store/append.py
        con.execute(f"CREATE TEMP TABLE fresh AS SELECT * FROM {table} LIMIT 0")
    rows.insert_into("fresh")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(former(fact))} AS SELECT * FROM {table} WHERE {stale}")
    return _swap(con, fact, stale, before=quoted(former(fact)))


def former(fact: str) -> str:
    """The temporary table of a fact's rows that those of the touched tickets took the place of."""
    return f"former_{fact}"


def replace_some(con: duckdb.DuckDBPyConnection, fact: str, rows: str, stale: str, key: Sequence[str]) -> bool:
    """Put the rows of a query for those of a fact whose ``key`` is among those of the query ``stale``."""
    con.execute(f"CREATE TEMP TABLE fresh AS {rows}")
    con.execute(
        f"CREATE TEMP TABLE stale_row AS SELECT f.rowid AS id FROM {quoted(f'fact_{fact}')} f"
        f" SEMI JOIN ({stale}) s USING ({listed(key)})"
    )
    stale_rows = "rowid IN (SELECT id FROM stale_row)"
    is_changed = _swap(con, fact, stale_rows, before=f"{quoted(f'fact_{fact}')} WHERE {stale_rows}")
    con.execute("DROP TABLE stale_row")
    return is_changed


def _swap(con: duckdb.DuckDBPyConnection, fact: str, stale: str, *, before: str) -> bool:
    """Put the rows of the table ``fresh`` for those that are stale (``before``); gives whether any differ."""
    table = quoted(f"fact_{fact}")
    con.execute(f"CREATE TEMP TABLE days_before AS {_days(fact, before)}")
    con.execute(f"DELETE FROM {table} WHERE {stale}")
    append(con, table, "SELECT * FROM fresh")
    con.execute(f"CREATE TEMP TABLE days_after AS {_days(fact, 'fresh')}")
    con.execute("DROP TABLE fresh")
    return _note_changed_days(con, fact)


def _replace_part(con: duckdb.DuckDBPyConnection, fact: str, rows: duckdb.DuckDBPyRelation, batch: TicketBatch) -> bool:
    if batch.is_first:
        _replace_whole(con, fact, rows)
    else:
        rows.insert_into(quoted(f"fact_{fact}"))
    return batch.is_last and _compare_whole(con, fact)


def _replace_whole(con: duckdb.DuckDBPyConnection, fact: str, rows: duckdb.DuckDBPyRelation) -> None:
    """A new table with the computed rows; the days of the old one are kept for the comparison."""
    table, before = quoted(f"fact_{fact}"), quoted(f"days_before_{fact}")
    if _exists(con, fact):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {before} AS {_days(fact, table)}")
        con.execute(f"DROP TABLE {table}")
    rows.create(table)


def _compare_whole(con: duckdb.DuckDBPyConnection, fact: str) -> bool:
    before = f"days_before_{fact}"
    table = quoted(f"fact_{fact}")
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?", [before]).fetchall():
        con.execute(f"ALTER TABLE {quoted(before)} RENAME TO days_before")
        con.execute(f"CREATE TEMP TABLE days_after AS {_days(fact, table)}")
        return _note_changed_days(con, fact)
    append(con, "dirty", f"SELECT DISTINCT 'fact_{fact}', CAST({moment(fact)} AS DATE) FROM {table}")
    return True


def _days(fact: str, rows: str) -> str:
    """Per day, how many rows there are and a sum over all they hold, by column name."""
    return (
        f"SELECT CAST({moment(fact)} AS DATE) AS day, count(*) AS n, sum(hash(r)) AS digest"
        f" FROM (SELECT * FROM {rows}) r GROUP BY 1"
    )


def _note_changed_days(con: duckdb.DuckDBPyConnection, fact: str) -> bool:
    con.execute(
        """CREATE TEMP TABLE changed_day AS SELECT DISTINCT coalesce(a.day, b.day) AS day
        FROM days_before b FULL JOIN days_after a ON a.day IS NOT DISTINCT FROM b.day
        WHERE (a.n, a.digest) IS DISTINCT FROM (b.n, b.digest)"""
    )
    is_changed = bool(con.execute("SELECT 1 FROM changed_day LIMIT 1").fetchall())
    append(con, "dirty", f"SELECT 'fact_{fact}', day FROM changed_day")
    append(
        con,
        "restatement",
        f"SELECT NULL, '{fact}', day FROM changed_day WHERE day <="
        " (SELECT max(value)::TIMESTAMP FROM meta WHERE name = 'published_as_of') ORDER BY day",
    )
    for name in ("changed_day", "days_before", "days_after"):
        con.execute(f"DROP TABLE {name}")
    return is_changed


def moment(fact: str) -> str:
    """The expression a fact is dated by; null for one that is not dated."""
    known = FACT_MOMENTS.get(fact)
    if not known:
        return "CAST(NULL AS TIMESTAMP)"
    names = [quoted(name) for name in known]
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"
