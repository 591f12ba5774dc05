"""Formulas that compare units (agents, teams, partners): a leaderboard of ranges of rank, which admits noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from deskpulse.metrics.fact import Clock, Condition, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Statistic, Sums, Unit, of_words
from deskpulse.metrics.interval import Estimate

if TYPE_CHECKING:
    from deskpulse.metrics.effects import Numbers, Ranked

UNITS = ("agent", "team", "partner")
"""What can be ranked, the finest first."""
TOO_FEW = "not enough contacts"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the units of one group did: per unit x stratum ``rows`` and ``hits``, per stratum its level of each column.

    Of a rate there is one stratum: ``hits`` are the counts, ``rows`` the days; ``squares`` of the daily counts.
    """

    rows: Numbers
    hits: Numbers
    squares: Numbers
    levels: Numbers


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Ranks of the units that have enough rows (``is_ranked``), and per unit what was seen and what is usual.

    A value of ``size`` rows (of a rate: days) varies around the usual one with variance ``variance / size``.
    """

    ranked: Ranked | None
    is_ranked: tuple[bool, ...]
    n: tuple[int, ...]
    expected: tuple[float, ...]
    usual: float
    size: tuple[float, ...]
    variance: float
    adjusted: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ranking(Measure):
    """The rank of each unit among the others, 1 the best: posterior median with the range that holds 95 %.

    Units with fewer than ``enough`` rows are listed without a rank. Which column the units are in (``units_in``) is
    known when a question is asked.
    """

    enough: int = 20
    units_in: str | None = None
    unit: Unit = "rank"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("rank",)

    @property
    def strata(self) -> tuple[FactColumn, ...]:
        """The columns whose mix the units are forgiven for."""
        return ()

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (("not credited to anybody", self.units_in),) if self.units_in else ()

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """Of the median rank and its limits, where the unit has one."""
        return Estimate(value=sums.get("rank"), low=sums.get("low"), high=sums.get("high"), n=int(sums.get("n", 0)))

    def withheld(self, sums: Sums) -> str | None:
        """A unit with few rows is nowhere: neither first nor last."""
        return super().withheld(sums) or (TOO_FEW if "rank" not in sums else None)

    def placed(self, tally: Tally) -> Placed:
        """The units' ranks and adjusted values."""
        raise NotImplementedError


@cache
def of_units(measure: Ranking, column: str) -> Ranking:
    """The formula with its units in a column."""
    return replace(measure, units_in=column)


@dataclass(frozen=True, kw_only=True, eq=False)
class ShareRanking(Ranking):
    """Ranks by the share of rows for which ``where`` holds, against what is usual for a unit's ``mix`` of rows."""

    where: Condition
    mix: tuple[FactColumn, ...] = ()

    @property
    def words(self) -> str:
        given = f", given the usual share for {', '.join(column.name for column in self.mix)}" if self.mix else ""
        return f"rank by the share where {self.where.words}{of_words(self.of)}{given}; {self.enough} rows or more"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, *self.where.columns, *(column.name for column in self.mix))

    @property
    def strata(self) -> tuple[FactColumn, ...]:
        return self.mix

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.where.test(table, now).ifelse(1, 0)

    def sums(self, rows: Table) -> Mapping[str, Value]:
        value = rows["value"]
        return {"n": value.count(), "hits": value.sum(), "squares": value.sum()}

    def placed(self, tally: Tally) -> Placed:
        import numpy as np

        from deskpulse.metrics.effects import ranked, share_likelihood, usual_log_odds

        n, hits = tally.rows.sum(axis=1), tally.hits.sum(axis=1)
        of_stratum = tally.rows.sum(axis=0)
        log_odds = usual_log_odds(tally.levels.astype(np.int64), of_stratum, tally.hits.sum(axis=0))
        usual, mix = 1 / (1 + np.exp(-log_odds)), of_stratum / of_stratum.sum()
        variance = usual * (1 - usual)

        def share(effect: Numbers) -> Numbers:
            found: Numbers = (1 / (1 + np.exp(-effect[:, None] - log_odds))) @ mix
            return found

        found, is_ranked = None, n >= self.enough
        if is_ranked.any():
            found = ranked(share_likelihood(hits, tally.rows, log_odds), tally.rows @ variance, is_ranked)
        return Placed(
            ranked=found,
            is_ranked=tuple(is_ranked.tolist()),
            n=tuple(n.astype(int).tolist()),
            expected=_floats(tally.rows @ usual),
            usual=float(hits.sum() / n.sum()),
            size=_floats(n),
            variance=float(variance @ mix),
            adjusted=_limits(*(share(e) for e in (found.effect, found.effect_low, found.effect_high))) if found else (),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class RateRanking(Ranking):
    """Ranks by how many rows there are per day with any; days as uneven as they are."""

    @property
    def words(self) -> str:
        of = of_words(self.of)
        return f"rank by the rows of the fact '{self.fact.name}' per day with any{of}; {self.enough} rows or more"

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return table[self.dated_by.name].notnull().ifelse(1, 0)

    @property
    def within(self) -> str | None:
        return "day"

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {"x": rows["value"].count()}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """Over daily counts (``x``): their sum, the days with any, and the sum of their squares."""
        x = rows["x"]
        return {"n": (x > 0).ifelse(1, 0).sum(), "hits": x.sum(), "squares": (x * x).sum()}

    def placed(self, tally: Tally) -> Placed:
        import numpy as np

        from deskpulse.metrics.effects import dispersion, ranked, rate_likelihood

        days, counts = tally.rows.sum(axis=1), tally.hits.sum(axis=1)
        usual = float(counts.sum() / max(days.sum(), 1))
        factor = dispersion(counts, tally.squares.sum(axis=1), days)
        found, is_ranked = None, counts >= self.enough
        if is_ranked.any():
            likelihood = rate_likelihood(counts, days * usual, factor)
            found = ranked(likelihood, np.maximum(counts, days * usual) / factor, is_ranked)
        effects = (found.effect, found.effect_low, found.effect_high) if found else ()
        return Placed(
            ranked=found,
            is_ranked=tuple(is_ranked.tolist()),
            n=tuple(counts.astype(int).tolist()),
            expected=_floats(days * usual),
            usual=usual,
            size=_floats(days),
            variance=usual * factor,
            adjusted=_limits(*(usual * np.exp(effect) for effect in effects)) if found else (),
        )


def _limits(value: Numbers, low: Numbers, high: Numbers) -> tuple[tuple[float, float, float], ...]:
    return tuple(zip(_floats(value), _floats(low), _floats(high), strict=True))


def _floats(numbers: Numbers) -> tuple[float, ...]:
    return tuple(numbers.astype(float).tolist())
