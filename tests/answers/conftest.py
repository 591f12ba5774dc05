"""Small fact tables made by hand, and questions about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa
import pytest

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.answers.ask import ask
from deskpulse.answers.evidence import Evidence, TicketEvidence, prove, prove_ticket
from deskpulse.answers.question import Filter, Question
from deskpulse.facts import FACTS
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Measure

TYPES = {
    "text": pa.string(),
    "instant": pa.timestamp("us"),
    "seconds": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 4),
    "flag": pa.bool_(),
}
NOW = "2024-06-01 00:00:00"


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


class Desk:
    """An in-memory snapshot with facts of a few rows and one KPI, called ``k``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.backend = ibis.duckdb.connect()
        self._monkeypatch = monkeypatch

    def load(self, fact: str, rows: Iterable[Mapping[str, Any]]) -> None:
        columns = FACTS[fact].columns
        rows = list(rows)
        assert not {name for row in rows for name in row} - set(columns), "a column the fact does not have"
        arrays = {
            name: pa.array(
                [instant(row.get(name)) if column.kind == "instant" else row.get(name) for row in rows],
                TYPES[column.kind],
            )
            for name, column in columns.items()
        }
        self.backend.create_table(f"fact_{fact}", pa.table(arrays), overwrite=True)

    def declare(self, measure: Measure, **others: Measure) -> None:
        kpi = KPI(title="K", meaning="A test.", variants={"v": measure, **others}, better="higher", signal="leading")
        self._monkeypatch.setattr(catalog, "kpis", lambda: {"k": kpi})

    def question(self, **asked: Any) -> Question:
        where = tuple(
            Filter(dimension=name.rstrip("!"), values=tuple(values), negated=name.endswith("!"))
            for name, values in asked.pop("where", {}).items()
        )
        times = {name: instant(asked.pop(name, None)) for name in ("start", "end")}
        now = instant(asked.pop("now", NOW))
        assert now is not None
        return Question(**{"kpi": "k", "now": now, "where": where, **times, **asked})

    def ask(self, **asked: Any) -> Answer:
        question = self.question(**asked)
        return ask(question, backend=self.backend, as_of=question.now)

    def prove(self, **asked: Any) -> Evidence:
        question = self.question(**asked)
        return prove(question, backend=self.backend, as_of=question.now)

    def prove_ticket(self, ticket: str, **asked: Any) -> TicketEvidence:
        schedules = asked.pop("schedules", None)
        question = self.question(**asked)
        return prove_ticket(question, ticket, backend=self.backend, as_of=question.now, schedules=schedules)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)
