"""A question about a period opens only the files that may hold rows of it, and counts what it would count in all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deskpulse.store.blanks import Blanks, blank
from deskpulse.store.compiled import fetch
from deskpulse.store.narrowed import Range, Reach, files_within, ranges, reading

# A file per month of opening; what was opened in January was solved in March, and what was opened in April never.
TICKETS: dict[str, list[tuple[str, str | None]]] = {
    "2026-01": [("2026-01-10", "2026-03-02"), ("2026-01-31", "2026-03-31")],
    "2026-02": [("2026-02-01", "2026-02-02")],
    "2026-03": [("2026-03-05", "2026-03-06"), ("2026-03-07", None)],
    "2026-04": [("2026-04-01", None)],
}


def day(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    found = []
    for month, rows in TICKETS.items():
        columns = {name: pa.array([day(row[n]) for row in rows], pa.timestamp("us")) for n, name in enumerate(NAMES)}
        found.append(tmp_path / f"fact_ticket.{month}.parquet")
        pq.write_table(pa.table({**columns, "n": pa.array(range(len(rows)), pa.int64())}), found[-1])
    return found


NAMES = ("created_at", "solved_at")


@pytest.fixture
def backend(files: list[Path]) -> Any:
    con = ibis.duckdb.connect()
    con.con.execute(f"CREATE VIEW fact_ticket AS SELECT * FROM {reading(files)}")
    con.published = {"fact_ticket": files}
    return con


def reach(column: str, start: str | None, end: str) -> Reach:
    last = day(end)
    assert last
    return Reach(table="fact_ticket", column=column, start=day(start), end=last)


def months(files: list[Path], backend: Any, asked: Reach) -> list[str]:
    return [file.stem.partition(".")[2] for file in files_within(files, ranges(backend.con, files), asked)]


def test_the_files_of_a_period_are_those_with_a_moment_in_it(files: list[Path], backend: Any) -> None:
    assert months(files, backend, reach("created_at", "2026-02-01", "2026-02-28")) == ["2026-02"]
    assert months(files, backend, reach("solved_at", "2026-03-01", "2026-03-31")) == ["2026-01", "2026-03"]
    assert months(files, backend, reach("solved_at", "2026-03-31", "2026-05-01")) == ["2026-01"]
    assert months(files, backend, reach("created_at", None, "2026-02-01")) == ["2026-01", "2026-02"]


def test_one_file_is_read_where_none_has_anything_and_all_where_nothing_is_known(
    files: list[Path], backend: Any
) -> None:
    assert months(files, backend, reach("solved_at", "2026-06-01", "2026-07-01")) == ["2026-01"]
    assert len(months(files, backend, reach("n", "2026-06-01", "2026-07-01"))) == 4
    assert ranges(backend.con, files)[str(files[3]), "solved_at"] == Range(first=None, last=None)


@pytest.mark.parametrize(
    ("start", "end", "solved"),
    [("2026-03-01", "2026-04-01", 3), ("2026-02-01", "2026-03-01", 1), ("2026-05-01", "2026-06-01", 0)],
)
def test_the_count_is_that_of_all_files(backend: Any, start: str, end: str, solved: int) -> None:
    def build() -> Any:
        table = backend.table("fact_ticket")
        kept = table.filter(table["solved_at"] >= blank("start", "timestamp(6)"))
        kept = kept.filter(kept["solved_at"] < blank("end", "timestamp(6)"))
        return kept.aggregate(n=kept.count())

    values = {"start": datetime.fromisoformat(start), "end": datetime.fromisoformat(end)}
    asked = Blanks(values=values, reach=reach("solved_at", start, end))
    assert fetch(backend, "solved", build, asked).to_pylist() == [{"n": solved}]
    read = backend.con.execute("SELECT count(*) FROM duckdb_views() WHERE schema_name = 'narrowed'").fetchall()
    assert read == [(1,)], "only some of the files were read"
