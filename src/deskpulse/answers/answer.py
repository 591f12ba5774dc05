"""An answer: values with interval, sample size, what was left out and why, and what they are defined by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from deskpulse.answers.question import Question
from deskpulse.errors import QuestionError
from deskpulse.metrics.fact import Clock
from deskpulse.metrics.measure import Unit

if TYPE_CHECKING:
    import pandas
    import polars


Status = Literal["met", "missed", "within noise", "not enough data"]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A target: the least and the greatest value, bounds included; null where there is none on that side."""

    at_least: float | None = None
    at_most: float | None = None

    def record(self) -> dict[str, float | None]:
        """A flat mapping."""
        return {"at_least": self.at_least, "at_most": self.at_most}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value. ``low`` or ``high`` null with a value means no limit on that side; value null means nothing to count.

    ``period_start`` is local to the question's zone, with its offset. ``is_distinguishable`` tells whether the change
    from ``previous`` is more than noise at 5 %; null when it cannot be judged. ``status`` says whether ``target`` is
    met by the interval; both are null where no target fits.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    period_start: datetime | None = None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    previous: float | None = None
    is_distinguishable: bool | None = None
    target: Bounds | None = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a question: rows in order of period, then dimensions."""

    question: Question
    kpi: str
    variant: str
    statistic: str
    clock: Clock
    unit: Unit
    dated_by: str
    definition: str
    as_of: datetime
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    shows_targets: bool = False

    @property
    def value(self) -> float | None:
        """The value of an answer of one row; raises QuestionError where there are several."""
        if len(self.rows) > 1:
            raise QuestionError(
                "The answer has %(rows)s rows and no one value: read its rows, or ask without 'by' and 'grain'.",
                rows=len(self.rows),
            )
        return self.rows[0].value if self.rows else None

    def records(self) -> list[dict[str, Any]]:
        """One flat mapping per row, in the documented order of keys."""
        return [self._record(row) for row in self.rows]

    def _record(self, row: Row) -> dict[str, Any]:
        record: dict[str, Any] = {
            "kpi": self.kpi,
            "variant": self.variant,
            "statistic": self.statistic,
            "clock": self.clock,
            "period_start": row.period_start.isoformat() if row.period_start else None,
            **row.dimensions,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "n": row.n,
            "left_out": dict(row.left_out),
            "as_of": self.as_of.isoformat() + "Z",
            "definition": self.definition,
        }
        if self.question.compare:
            record |= {"previous": row.previous, "is_distinguishable": row.is_distinguishable}
        if self.shows_targets:
            record |= {"target": row.target.record() if row.target else None, "status": row.status}
        return record

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table; ``left_out`` and ``target`` as JSON text."""
        records = [{name: _cell(value) for name, value in record.items()} for record in self.records()]
        return pa.Table.from_pylist(records)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The rows as a Polars frame (needs the extra ``polars``)."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value
