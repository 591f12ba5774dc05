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
    """Ranks of the units that have enough rows (``is_ranked``), and per unit what was seen and what is usual."""

    ranked: Ranked | None
    is_ranked: tuple[bool, ...]
    n: tuple[int, ...]
    expected: tuple[float, ...]
    usual: float
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
        is_ranked = n >= self.enough
        of_stratum = tally.rows.sum(axis=0)
        log_odds = usual_log_odds(tally.levels.astype(np.int64), of_stratum, tally.hits.sum(axis=0))
        usual = 1 / (1 + np.exp(-log_odds))
        found = None
        adjusted: Numbers = np.zeros((0, 3))
        if is_ranked.any():
            likelihood = share_likelihood(hits, tally.rows, log_odds)
            found = ranked(likelihood, tally.rows @ (usual * (1 - usual)), is_ranked)
            effects = np.stack([found.effect, found.effect_low, found.effect_high], axis=1)
            odds = effects[:, :, None] + log_odds
            adjusted = (1 / (1 + np.exp(-odds))) @ (of_stratum / of_stratum.sum())
        return _placed(found, is_ranked, n, tally.rows @ usual, float(hits.sum() / n.sum()), adjusted)


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
        is_ranked = counts >= self.enough
        usual = float(counts.sum() / max(days.sum(), 1))
        factor = dispersion(counts, tally.squares.sum(axis=1), days)
        found = None
        adjusted: Numbers = np.zeros((0, 3))
        if is_ranked.any():
            likelihood = rate_likelihood(counts, days * usual, factor)
            found = ranked(likelihood, np.maximum(counts, days * usual) / factor, is_ranked)
            adjusted = usual * np.exp(np.stack([found.effect, found.effect_low, found.effect_high], axis=1))
        return _placed(found, is_ranked, counts, days * usual, usual, adjusted)


def _placed(
    found: Ranked | None, is_ranked: Numbers, n: Numbers, expected: Numbers, usual: float, adjusted: Numbers
) -> Placed:
    return Placed(
        ranked=found,
        is_ranked=tuple(bool(flag) for flag in is_ranked),
        n=tuple(int(count) for count in n),
        expected=tuple(float(number) for number in expected),
        usual=usual,
        adjusted=tuple((float(value), float(low), float(high)) for value, low, high in adjusted),
    )
