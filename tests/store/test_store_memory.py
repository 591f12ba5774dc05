"""What a long transaction holds: rows leave memory when they are stored, and are stored in whole row groups.

The fact ``tally`` is one of these tests alone.
"""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from deskpulse.store.memory import make_room
from deskpulse.store.replace import ROW_GROUP, Remainders, TicketBatch
from deskpulse.store.work import open_work
from tests.store.event_rows import rows, ticket, workspace

SHOWN = 2**30 / 10
"""The database shows a limit to a tenth of a GiB."""
PARTS = [TicketBatch(position=position, count=3, buckets=(position, position + 1)) for position in range(3)]


def numbered(first: int, last: int) -> pa.Table:
    """Tickets by number, the last not included."""
    return pa.table({"ticket_key": pa.array(range(first, last), pa.int64())})


def test_rows_wait_until_they_fill_row_groups() -> None:
    assert ROW_GROUP == 122_880
    remainders = Remainders()
    cuts = [0, 100_000, 300_000, 310_000]
    taken = [
        remainders.take("ticket", numbered(first, last), part)
        for part, first, last in zip(PARTS, cuts, cuts[1:], strict=False)
    ]
    # 100,000 fill no group; with the next 200,000 there are two of 122,880 and 54,240 wait for the last 10,000.
    assert [len(part) for part in taken] == [0, 245_760, 64_240]
    assert pa.concat_tables(taken)["ticket_key"].to_pylist() == list(range(310_000))


def test_a_build_of_several_batches_stores_every_row_once(tmp_path: Path) -> None:
    with open_work(workspace(tmp_path / "desk"), holder="test", threads=1) as work:
        with work.transaction():
            for part, first in zip(PARTS, (0, 70_000, 140_000), strict=True):
                work.replace("tally", numbered(first, first + 70_000), part)
        found = work.con.execute("SELECT count(*), count(DISTINCT ticket_key), max(ticket_key) FROM fact_tally")
        assert found.fetchall() == [(210_000, 210_000, 209_999)]


def test_rows_do_not_stay_in_memory_until_the_transaction_ends(tmp_path: Path) -> None:
    with open_work(workspace(tmp_path / "desk"), holder="test", threads=1) as work, work.transaction():
        read, computed = rows("ticket", ticket("1")), numbered(0, 10)
        held = [weakref.ref(read), weakref.ref(computed)]
        work.gather("ticket", read)
        work.replace("tally", computed, TicketBatch(position=0, count=1, buckets=(0, 256)))
        del read, computed
        gc.collect()
        assert [ref() for ref in held] == [None, None]


def test_many_tickets_get_the_database_more_memory_and_few_what_it_was_opened_with() -> None:
    """0.7 GB and 300 bytes a ticket: three millions have 1.6 GB. A limit above that stays. Few have 1000 bytes each."""
    con = duckdb.connect(config={"memory_limit": "1GB"})
    con.execute("CREATE TABLE ticket_key AS SELECT 1 AS ticket_key FROM range(1_000_000)")
    assert _room(con) == pytest.approx(1.0e9, abs=SHOWN)
    con.execute("INSERT INTO ticket_key SELECT 1 FROM range(2_000_000)")
    assert _room(con) == pytest.approx(1.6e9, abs=SHOWN)
    con.execute("SET memory_limit = '2GB'")
    assert _room(con) == pytest.approx(2.0e9, abs=SHOWN)


def test_a_portion_is_merged_in_little_memory_where_there_are_few_tickets() -> None:
    con = duckdb.connect(config={"memory_limit": "128MB"})
    con.execute("CREATE TABLE ticket_key AS SELECT 1 AS ticket_key FROM range(100_000)")
    assert _room(con) == pytest.approx(0.128e9, abs=1e6)
    con.execute("INSERT INTO ticket_key SELECT 1 FROM range(200_000)")
    assert _room(con) == pytest.approx(0.3e9, abs=1e6)


def _room(con: duckdb.DuckDBPyConnection) -> float:
    make_room(con)
    limit = con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
    number, unit = limit.split()
    return float(number) * {"MiB": 2**20, "GiB": 2**30}[unit]


def test_the_error_that_ends_a_build_is_the_one_that_is_told(tmp_path: Path) -> None:
    undated = TicketBatch(position=0, count=1, buckets=(0, 256))
    with (
        open_work(workspace(tmp_path / "desk"), holder="test") as work,
        pytest.raises(duckdb.BinderException, match="created_at"),
        work.transaction(),
    ):
        work.replace("ticket", numbered(0, 1), undated)
