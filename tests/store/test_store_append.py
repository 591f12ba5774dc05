"""Rows that come after none: DuckDB 2.0 hides them where several threads inserted nothing before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from deskpulse.events import EVENT_TABLES
from deskpulse.store import merge
from deskpulse.store.append import append, append_rows
from deskpulse.store.replace import ROW_GROUP
from deskpulse.store.work import Work, open_work
from tests.store.event_rows import READ_AT, message, rows, workspace

MANY = ROW_GROUP + 10


def many_tickets(first: int) -> pa.Table:
    """As many tickets as do not fit into one row group, numbered from ``first``."""
    columns = {
        "source": pa.repeat("desk", MANY),
        "source_id": pa.array([str(number) for number in range(first, first + MANY)]),
        "version": pa.repeat(1, MANY),
        "observed_at": pa.repeat(pa.scalar(READ_AT, pa.timestamp("us")), MANY),
        "created_at": pa.repeat(pa.scalar(datetime(2026, 1, 5), pa.timestamp("us")), MANY),
    }
    schema = EVENT_TABLES["ticket"].schema
    return pa.table([columns.get(name, pa.nulls(MANY)) for name in schema.names], names=schema.names).cast(schema)


def stored(work: Work) -> list[tuple[int, ...]]:
    """Tickets and their numbers, each as counted one by one."""
    query = "SELECT count(source_id || '') FROM event_ticket UNION ALL SELECT count(ticket || '') FROM ticket_key"
    return [row[0] for row in work.con.execute(query).fetchall()]


def test_a_batch_without_rows_before_a_long_one_loses_nothing(tmp_path: Path) -> None:
    with open_work(workspace(tmp_path / "desk"), holder="test", threads=2) as work:
        with work.transaction():
            work.gather("ticket", rows("ticket"))
            work.gather("ticket", many_tickets(0))
            assert work.settle()["ticket"] == MANY
        assert stored(work) == [MANY, MANY]


def test_a_portion_without_new_tickets_before_long_ones_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "PORTION", 1)
    with open_work(workspace(tmp_path / "desk"), holder="test", threads=2) as work:
        with work.transaction():
            work.gather("person", rows("person", {"source_id": "anna", "kind": "agent"}))
            work.gather("ticket", many_tickets(0))
            work.gather("message", rows("message", message("hello", "0")))
            work.gather("ticket", many_tickets(MANY))
            work.settle()
        assert stored(work) == [2 * MANY, 2 * MANY]


def test_a_query_without_rows_before_a_long_one_loses_nothing(tmp_path: Path) -> None:
    """A company of 125 thousand touched tickets, say, after a table whose news touched none."""
    con = duckdb.connect(str(tmp_path / "some.duckdb"), config={"threads": 2})
    con.execute("CREATE TABLE touched (ticket_key BIGINT)")
    con.execute(f"CREATE TABLE ticket AS SELECT range AS ticket_key FROM range({MANY})")
    con.execute("BEGIN")
    append(con, "touched", "SELECT ticket_key FROM ticket WHERE ticket_key < 0")
    append_rows(con, "touched", pa.table({"ticket_key": pa.array([], pa.int64())}))
    append(con, "touched", "SELECT ticket_key FROM ticket")
    con.execute("COMMIT")
    assert con.execute("SELECT count(*), sum(ticket_key) FROM touched").fetchall() == [(MANY, MANY * (MANY - 1) // 2)]
