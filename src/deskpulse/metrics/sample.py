"""Formulas over a sample of rows: shares, spreads, scores and ratios, each with the interval its kind calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deskpulse.language import composed
from deskpulse.metrics import interval
from deskpulse.metrics.fact import Clock, Condition, Duration, FactColumn, Table, Value
from deskpulse.metrics.formula import QUANTILES, Measure, Proportion, Statistic, Sums, Unit, of_words, ranked, unknown
from deskpulse.metrics.interval import Estimate


def _divisor(measure: Measure, table: Table) -> Mapping[str, Value]:
    """How many a row stands for, where rows may be counts."""
    return {"divisor": table[measure.times.name]} if measure.times else {}


def _ratio_sums(x: Value, y: Value) -> Mapping[str, Value]:
    return {"x": x.sum(), "y": y.sum(), "xx": (x * x).sum(), "xy": (x * y).sum(), "yy": (y * y).sum()}


def _ratio(sums: Sums) -> Estimate:
    """Of rows that are all single ones it is the mean with its t interval: each is a cluster of its own."""
    parts = {name: sums[name] for name in ("x", "y", "xx", "xy", "yy")}
    found = interval.ratio_of_sums(interval.ClusterSums(clusters=int(sums["clusters"]), **parts), int(sums["n"]))
    return found.not_below_zero()


@dataclass(frozen=True, kw_only=True, eq=False)
class Share(Proportion):
    """The share of eligible rows for which ``where`` holds: Wilson's interval."""

    where: Condition

    @property
    def words(self) -> str:
        return f"share where {self.where.words}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return super().columns + self.where.columns

    def takes_counts(self, statistic: Statistic) -> bool:
        return True

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.where.test(table, now).ifelse(table[self.times.name] if self.times else 1, 0)

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.row_value(table, now, clock), **_divisor(self, table)}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        n = rows["divisor"].sum() if self.times else rows["value"].count()
        return {"n": n, "hits": rows["value"].sum()}


@dataclass(frozen=True, kw_only=True, eq=False)
class NetShare(Measure):
    """Share where ``plus`` less share where ``minus``: Bonett and Price's interval. ``points`` says x 100."""

    plus: Condition
    minus: Condition
    unit: Unit = "net"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("net",)

    @property
    def words(self) -> str:
        return f"share where {self.plus.words} less share where {self.minus.words}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return super().columns + self.plus.columns + self.minus.columns

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.plus.test(table, now).ifelse(1, 0) - self.minus.test(table, now).ifelse(1, 0)

    def sums(self, rows: Table) -> Mapping[str, Value]:
        value = rows["value"]
        return {
            "n": value.count(),
            "plus": (value > 0).ifelse(1, 0).sum(),
            "minus": (value < 0).ifelse(1, 0).sum(),
        }

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        return interval.bonett_price(sums["plus"], sums["minus"], int(sums["n"]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Spread(Measure):
    """Something each row has a quantity of: a duration on either clock, or a count; ``default`` is asked first.

    ``of_several`` is how many quantities ``over`` sums up, where rows may be counts: these have a mean only.
    """

    over: Duration | FactColumn
    default: Statistic = "median"
    of_several: FactColumn | None = None

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return tuple(dict.fromkeys((self.default, "median", "mean", "p90", "p95")))

    @property
    def clocks(self) -> tuple[Clock, ...]:
        return ("calendar", "business") if isinstance(self.over, Duration) else ("calendar",)

    @property
    def words(self) -> str:
        return f"median, mean or percentile of {self.over.meaning}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        several = (self.of_several.name,) if self.of_several else ()
        return super().columns + tuple(dict.fromkeys(self.column(clock) for clock in self.clocks)) + several

    @property
    def times(self) -> FactColumn | None:
        return self.of_several

    def takes_counts(self, statistic: Statistic) -> bool:
        return self.of_several is not None and statistic == "mean"

    def column(self, clock: Clock) -> str:
        """The column read on a clock."""
        return self.over.on(clock) if isinstance(self.over, Duration) else self.over.name

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.column(clock)]

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        if not isinstance(self.over, Duration):
            return (unknown(self.over),)
        missing = (self.over.missing, self.over.calendar)
        return (missing,) if clock == "calendar" else (missing, ("no schedule", self.over.business))

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.row_value(table, now, clock), **_divisor(self, table)}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        value = rows["value"]
        if self.times is None:
            return {"n": value.count(), "total": value.sum(), "squares": (value * value).sum()}
        divisor = rows["divisor"]
        clusters = (divisor > 0).ifelse(1, 0).sum()
        return {"n": divisor.sum(), "clusters": clusters, **_ratio_sums(value, divisor)}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        if statistic != "mean":
            return ranked(sums, QUANTILES[statistic])
        if self.times is not None:
            return _ratio(sums)
        return interval.mean(sums["total"], sums["squares"], int(sums["n"])).not_below_zero()


@dataclass(frozen=True, kw_only=True, eq=False)
class Score(Measure):
    """Mean of a bounded score, between the columns ``low`` and ``high``; ``normalised`` gives (x - low)/(high - low).

    Interval: Wilson's on the rescaled mean with dispersion. A mean of scores on several scales is not given.
    """

    over: FactColumn
    low: FactColumn
    high: FactColumn
    normalised: bool = False
    unit: Unit = "points"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("score",)

    @property
    def words(self) -> str:
        scaled = ", rescaled to 0-1" if self.normalised else ""
        return f"mean of {self.over.meaning}{scaled}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.over.name, self.low.name, self.high.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        score = table[self.over.name]
        if not self.normalised:
            return score
        low = table[self.low.name]
        return (score - low) / (table[self.high.name] - low).nullif(0)

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        low, high = (0, 1) if self.normalised else (table[self.low.name], table[self.high.name])
        return {"value": self.row_value(table, now, clock), "low": low, "high": high}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (("no score", self.over.name), ("scale unknown", self.low.name), ("scale unknown", self.high.name))

    def sums(self, rows: Table) -> Mapping[str, Value]:
        value = rows["value"]
        return {
            "n": value.count(),
            "total": value.sum(),
            "squares": (value * value).sum(),
            "low": rows["low"].min(),
            "high": rows["high"].max(),
            "highest_low": rows["low"].max(),
            "lowest_high": rows["high"].min(),
        }

    def withheld(self, sums: Sums) -> str | None:
        is_one_scale = sums["low"] == sums["highest_low"] and sums["high"] == sums["lowest_high"]
        return super().withheld(sums) if is_one_scale else composed("on several scales: ask by scale")

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        bounds = {"low": sums["low"], "high": sums["high"]}
        return interval.bounded_mean(sums["total"], sums["squares"], int(sums["n"]), **bounds)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio(Measure):
    """Sum of ``over`` divided by sum of ``per`` (or by the rows): delta method on the sums of each ``cluster``."""

    over: FactColumn
    per: FactColumn | None = None
    cluster: FactColumn

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("ratio",)

    @property
    def words(self) -> str:
        divisor = self.per.meaning if self.per else "number of rows"
        return f"sum of {self.over.meaning} / {divisor}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.over.name, self.cluster.name, *((self.per.name,) if self.per else ()))

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name]

    @property
    def unit_of(self) -> FactColumn:
        return self.cluster

    def takes_counts(self, statistic: Statistic) -> bool:
        return self.per is not None

    def level(self, rows: Table) -> Mapping[str, Value]:
        is_of_counts = self.per is not None and self.per is self.times
        n = rows["divisor"].sum() if is_of_counts else rows["value"].count()
        return {"rows": n, "x": rows["value"].sum(), "y": rows["divisor"].sum()}

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        divisor = table[self.per.name] if self.per else 1
        return {"value": self.row_value(table, now, clock), "divisor": divisor}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return tuple(unknown(column) for column in (self.over, self.per) if column)

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """Over the sums of each cluster: ``rows``, numerator ``x`` and denominator ``y``."""
        clusters = (rows["rows"] > 0).ifelse(1, 0).sum()
        return {"n": rows["rows"].sum(), "clusters": clusters, **_ratio_sums(rows["x"], rows["y"])}

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        return _ratio(sums)
