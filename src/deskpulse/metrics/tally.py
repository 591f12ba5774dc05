"""Formulas that count rows: in a period, as parts of a whole, against another count, and at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskpulse.metrics import interval
from deskpulse.metrics.fact import Clock, FactColumn, Moment, Table, Value
from deskpulse.metrics.formula import QUANTILES, Measure, Statistic, Sums, Unit, of_words, ranked, unknown
from deskpulse.metrics.interval import Estimate


@dataclass(frozen=True, kw_only=True, eq=False)
class Count(Measure):
    """How many rows: Poisson with the dispersion of the daily counts."""

    unit: Unit = "count"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("count",)

    @property
    def words(self) -> str:
        return f"number of rows of the fact '{self.fact.name}'{of_words(self.of)}"

    def takes_counts(self, statistic: Statistic) -> bool:
        return True

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.dated_by.name].notnull().ifelse(table[self.times.name] if self.times else 1, 0)

    @property
    def within(self) -> str | None:
        return "day"

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {"x": rows["value"].sum().fill_null(0)}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """Over daily counts (``x``): their sum and the sum of their squares."""
        return {"n": rows["x"].sum(), "squares": (rows["x"] * rows["x"]).sum()}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """``days`` among the sums: how many days the period has, those without a row included."""
        return interval.count(int(sums["n"]), sums["squares"], int(sums["days"]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Composition(Count):
    """Each group's part of all rows of the same period: Wilson's interval. Needs a dimension to be informative."""

    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("share",)

    @property
    def words(self) -> str:
        return f"each group's share of the rows of the fact '{self.fact.name}' in the period{of_words(self.of)}"

    @property
    def within(self) -> str | None:
        return None

    def sums(self, rows: Table) -> Mapping[str, Value]:
        return {"n": rows["value"].sum()}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """``of`` among the sums: the rows of all groups of the same period."""
        return interval.wilson(sums["n"], int(sums["of"]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Total(Measure):
    """The sum of a column over the rows: money, minutes, views. Nothing is sampled, so it has no interval."""

    over: FactColumn

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("total",)

    @property
    def words(self) -> str:
        return f"sum of {self.over.meaning}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.over.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name]

    @property
    def per_unit(self) -> int:
        return self.over.per_unit

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.over.parts(table)}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (unknown(self.over),)

    def sums(self, rows: Table) -> Mapping[str, Value]:
        return {"n": rows["value"].count(), "total": rows["value"].sum()}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        n = int(sums["n"])
        return interval.Estimate(value=sums["total"] / self.per_unit if n else None, low=None, high=None, n=n)


@dataclass(frozen=True, kw_only=True, eq=False)
class Quotient(Measure):
    """One count or total over another, of one fact or of two: aggregated apart, each by its own moment, then divided.

    ``dated_by`` is the denominator's moment. With ``varies_by`` a day or a month both are added up per day or month,
    whose agreement gives the interval (delta method); without it there is none. Of two censuses it is the share of
    what stands at an instant. ``only_both`` leaves out the days or months one of the sides has nothing of.
    """

    numerator: Count | Total | Census
    denominator: Count | Total | Census
    varies_by: Literal["day", "month"] | None = None
    only_both: bool = False
    unit: Unit = "share"

    @property
    def in_times(self) -> Literal["day", "month"] | None:
        """What both sides are added up by before they are brought together."""
        return self.varies_by or ("month" if self.only_both else None)

    @property
    def operands(self) -> tuple[Count | Total | Census, Count | Total | Census]:
        """Numerator and denominator."""
        return (self.numerator, self.denominator)

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("ratio",)

    @property
    def words(self) -> str:
        both = f", of each {self.in_times} that has both" if self.only_both else ""
        dated = "" if isinstance(self.numerator, Census) else f" by {self.numerator.dated_by.name}"
        return f"({self.numerator.words}{dated}) / ({self.denominator.words}){both}"

    @property
    def columns(self) -> tuple[str, ...]:
        return self.numerator.columns + self.denominator.columns

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.denominator.row_value(table, now, clock)

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """Of ``numerator`` and ``denominator``, the denominator's rows ``n``, and sums over the days or months."""
        n = int(sums["n"])
        if not sums["denominator"]:
            return interval.Estimate(value=None, low=None, high=None, n=n)
        if self.varies_by and sums.get("clusters", 0) > 1:
            parts = {name: sums[name] for name in ("x", "y", "xx", "xy", "yy")}
            return interval.ratio_of_sums(interval.ClusterSums(clusters=int(sums["clusters"]), **parts), n)
        return interval.Estimate(value=sums["numerator"] / sums["denominator"], low=None, high=None, n=n)


@dataclass(frozen=True, kw_only=True, eq=False)
class Census(Measure):
    """What stands at an instant: rows begun (``dated_by``) and not ended (``until``); no interval, nothing is sampled.

    Asked over a period it is taken at the period's end, with a grain at each bucket's end. ``age_from`` makes it
    the age, in seconds, of what stands (median, mean, p90, p95); ``older_than`` counts only what is older, in seconds.
    ``over`` adds up a column of what stands, instead of counting it.
    """

    until: Moment
    over: FactColumn | None = None
    age_from: FactColumn | None = None
    older_than: int | None = None
    unit: Unit = "count"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("median", "mean", "p90", "p95") if self.is_age else ("total",)

    @property
    def words(self) -> str:
        counted = f"sum of {self.over.meaning} of the rows" if self.over else "number of rows"
        what = "age of the rows" if self.is_age else counted
        older = f" older than {self.older_than // 3600} h" if self.older_than is not None else ""
        standing = f"begun by {self.dated_by.name} and not ended by {self.until.name}"
        return f"{what} {standing}{older} at the instant{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.until.name, *(c.name for c in (self.age_from, self.over) if c))

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name] if self.over else table[self.dated_by.name].notnull().ifelse(1, 0)

    @property
    def per_unit(self) -> int:
        return self.over.per_unit if self.over else 1

    @property
    def is_age(self) -> bool:
        """It asks how old what stands is, not how much stands."""
        return self.age_from is not None and self.older_than is None

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """Nothing is sampled, so there is no interval."""
        n = int(sums["n"])
        if self.over:
            return interval.Estimate(value=sums.get("total", 0) / self.per_unit, low=None, high=None, n=n)
        if not self.is_age:
            return interval.Estimate(value=n, low=None, high=None, n=n)
        found = interval.mean(sums["total"], 0, n) if statistic == "mean" else ranked(sums, QUANTILES[statistic])
        return interval.Estimate(value=found.value, low=None, high=None, n=n)
