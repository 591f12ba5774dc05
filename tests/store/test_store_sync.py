"""Rows on the way in: what is refused, with which reason, and what is kept together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from deskpulse.connectors.connector import Quarantined
from deskpulse.errors import UnknownNameError
from deskpulse.events import EVENT_TABLES
from deskpulse.store.work import Work, open_work
from deskpulse.sync import build, check, sync
from tests.store.event_rows import batch, count_messages, message, rows, ticket, workspace


@pytest.fixture
def work(tmp_path: Path) -> Any:
    with open_work(workspace(tmp_path), holder="test", threads=1) as opened:
        yield opened


@pytest.mark.parametrize(
    ("table", "bad", "column", "reason"),
    [
        ("ticket", {"source_id": "x"}, "created_at", "created_at is missing"),
        ("ticket", ticket("x", status="opened"), "status", "(opened)"),
        ("ticket", ticket(""), "source_id", "source_id is missing"),
        ("message", message("x", "1", author_kind="robot"), "author_kind", "customer, agent, bot, system (robot)"),
        ("message", message("x", "1", work_seconds=-1.0), "work_seconds", "is less than 0 (-1.0)"),
        ("message", message("x", "1", concurrency=0.5), "concurrency", "is less than 1 (0.5)"),
        ("message", message("x", "1", work_seconds=float("nan")), "work_seconds", "is not a finite number (nan)"),
    ],
)
def test_a_row_that_breaks_a_declaration_is_refused_and_the_others_are_not(
    table: str, bad: dict[str, Any], column: str, reason: str
) -> None:
    good = ticket("good") if table == "ticket" else message("good", "1")
    kept, refused = check(EVENT_TABLES[table], rows(table, good, bad, good))
    assert kept["source_id"].to_pylist() == ["good", "good"]
    [fault] = refused
    assert fault.column == column
    assert reason in fault.reason


def test_a_value_of_another_type_is_refused_and_text_that_is_one_is_read() -> None:
    written = rows("ticket", ticket("1"), ticket("2"))
    texts = pa.array(["2026-01-05 09:00:00", "yesterday"])
    mixed = written.set_column(written.column_names.index("created_at"), "created_at", texts)
    kept, refused = check(EVENT_TABLES["ticket"], mixed)
    assert kept["created_at"].to_pylist() == [datetime(2026, 1, 5, 9)]
    assert [fault.reason for fault in refused] == ["created_at is not of type instant (yesterday)"]


def test_an_instant_outside_the_years_that_python_knows_is_refused_by_its_name() -> None:
    """The year 10000 begins 253,402,300,800 s after 1970, the year 1 62,135,596,800 s before it."""
    written = rows("ticket", ticket("1"), ticket("last"), ticket("late"), ticket("early", status="opened"))
    seconds = pa.array([0, 253_402_300_799, 253_402_300_800, -62_135_596_801], pa.int64())
    instants = seconds.cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    kept, refused = check(
        EVENT_TABLES["ticket"], written.set_column(written.column_names.index("created_at"), "created_at", instants)
    )
    assert kept["source_id"].to_pylist() == ["1", "last"]
    assert [(fault.column, fault.reason) for fault in refused] == [
        ("created_at", "created_at is not in the years 1 to 9999 (10000-01-01 00:00:00.000000)"),
        ("created_at", "created_at is not in the years 1 to 9999 (0000-12-31 23:59:59.000000)"),
    ]
    assert "10000-01-01" in refused[0].raw


def test_instants_are_cut_to_whole_seconds_also_before_1970() -> None:
    written = rows("ticket", ticket("1", "2026-01-05 09:00:00.999999"), ticket("2", "1969-12-31 23:59:58.500000"))
    kept, _ = check(EVENT_TABLES["ticket"], written)
    assert kept["created_at"].to_pylist() == [datetime(2026, 1, 5, 9), datetime(1969, 12, 31, 23, 59, 58)]


def test_what_is_refused_is_kept_once_however_often_it_is_read(work: Work) -> None:
    refused = Quarantined(file="a.csv", line=7, column="opened", reason="no date", raw="x")
    stream = [refused, batch("ticket", ticket("1"))]
    report = sync(work, stream, source="desk")
    assert (report.rows, report.changed, report.quarantined) == (1, {"ticket": 1}, 1)
    sync(work, stream, source="desk")
    assert work.con.execute("FROM quarantine").fetchall() == [("desk", "a.csv", 7, "opened", "no date", "x")]


def test_a_stream_that_breaks_leaves_neither_rows_nor_cursor(work: Work) -> None:
    def stream() -> Any:
        yield batch("ticket", ticket("1"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(work, stream(), source="desk", cursor="page 2")
    assert work.cursor("desk") is None
    assert work.con.execute("SELECT count(*) FROM event_ticket").fetchall() == [(0,)]
    sync(work, [batch("ticket", ticket("1"))], source="desk", cursor="page 2")
    assert work.cursor("desk") == "page 2"


def test_an_unknown_table_of_a_connector_is_named(work: Work) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ticket'"):
        sync(work, [type(batch("ticket"))(table="tickets", rows=rows("ticket"))], source="desk")


def test_a_build_that_breaks_is_done_again_by_the_next(work: Work) -> None:
    sync(work, [batch("ticket", ticket("1"))], source="desk")

    def breaks(events: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(work, breaks)
    assert build(work, count_messages) == 1
    assert build(work, count_messages) == 0
    assert work.con.execute("SELECT source_id FROM fact_ticket").fetchall() == [("1",)]
