"""The bench's generator: what it writes fits the event tables, holds together and is the same every time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from bench.generate import generate
from deskpulse.events import EVENT_TABLES

TICKETS = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small history."""
    out = tmp_path_factory.mktemp("bench") / "events"
    generate(out, tickets=TICKETS)
    return out


def read(folder: Path, table: str) -> pd.DataFrame:
    """All rows of a table."""
    return pq.read_table(folder / table).to_pandas()


def test_files_read_back_in_the_schema_of_their_table(folder: Path) -> None:
    tables = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert tables == ["change", "customer", "membership", "message", "person", "survey", "ticket"]
    for name in tables:
        assert pq.read_schema(folder / name / "0000.parquet").equals(EVENT_TABLES[name].schema), name


def test_the_same_numbers_make_the_same_files(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", tickets=TICKETS)
    for name in ("ticket", "message", "change", "survey"):
        assert pq.read_table(folder / name).equals(pq.read_table(tmp_path / "again" / name))


def test_about_nine_events_a_ticket_each_in_its_place(folder: Path) -> None:
    tickets = read(folder, "ticket")
    events = pd.concat([read(folder, "message"), read(folder, "change")])
    assert len(tickets) == TICKETS
    assert len(events) / TICKETS == pytest.approx(9.25, abs=0.5)
    assert set(events["ticket"]) == set(tickets["source_id"])
    ordered = events.assign(number=events["ticket"].astype(int)).sort_values(["number", "seq"])
    assert not ordered.duplicated(["ticket", "seq"]).any()
    assert (ordered.groupby("number")["at"].diff().dropna() >= pd.Timedelta(0)).all()
    first = ordered.groupby("ticket")["at"].first()
    assert (first == tickets.set_index("source_id")["created_at"].reindex(first.index)).all()


def test_status_changes_follow_from_one_another(folder: Path) -> None:
    changes = read(folder, "change").query("field == 'status'")
    status = changes.assign(number=changes["ticket"].astype(int)).sort_values(["number", "seq"])
    assert (status["old"] == status.groupby("number")["new"].shift().fillna("new")).all()
