"""What every formula has: a fact, a moment it is dated by, a population, and the way from rows to a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Literal

from deskpulse.language import composed
from deskpulse.metrics import interval
from deskpulse.metrics.fact import Clock, Condition, Fact, FactColumn, Moment, Table, Value
from deskpulse.metrics.interval import Estimate

Statistic = Literal["share", "median", "mean", "p90", "p95", "count", "score", "net", "ratio", "total", "rank"]
QUANTILES: dict[str, float] = {"median": 0.5, "p90": 0.9, "p95": 0.95}
Unit = Literal["share", "seconds", "count", "points", "number", "net", "rank", "money"]
Sums = Mapping[str, float]
ONLY_COUNTS = "known only as counts"
"""The reason for rows that are counts and do not tell what a formula needs."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Least:
    """A value is shown only where at least ``n`` different values of the column ``of`` stand behind it."""

    n: int
    of: FactColumn


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """A formula over ONE fact, dated by a moment; ``of`` bounds its population.

    ``left_out`` names further reasons rows in the period do not count, with the condition that finds them. ``flagged``
    says what must be told where a row that counts meets a condition. ``least`` hides what too few people stand behind.
    """

    dated_by: Moment
    of: Condition | None = None
    left_out: tuple[tuple[str, Condition], ...] = ()
    unit: Unit = "number"
    flagged: tuple[tuple[str, Condition], ...] = ()
    least: Least | None = None

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

    @property
    def times(self) -> FactColumn | None:
        """How many each row stands for, where rows of the fact may be counts."""
        return self.fact.times

    def takes_counts(self, statistic: Statistic) -> bool:
        """Whether a row may stand for several; where not, rows that are counts are left out."""
        return False

    def only_counts(self, statistic: Statistic) -> Condition | None:
        """The rows that are counts and do not tell what is needed: single values, or a column they leave unknown.

        A count that is surely not in the population is none of them.
        """
        if self.fact.counted is None:
            return None
        concerned = self.fact.counted & (self.of | self._unknown(self.of.columns)) if self.of else self.fact.counted
        return concerned & self._unknown(self.columns) if self.takes_counts(statistic) else concerned

    def _unknown(self, columns: tuple[str, ...]) -> Condition:
        return reduce(or_, (self.fact.column(name).is_unknown() for name in dict.fromkeys(columns)))

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        """What one row contributes, for evidence."""
        raise NotImplementedError

    @property
    def within(self) -> str | None:
        """What rows are summed up by before they are compared: the ``day``, the ``cluster``, or nothing."""
        return "cluster" if self.unit_of else None

    @property
    def unit_of(self) -> FactColumn | None:
        """The column whose values are clusters, that rows are summed up by first: the agent, the account."""
        return None

    def level(self, rows: Table) -> Mapping[str, Value]:
        """What is added up ``within``, over the columns of ``row_parts``; ``sums`` then reads these."""
        raise NotImplementedError

    def in_order(self, levels: Table, keys: Sequence[str]) -> Table:
        """What was added up ``within``, beside what only its order tells; ``keys`` are the groups'."""
        return levels

    @property
    def per_unit(self) -> int:
        """How many parts one is added up in; money adds up exactly as whole ten-thousandths."""
        return 1

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        """The numbers one row contributes: its ``value`` and what else the sums need."""
        return {"value": self.row_value(table, now, clock)}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        """Why an eligible row has no value: words and a column that is then null; the first such is the reason."""
        return ()

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """What an engine must add up, over the columns of ``row_parts`` (null in rows that do not count)."""
        raise NotImplementedError

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """The value with its interval, from the sums."""
        raise NotImplementedError

    def withheld(self, sums: Sums) -> str | None:
        """Why the value of a group with these sums is not given; ``people`` counts those behind it."""
        if self.least and sums.get("people", 0) < self.least.n:
            return composed("hidden: fewer than %(n)s people", n=self.least.n)
        return None

    def remark(self, sums: Sums) -> str | None:
        """What must be known to read a value with these sums."""
        return None

    def excuse(self, reasons: tuple[str, ...]) -> str | None:
        """Why nothing at all counts, of the reasons the fact itself gives."""
        return None


@dataclass(frozen=True, kw_only=True, eq=False)
class Proportion(Measure):
    """So many ``hits`` of ``n``: Wilson's interval."""

    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("share",)

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        return interval.wilson(sums["hits"], int(sums["n"]))


def unknown(column: FactColumn) -> tuple[str, str]:
    """The gap of rows that have nothing in a column: why they do not count, and which it is."""
    return f"{column.name.replace('_', ' ')} unknown", column.name


def of_words(condition: Condition | None) -> str:
    """The population, for people."""
    return f", of those where {condition.words}" if condition else ""


def ranked(sums: Mapping[str, float | None], q: float) -> Estimate:
    """A quantile from the values an engine found at its ranks."""
    below, above = sums["below"] or 0.0, sums["above"] or 0.0
    return interval.quantile(int(sums["n"] or 0), q, below=below, above=above, low=sums["low"], high=sums["high"])
