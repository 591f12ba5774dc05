"""The formula of what a customer is worth over a lifetime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from deskpulse.metrics.fact import Clock, Condition, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Statistic, Sums, Unit, of_words
from deskpulse.metrics.interval import NOTHING, Estimate


@dataclass(frozen=True, kw_only=True, eq=False)
class LifetimeValue(Measure):
    """What an account brings from its first payment to its last; needs each ``life`` by itself, so it has its own
    aggregation. The columns are those of accounts by month; ``of`` keeps months an account could leave in.
    """

    life: FactColumn
    age: FactColumn
    margin: FactColumn
    left: Condition
    discount_rate: FactColumn
    cap_months: FactColumn
    method: Literal["survival", "simple"]
    unit: Unit = "money"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("mean",)

    @property
    def words(self) -> str:
        per_month = f"sum of {self.margin.meaning} / account-months"
        churn = "accounts that left / account-months"
        how = f"({churn})" if self.method == "simple" else "expected months by the survival curve, capped, discounted"
        sign = "/" if self.method == "simple" else "x"
        return f"({per_month}) {sign} {how}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        own = (self.life, self.age, self.margin, self.discount_rate, self.cap_months)
        return (*super().columns, *(column.name for column in own), *self.left.columns)

    @property
    def unit_of(self) -> FactColumn:
        return self.life

    @property
    def per_unit(self) -> int:
        return self.margin.per_unit

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.margin.name]

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {
            "value": self.margin.parts(table),
            "month": table[self.age.name],
            "leaves": self.left.test(table, now).ifelse(1, 0),
            "rate": table[self.discount_rate.name],
            "cap": table[self.cap_months.name],
        }

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {
            "months": rows["value"].count(),
            "entry": rows["month"].min(),
            "exit": rows["month"].max(),
            "leaves": rows["leaves"].max(),
            "margin": rows["value"].sum(),
            "rate": rows["rate"].max(),
            "cap": rows["cap"].max(),
        }

    def of_lives(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """The sums of a group from its lives, in an order that does not depend on the engine."""
        import numpy as np

        from deskpulse.metrics.survival import Lives, Terms, estimated

        known = sorted((row for row in rows if row["months"]), key=lambda row: str(row["cluster"]))
        if not known:
            return {"n": 0}
        column = {name: np.array([row[name] for row in known], np.float64) for name in known[0] if name != "cluster"}
        lives = Lives(
            entry=column["entry"].astype(np.int64),
            exit=column["exit"].astype(np.int64),
            months=column["months"],
            left=column["leaves"],
            margin=column["margin"] / self.per_unit,
        )
        terms = Terms(discount_rate=float(column["rate"][0]), cap_months=int(column["cap"][0]))
        found = estimated(lives, terms, self.method)
        return {"n": found.n, "value": found.value, "low": found.low, "high": found.high}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        if not sums["n"]:
            return NOTHING
        return Estimate(value=sums["value"], low=sums["low"], high=sums["high"], n=int(sums["n"]))
