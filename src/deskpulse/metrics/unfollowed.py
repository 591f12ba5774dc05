"""The share that something does not follow in time, estimated from all rows: young ones count while they were seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis

from deskpulse.language import composed
from deskpulse.metrics import interval
from deskpulse.metrics.fact import Clock, FactColumn, Table, Value
from deskpulse.metrics.formula import Proportion, Statistic, Sums, of_words
from deskpulse.metrics.interval import Estimate


@dataclass(frozen=True, kw_only=True, eq=False)
class UnfollowedShare(Proportion):
    """The share of rows that ``event`` does not follow within ``days`` days: Kaplan and Meier's estimate.

    A row that is younger is not judged and not dropped either: it is at risk for as long as it has been seen. Where
    all rows are old enough the value is the plain share. J. Am. Stat. Assoc. 53 (1958) 457-481.
    """

    event: FactColumn
    days: int

    @property
    def words(self) -> str:
        what = f"{self.event.name.replace('_', ' ')} does not follow {self.dated_by.name.replace('_', ' ')}"
        return f"share where {what} within {self.days} days, by its survival curve{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.event.name)

    @property
    def seconds(self) -> int:
        """The length of the window."""
        return self.days * 86_400

    @property
    def within(self) -> str:
        return "elapsed"

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        event = table[self.event.name]
        is_followed = (event <= now) & (self._since(table, event) <= self.seconds)
        return is_followed.fill_null(False).ifelse(0, 1)

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        seen_until = ibis.least(table[self.event.name].fill_null(now), now)
        elapsed = ibis.least(self._since(table, seen_until), self.seconds)
        return {"value": self.row_value(table, now, clock), "elapsed": elapsed}

    def _since(self, table: Table, instant: Value) -> Value:
        return instant.epoch_seconds() - table[self.dated_by.name].epoch_seconds()

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {"seen": rows["value"].count(), "kept": rows["value"].sum()}

    def in_order(self, levels: Table, keys: Sequence[str]) -> Table:
        longest_first = ibis.window(group_by=list(keys), order_by=ibis.desc("elapsed"), rows=(None, 0))
        return levels.mutate(at_risk=levels["seen"].sum().over(longest_first).cast("float64"))

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """Over each length of time: the logarithm of the share, Greenwood's sum, and who was at risk in the end."""
        is_one = rows["seen"] > 0
        at_risk = is_one.ifelse(rows["at_risk"], ibis.null("float64"))
        lost = (rows["seen"] - rows["kept"]).cast("float64")
        left = (at_risk - lost).nullif(0)
        return {
            "n": rows["seen"].sum(),
            "log_share": (left / at_risk).ln().sum(),
            "greenwood": (lost / (at_risk * left)).sum(),
            "is_empty": (is_one & (at_risk == lost)).ifelse(1, 0).max(),
            "last": at_risk.min(),
            "longest": is_one.ifelse(rows["elapsed"], ibis.null("float64")).max(),
        }

    def withheld(self, sums: Sums) -> str | None:
        is_seen = sums["longest"] >= self.seconds or sums["is_empty"]
        return super().withheld(sums) if is_seen else composed("too recent to judge")

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        log_share = float("-inf") if sums["is_empty"] else sums["log_share"]
        return interval.survival(log_share, sums["greenwood"], n=int(sums["n"]), last=sums["last"])
