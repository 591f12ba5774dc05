"""Shuffled, doubled and delayed deliveries end as a full sync does, whichever came first and whichever never came."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.run import NOW, SETTINGS
from connectors.fakes.seeded import Seeded
from hooks.bodies import AT, BODIES, deliveries
from hooks.test_signatures import signed
from hypothesis import given, settings
from hypothesis import strategies as st

import deskpulse
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.hooked import hooked_events
from deskpulse.connectors.signatures import Sent
from deskpulse.events import EVENT_TABLES
from deskpulse.facts import FACTS
from deskpulse.store.work import Work, open_work
from deskpulse.sync import sync
from deskpulse.workspace.hooking import Hooks

HIDDEN = ["observed_at", "ticket_key", "owner_key", "bucket"]
Step = Sequence[Batch | Quarantined]


class _UndoneError(Exception):
    """What was merged is taken back."""


def merged(work: Work, steps: Sequence[Step]) -> dict[str, list[Any]]:
    """What stands in the event tables after merging step by step; nothing of it stays."""
    found: dict[str, list[Any]] = {}
    try:
        with work.transaction():
            for step in steps:
                sync(work, step, source="desk")
            for table in EVENT_TABLES:
                names = [column.name for column in EVENT_TABLES[table].columns if column.name not in HIDDEN]
                listed = ", ".join(f'"{name}"' for name in names)
                found[table] = work.con.execute(f"SELECT {listed} FROM event_{table} ORDER BY ALL").fetchall()
            raise _UndoneError
    except _UndoneError:
        return found


def read(seeded: Seeded, folder: Path) -> Step:
    """A full sync."""
    with seeded.serving(folder) as account, seeded.api.open(account) as client:
        pages = list(seeded.api.pages(client, None, now=NOW, since=None))
    return [item for page in pages for item in seeded.api.to_events(page, account)]


@pytest.mark.parametrize("connector", sorted(BODIES))
def test_whatever_order_deliveries_come_in(connector: str, tmp_path: Path) -> None:
    seeded: Seeded = importlib.import_module(f"connectors.fakes.{connector}").seeded()
    pages = read(seeded, tmp_path)
    sent = [hooked_events(delivery) for delivery in deliveries(seeded)]
    told = [[item for item in events if isinstance(item, Batch)] for events in sent]
    assert not any(isinstance(item, Quarantined) for events in sent for item in events)
    rows = {item.table: item.rows.num_rows for events in told for item in events}
    assert rows["ticket"] > 0  # they do bring something
    root = deskpulse.create(tmp_path / "desk").root
    with open_work(root, holder="test", threads=1) as work:
        synced = merged(work, [pages])
        assert len(synced["ticket"]) > 5

        @settings(max_examples=3, deadline=None, database=None)
        @given(data=st.data())
        def any_order(data: st.DataObject) -> None:
            came = data.draw(st.permutations(told)) + data.draw(st.lists(st.sampled_from(told), max_size=5))
            at = data.draw(st.integers(0, len(came)))
            before, after = _one(came[:at]), _one(came[at:])
            assert merged(work, [before, pages, after]) == synced

        any_order()


def _one(steps: Sequence[Step]) -> Step:
    return [item for step in steps for item in step]


def row(table: str, id_: str, version: int, **cells: object) -> dict[str, object]:
    return {"table": table, "rows": [{"source_id": id_, "version": version, **cells}]}


def life(number: int) -> list[dict[str, object]]:
    """A ticket that is answered, solved, reopened and solved again; an edit of its team and of a reply."""
    ticket, day = f"t{number}", f"2026-03-0{2 + number}T"
    opened = {"created_at": f"{day}09:00:00Z", "channel": "email", "customer": "c1"}
    said: dict[str, object] = {"ticket": ticket, "is_public": True}
    status: dict[str, object] = {"ticket": ticket, "field": "status"}
    return [
        row("ticket", ticket, 1, **opened, team="One"),
        row("ticket", ticket, 2, **opened, team="Two"),
        row("message", f"{ticket}a", 1, **said, at=f"{day}09:00:00Z", author_kind="customer", seq=1),
        row("message", f"{ticket}b", 1, **said, at=f"{day}09:10:00Z", author_kind="agent", author="p1", seq=2),
        row("message", f"{ticket}b", 2, **said, at=f"{day}09:20:00Z", author_kind="agent", author="p1", seq=2),
        row("change", f"{ticket}c", 1, **status, at=f"{day}10:00:00Z", new="solved"),
        row("change", f"{ticket}d", 1, **status, at=f"{day}11:00:00Z", new="open"),
        row("change", f"{ticket}e", 1, **status, at=f"{day}12:00:00Z", new="solved"),
    ]


def told_of(root: Path, sent: Sequence[dict[str, object]], portion: int) -> dict[str, list[Any]]:
    """The facts after taking deliveries and draining them a portion at once."""
    hooks = Hooks(root)
    for number, data in enumerate(sent):
        body, now = json.dumps(data).encode(), AT + timedelta(seconds=number)
        stamp = str(int(now.replace(tzinfo=UTC).timestamp()))
        hooks.take("desk", Sent(headers=signed("hooks", body, stamp), body=body), now=now)
        if number % portion == portion - 1:
            hooks.drain()
    hooks.drain()
    with open_work(root, holder="test", threads=1) as work:
        return {name: _rows(work, name) for name in FACTS if not work.is_empty(f"fact_{name}")}


def _rows(work: Work, fact: str) -> list[Any]:
    names = [column for column in FACTS[fact].columns if column != "ticket_key"]  # our own number, by order of arrival
    listed = ", ".join(f'"{name}"' for name in names)
    return work.con.execute(f"SELECT {listed} FROM fact_{fact} ORDER BY ALL").fetchall()


def test_facts_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_DESK_WEBHOOK", "s3cret")
    text = SETTINGS.format(connector="hooks", more="", options="")
    in_order = [data for number in range(3) for data in life(number)]
    shuffled = [in_order[(7 * place) % 24] for place in range(24)]  # 7 and 24 share no factor: each comes once
    doubled = [*shuffled, *shuffled[:9]]
    facts = told_of(deskpulse.create(tmp_path / "a", settings=text).root, in_order, 100)
    again = told_of(deskpulse.create(tmp_path / "b", settings=text).root, doubled, 12)
    assert again == facts
    first = deskpulse.open(tmp_path / "b").ask("first_response_time")
    assert first.value == 20 * 60  # from 9:00 to 9:20, as the newest version of the reply says
    assert {name: len(rows) for name, rows in facts.items() if name in ("ticket", "solve")} == {"ticket": 3, "solve": 6}
