"""Formulas over rows that are themselves counts: votes and searches of a day, calls of an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deskpulse.metrics.fact import Clock, FactColumn, Table, Value
from deskpulse.metrics.formula import Proportion, of_words, unknown


@dataclass(frozen=True, kw_only=True, eq=False)
class PooledShare(Proportion):
    """The sum of ``hits`` over the sum of ``trials``, each row having some of both: Wilson's interval on the sums.

    ``n`` counts trials, not rows: votes, not days with votes. Every hit must be a trial of the same row.
    """

    hits: FactColumn
    trials: FactColumn

    @property
    def words(self) -> str:
        return f"sum of {self.hits.meaning} / sum of {self.trials.meaning}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.hits.name, self.trials.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.hits.name]

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.row_value(table, now, clock), "divisor": table[self.trials.name]}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (unknown(self.hits), unknown(self.trials))

    def sums(self, rows: Table) -> Mapping[str, Value]:
        return {"n": rows["divisor"].sum(), "hits": rows["value"].sum()}
