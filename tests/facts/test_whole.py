"""Facts that are built whole are left out where nothing they are rows of was ever told."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import ibis
import pyarrow as pa
import pytest

from deskpulse.events import EVENT_TABLES
from deskpulse.facts import FACTS
from deskpulse.facts.build.shape import empty
from deskpulse.facts.build.whole import WHOLE, Sources, Whole
from deskpulse.settings import default_settings
from tests.history import History, at

BY_EVENTS = [whole for whole in WHOLE if whole.rows_of]


@pytest.fixture(scope="module")
def told() -> Iterator[Sources]:
    """A desk with tickets, replies, a solve and the people, and nothing else."""
    history = History().ticket("1", "2024-01-05 09:00", customer="ada").says("customer", "1", "2024-01-05 09:00")
    history.says("agent", "1", "2024-01-05 10:00").changes("1", "2024-01-05 11:00", "status", "solved", by="agent")
    history.add("person", source_id="agent", name="Ann", kind="agent")
    history.add("customer", source_id="ada", name="Ada")
    backend = ibis.duckdb.connect()
    events = {name: backend.create_table(f"event_{name}", history.arrow(name)) for name in EVENT_TABLES}
    for name in ("survey", "message"):
        events[name] = events[name].mutate(ticket_key=ibis.null("int64"), owner_key=ibis.null("int64"))
    for name, rows in history.facts().items():
        backend.create_table(f"fact_{name}", pa.Table.from_pylist(rows, schema=empty(FACTS[name]).schema))
    yield Sources(
        events=events,
        fact=lambda name: backend.table(f"fact_{name}"),
        settings=default_settings(),
        as_of=at("2024-02-01"),
    )
    backend.disconnect()


@pytest.mark.parametrize("whole", BY_EVENTS, ids=lambda whole: whole.facts[0])
def test_without_what_they_are_rows_of_there_are_none_and_of_the_declared_types(whole: Whole, told: Sources) -> None:
    """What is skipped is what building would give: no row, and the same column types in the database."""
    assert all(_count(told, name) == 0 for name in whole.rows_of)
    con = duckdb.connect()
    built = {name: told.fact("ticket").get_backend().to_pyarrow(rows) if not isinstance(rows, pa.Table) else rows
             for name, rows in whole.build(told).items()}  # fmt: skip
    assert {name: len(rows) for name, rows in built.items()} == dict.fromkeys(whole.facts, 0)
    skipped = whole.nothing()
    assert {name: con.from_arrow(rows).types for name, rows in skipped.items()} == {
        name: con.from_arrow(built[name]).types for name in whole.facts
    }
    assert {name: rows.column_names for name, rows in skipped.items()} == {
        name: rows.column_names for name, rows in built.items()
    }


def _count(told: Sources, name: str) -> int:
    table = told.events[name.removeprefix("event_")] if name.startswith("event_") else told.fact(name[5:])
    return int(table.count().to_pyarrow().as_py())
