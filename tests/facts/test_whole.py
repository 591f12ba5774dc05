"""Facts that are built whole are left out where nothing they are rows of was ever told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest

from deskpulse import workspace
from deskpulse.events import EVENT_TABLES
from deskpulse.facts import FACTS
from deskpulse.facts.build.shape import empty
from deskpulse.facts.build.sources import Sources
from deskpulse.facts.build.whole import WHOLE, Whole
from deskpulse.settings import default_settings
from deskpulse.store import work
from tests.facts.test_incremental import differing, facts, sync
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
    built = {name: rows.to_pyarrow() if not isinstance(rows, pa.Table) else rows
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


def test_news_of_one_ticket_replaces_its_survey_and_its_customers_contacts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three tickets of two customers, ada's first is written to and rated again. That touches her two tickets: of
    three contacts two are computed anew, of three surveys the one about them. All facts are then those of building
    everything."""
    monkeypatch.setattr(work, "SHARE_FOR_WHOLE_BUILD", 2.0)
    history = History()
    for id, customer in (("1", "ada"), ("2", "ada"), ("3", "bob")):
        history.ticket(id, f"2024-01-0{id} 09:00", customer=customer).says("customer", id, f"2024-01-0{id} 09:00")
    for id, ticket in (("s1", "1"), ("s3", "3"), ("s0", None)):
        rated = {"survey": id, "action": "answered", "kind": "csat", "scale_low": 1, "scale_high": 5}
        history.add("survey", at="2024-01-08 09:00", ticket=ticket, score=4, **rated)
    place = workspace.create(tmp_path / "desk")
    sync(place, history, "2024-01-31")
    replaced, update = {}, work.Work.update

    def counted(self: work.Work, name: str, rows: Any, stale: Any) -> bool:
        replaced[name] = (len(rows.to_pyarrow()), len(stale.to_pyarrow()))
        return update(self, name, rows, stale)

    monkeypatch.setattr(work.Work, "update", counted)
    history.says("customer", "1", "2024-02-01 09:00")
    history.add("survey", at="2024-02-02 09:00", ticket="1", score=2, **{**rated, "survey": "s1"})
    sync(place, history, "2024-02-10")
    assert replaced == {"survey": (1, 1), "contact": (2, 2)}
    before = facts(place, numbered=True)
    place.rebuild(full=True)
    assert differing(before, facts(place, numbered=True)) == {}
