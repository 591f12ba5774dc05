"""Formulas over what each account was worth when a period began and when it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from deskpulse.metrics import interval
from deskpulse.metrics.fact import Clock, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Statistic, Sums, Unit, of_words
from deskpulse.metrics.interval import Estimate

Kept = Literal["accounts", "gross", "net"]


@dataclass(frozen=True, kw_only=True, eq=False)
class _OfAccounts(Measure):
    """Each ``account`` has a row per month; ``opening`` is its worth when the month began."""

    account: FactColumn
    opening: FactColumn
    unit: Unit = "share"

    @property
    def unit_of(self) -> FactColumn:
        return self.account


@dataclass(frozen=True, kw_only=True, eq=False)
class Retention(_OfAccounts):
    """What is left at the end of a period of what was there when it began; who came since is on neither side.

    Each ``account`` has a row per month: its first gives the worth at the start (``opening``), its last the worth at
    the end (``closing``). ``kept``: ``accounts`` counts those that pay at both ends (Wilson's interval), ``net`` adds
    up what these pay at the end, ``gross`` no more of it than at the start (delta method over accounts). ``is_lost``
    gives the complement.
    """

    closing: FactColumn
    kept: Kept
    is_lost: bool = False

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("share",) if self.kept == "accounts" else ("ratio",)

    @property
    def words(self) -> str:
        start, end = self.opening.meaning, self.closing.meaning
        kept = {
            "accounts": "accounts that paid at the start of the period and pay at its end / accounts that paid then",
            "gross": f"sum of the lesser of {start} of the first month and {end} of the last / sum of the former",
            "net": f"sum of {end} of the last month, of accounts that paid at the start / {start} of the first month",
        }[self.kept]
        return f"{'1 - ' if self.is_lost else ''}{kept}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.account.name, self.opening.name, self.closing.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.opening.name]

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        at = table[self.dated_by.name].epoch_seconds()
        return {"value": self.opening.parts(table), "after": self.closing.parts(table), "at": at}

    def level(self, rows: Table) -> Mapping[str, Value]:
        counts = rows["value"].notnull()
        return {
            "start": rows["value"].argmin(rows["at"], where=counts),
            "end": rows["after"].argmax(rows["at"], where=counts),
        }

    def sums(self, rows: Table) -> Mapping[str, Value]:
        import ibis

        start, end, paid = rows["start"], rows["end"], rows["start"] > 0
        kept = {"accounts": (end > 0).ifelse(1, 0), "gross": ibis.least(start, end), "net": end}[self.kept]
        x, y = kept.cast("float64"), start if self.kept != "accounts" else start.notnull().ifelse(1, 0).cast("float64")
        products = {"x": x, "y": y, "xx": x * x, "xy": x * y, "yy": y * y}
        return {"n": paid.ifelse(1, 0).sum(), **{name: product.sum(where=paid) for name, product in products.items()}}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        n = int(sums["n"])
        if self.kept == "accounts":
            return interval.wilson(n - sums["x"] if self.is_lost else sums["x"], n)
        parts = {name: sums[name] for name in ("x", "y", "xx", "xy", "yy")}
        found = interval.ratio_of_sums(interval.ClusterSums(clusters=n, **parts), n).not_below_zero()
        return _complement(found) if self.is_lost and found.value is not None else found


def _complement(found: Estimate) -> Estimate:
    assert found.value is not None
    low, high = (None if limit is None else 1 - limit for limit in (found.high, found.low))
    return replace(found, value=1 - found.value, low=low, high=high)


@dataclass(frozen=True, kw_only=True, eq=False)
class Growth(_OfAccounts):
    """What was added in a period (``over``) for what there was when it began: the ``opening`` of first months.

    Nothing is sampled, so it has no interval.
    """

    over: FactColumn

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("ratio",)

    @property
    def words(self) -> str:
        return f"sum of {self.over.meaning} / sum of {self.opening.meaning} of the first month{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.account.name, self.opening.name, self.over.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name]

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        at = table[self.dated_by.name].epoch_seconds()
        return {"value": self.over.parts(table), "before": self.opening.parts(table), "at": at}

    def level(self, rows: Table) -> Mapping[str, Value]:
        start = rows["before"].argmin(rows["at"], where=rows["value"].notnull())
        return {"rows": rows["value"].count(), "total": rows["value"].sum(), "start": start}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        n = (rows["rows"] > 0).ifelse(1, 0).sum()
        return {"n": n, "total": rows["total"].sum(), "start": rows["start"].sum()}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        value = sums["total"] / sums["start"] if sums["start"] else None
        return Estimate(value=value, low=None, high=None, n=int(sums["n"]))
