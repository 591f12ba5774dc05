"""A formula over what a model expects of each row, told together with how far the model can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from deskpulse import units
from deskpulse.language import composed, declared
from deskpulse.metrics.fact import Clock, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Statistic, Sums, of_words
from deskpulse.metrics.interval import Estimate


@dataclass(frozen=True, kw_only=True, eq=False)
class Expected(Measure):
    """The mean or the sum of what a model expects (``over``): no interval, but the model's calibration in words.

    The other columns say of every row alike what the model was learned from and how well it held out of sample.
    """

    over: FactColumn
    is_sum: bool = False
    learned_from: FactColumn
    events: FactColumn
    slope: FactColumn
    error: FactColumn

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("total",) if self.is_sum else ("mean",)

    @property
    def words(self) -> str:
        return f"{'sum' if self.is_sum else 'mean'} of {self.over.meaning}, by a model{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        own = (self.over, self.learned_from, self.events, self.slope, self.error)
        return (*super().columns, *(column.name for column in own))

    @property
    def per_unit(self) -> int:
        return self.over.per_unit

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name]

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        told = {"learned": self.learned_from, "events": self.events, "slope": self.slope, "error": self.error}
        return {"value": self.over.parts(table), **{name: table[column.name] for name, column in told.items()}}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        told = {name: rows[name].max() for name in ("learned", "events", "slope", "error")}
        return {"n": rows["value"].count(), "total": rows["value"].sum(), **told}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        n = int(sums["n"])
        total = sums["total"] / self.per_unit
        return Estimate(value=(total if self.is_sum else total / n) if n else None, low=None, high=None, n=n)

    def remark(self, sums: Sums) -> str:
        return composed(
            "Learned from %(learned)s account-months, %(events)s of them with a departure. On accounts it had not seen "
            "the calibration slope was %(slope)s (1 is right), and predicted shares were off by %(error)s points on "
            "average. It is association, never cause.",
            learned=partial(units.format_count, int(sums["learned"])),
            events=partial(units.format_count, int(sums["events"])),
            slope=partial(units.format_number, sums["slope"]),
            error=partial(units.format_number, 100 * sums["error"], 1),
        )

    def excuse(self, reasons: tuple[str, ...]) -> str | None:
        return composed("There is no risk to show: %(why)s.", why=partial(_listed, reasons)) if reasons else None


def _listed(reasons: tuple[str, ...]) -> str:
    return "; ".join(map(declared, reasons))
