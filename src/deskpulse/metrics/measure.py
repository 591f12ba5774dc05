"""The formulas a KPI can be made of. A formula is data: engines, intervals, lineage, docs and evidence derive from it.

Each one says which sums an engine must return (``sums``) and what one fact row contributes (``row_value``);
``deskpulse.metrics.interval`` turns the sums into a value with its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskpulse.metrics.fact import Clock, Condition, Duration, Fact, FactColumn, Moment, Table, Value

Statistic = Literal["share", "median", "mean", "p90", "p95", "count", "score", "net", "ratio", "total"]
QUANTILES: dict[str, float] = {"median": 0.5, "p90": 0.9, "p95": 0.95}
Unit = Literal["share", "seconds", "count", "points", "number", "net"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """A formula over ONE fact, dated by a moment; ``of`` bounds its population.

    ``left_out`` names further reasons rows in the period do not count, with the condition that finds them.
    """

    dated_by: Moment
    of: Condition | None = None
    left_out: tuple[tuple[str, Condition], ...] = ()
    unit: Unit = "number"

    @property
    def fact(self) -> Fact:
        """The one fact the formula reads."""
        return self.dated_by.fact

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """What can be asked of it; the first is the default."""
        raise NotImplementedError

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks it can be read on."""
        return ("calendar",)

    @property
    def words(self) -> str:
        """The formula for people."""
        raise NotImplementedError

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact columns it reads."""
        own = self.of.columns if self.of else ()
        return (self.dated_by.name, *own)

    def population(self, table: Table, now: datetime) -> Value:
        """Which rows are eligible."""
        return self.of.test(table, now) if self.of else None

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        """What one row contributes, for evidence."""
        raise NotImplementedError


def _of(condition: Condition | None) -> str:
    return f", of those where {condition.words}" if condition else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Share(Measure):
    """The share of eligible rows for which ``where`` holds: Wilson's interval."""

    where: Condition
    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("share",)

    @property
    def words(self) -> str:
        return f"share where {self.where.words}{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return super().columns + self.where.columns

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.where.test(table, now).ifelse(1, 0)


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
        return f"share where {self.plus.words} less share where {self.minus.words}{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return super().columns + self.plus.columns + self.minus.columns

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.plus.test(table, now).ifelse(1, 0) - self.minus.test(table, now).ifelse(1, 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spread(Measure):
    """Something each row has a quantity of: a duration on either clock, or a count; ``default`` is asked first."""

    over: Duration | FactColumn
    default: Statistic = "median"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return tuple(dict.fromkeys((self.default, "median", "mean", "p90", "p95")))

    @property
    def clocks(self) -> tuple[Clock, ...]:
        return ("calendar", "business") if isinstance(self.over, Duration) else ("calendar",)

    @property
    def words(self) -> str:
        return f"median, mean or percentile of {self.over.meaning}{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return super().columns + tuple(dict.fromkeys(self.column(clock) for clock in self.clocks))

    def column(self, clock: Clock) -> str:
        """The column read on a clock."""
        return self.over.on(clock) if isinstance(self.over, Duration) else self.over.name

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.column(clock)]


@dataclass(frozen=True, kw_only=True, eq=False)
class Count(Measure):
    """How many rows: Poisson with the dispersion of the daily counts."""

    unit: Unit = "count"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("count",)

    @property
    def words(self) -> str:
        return f"number of rows of the fact '{self.fact.name}'{_of(self.of)}"

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.dated_by.name].notnull().ifelse(1, 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Composition(Count):
    """Each group's part of all rows of the same period: Wilson's interval. Needs a dimension to be informative."""

    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("share",)

    @property
    def words(self) -> str:
        return f"each group's share of the rows of the fact '{self.fact.name}' in the period{_of(self.of)}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Score(Measure):
    """Mean of a bounded score, between the columns ``low`` and ``high``; ``normalised`` gives (x - low)/(high - low).

    Interval: Wilson's on the rescaled mean with dispersion.
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
        return f"mean of {self.over.meaning}{scaled}{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.over.name, self.low.name, self.high.name)

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        score = table[self.over.name]
        if not self.normalised:
            return score
        low = table[self.low.name]
        return (score - low) / (table[self.high.name] - low)


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
        return f"sum of {self.over.meaning} / {divisor}{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.over.name, self.cluster.name, *((self.per.name,) if self.per else ()))

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.over.name]


@dataclass(frozen=True, kw_only=True, eq=False)
class Quotient(Measure):
    """One count over another, each dated by its own moment, aggregated apart and divided after; no interval.

    ``dated_by`` is the denominator's moment.
    """

    numerator: Count
    denominator: Count
    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("ratio",)

    @property
    def words(self) -> str:
        return f"({self.numerator.words} by {self.numerator.dated_by.name}) / ({self.denominator.words})"

    @property
    def columns(self) -> tuple[str, ...]:
        return self.numerator.columns + self.denominator.columns

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.denominator.row_value(table, now, clock)


@dataclass(frozen=True, kw_only=True, eq=False)
class Census(Measure):
    """What stands at an instant: rows begun (``dated_by``) and not ended (``until``); no interval, nothing is sampled.

    Asked over a period it is taken at the period's end, with a grain at each bucket's end. ``age_from`` makes it
    the age, in seconds, of what stands (median, mean, p90, p95); ``older_than`` counts only what is older, in seconds.
    """

    until: Moment
    age_from: FactColumn | None = None
    older_than: int | None = None
    unit: Unit = "count"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("median", "mean", "p90", "p95") if self.age_from and self.older_than is None else ("total",)

    @property
    def words(self) -> str:
        what = "age of the rows" if self.age_from and self.older_than is None else "number of rows"
        older = f" older than {self.older_than // 3600} h" if self.older_than is not None else ""
        return f"{what} begun by {self.dated_by.name} and not ended by {self.until.name}{older} at the instant{_of(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.until.name, *((self.age_from.name,) if self.age_from else ()))

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.dated_by.name].notnull().ifelse(1, 0)


def duration(over: Duration, *, of: Condition | None = None) -> Spread:
    """A duration, dated by its own moment."""
    return Spread(over=over, dated_by=over.dated_by, of=of, unit="seconds")


def share(
    where: Condition,
    *,
    dated_by: Moment,
    of: Condition | None = None,
    left_out: tuple[tuple[str, Condition], ...] = (),
) -> Share:
    """The share of ``of`` for which ``where`` holds."""
    return Share(where=where, dated_by=dated_by, of=of, left_out=left_out)
