"""A small language for writing support histories by hand in tests, and the facts that come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import ibis
import pyarrow as pa

from deskpulse.events import EVENT_TABLES
from deskpulse.facts.build import build_facts
from deskpulse.facts.build.sources import Sources
from deskpulse.facts.build.whole import WHOLE
from deskpulse.settings import Settings, default_settings
from deskpulse.time.business import business_calendar

OBSERVED = datetime(2030, 1, 1)


def at(text: str) -> datetime:
    """An instant in UTC: '2024-01-01 09:00' with optional seconds."""
    return datetime.fromisoformat(text)


@dataclass
class History:
    """Rows per event table; every method adds one and returns the history."""

    source: str = "desk"
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in EVENT_TABLES})

    def add(self, table: str, **values: Any) -> History:
        rows = self.rows[table]
        origin = {"source": self.source, "source_id": str(len(rows) + 1), "version": 1, "observed_at": OBSERVED}
        rows.append(
            origin | {k: at(v) if _is_instant(table, k) and isinstance(v, str) else v for k, v in values.items()}
        )
        return self

    def ticket(self, id: str, created: str, **values: Any) -> History:
        return self.add("ticket", source_id=id, created_at=created, **values)

    def says(self, kind: str, ticket: str, when: str, *, public: bool = True, **values: Any) -> History:
        seq = len(self.rows["message"]) + len(self.rows["change"])
        return self.add(
            "message", ticket=ticket, at=when, seq=seq, author_kind=kind, is_public=public, **{"author": kind, **values}
        )

    def changes(self, ticket: str, when: str, field: str, new: str, *, by: str | None = None, old: str = "") -> History:
        seq = len(self.rows["message"]) + len(self.rows["change"])
        return self.add("change", ticket=ticket, at=when, seq=seq, field=field, old=old, new=new, by=by)

    def arrow(self, table: str) -> pa.Table:
        return pa.Table.from_pylist(self.rows[table], schema=EVENT_TABLES[table].schema)

    def facts(self, settings: Settings | None = None) -> Mapping[str, list[dict[str, Any]]]:
        """The rows of every fact, built in memory."""
        chosen = settings or default_settings()
        backend = ibis.duckdb.connect()
        events = {name: _keyed(backend, name, self.arrow(name), self._keys()) for name in EVENT_TABLES}
        calendar = business_calendar(chosen.schedules, datetime(2000, 1, 1), datetime(2031, 1, 1))

        facts = dict(build_facts(events, chosen, calendar))
        for name, rows in facts.items():
            backend.create_table(f"fact_{name}", rows)
        sources = Sources(
            events=events, fact=lambda name: backend.table(f"fact_{name}"), settings=chosen, as_of=OBSERVED
        )
        for whole in WHOLE:
            for name, made in whole.build(sources).items():
                rows = made if isinstance(made, pa.Table) else made.to_pyarrow()
                facts[name] = backend.create_table(f"fact_{name}", rows).to_pyarrow()
        return {name: table.to_pylist() for name, table in facts.items()}

    def _keys(self) -> dict[str, int]:
        return {row["source_id"]: number for number, row in enumerate(self.rows["ticket"], 1)}


def _is_instant(table: str, column: str) -> bool:
    return EVENT_TABLES[table].column(column).type == "instant"


def _keyed(backend: Any, name: str, rows: pa.Table, keys: dict[str, int]) -> Any:
    reference = EVENT_TABLES[name].ticket
    if reference:
        ids = rows[reference].to_pylist()
        survivors = keys
        rows = rows.append_column("ticket_key", pa.array([keys.get(i) for i in ids], pa.int64()))
        rows = rows.append_column("owner_key", pa.array([survivors.get(i) for i in ids], pa.int64()))
    return backend.create_table(f"event_{name}", rows)


def utc(when: datetime) -> datetime:
    """An aware instant, for comparison with zoneinfo."""
    return when.replace(tzinfo=UTC)
