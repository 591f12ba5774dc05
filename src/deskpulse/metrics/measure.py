"""The formulas a KPI can be made of. A formula is data: engines, intervals, lineage, docs and evidence derive from it.

Each one says what a fact row contributes (``row_parts``), which sums an engine must return (``sums``) and how the sums
become a value with its interval (``estimate``, by ``deskpulse.metrics.interval``).
"""

from __future__ import annotations

from deskpulse.metrics.fact import Condition, Duration, Moment
from deskpulse.metrics.formula import QUANTILES, Least, Measure, Statistic, Sums, Unit
from deskpulse.metrics.lifetime import LifetimeValue
from deskpulse.metrics.pooled import PooledShare
from deskpulse.metrics.ranking import Ranking, RateRanking, ShareRanking
from deskpulse.metrics.reading import ReadNetShare, ReadShare
from deskpulse.metrics.retention import Growth, Retention
from deskpulse.metrics.sample import NetShare, Ratio, Score, Share, Spread
from deskpulse.metrics.tally import Census, Composition, Count, Quotient, Total
from deskpulse.metrics.unfollowed import UnfollowedShare
from deskpulse.metrics.units import UnitCount, UnitShare
from deskpulse.metrics.weighted import StratifiedShare, WeightedShare

__all__ = [
    "QUANTILES",
    "Census",
    "Composition",
    "Count",
    "Growth",
    "Least",
    "LifetimeValue",
    "Measure",
    "NetShare",
    "PooledShare",
    "Quotient",
    "Ranking",
    "RateRanking",
    "Ratio",
    "ReadNetShare",
    "ReadShare",
    "Retention",
    "Score",
    "Share",
    "ShareRanking",
    "Spread",
    "Statistic",
    "StratifiedShare",
    "Sums",
    "Total",
    "UnfollowedShare",
    "Unit",
    "UnitCount",
    "UnitShare",
    "WeightedShare",
    "duration",
    "share",
    "shared_dimensions",
    "sides_of",
]


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


def sides_of(measure: Measure) -> tuple[Measure, ...]:
    """What is added up apart: both sides of a quotient, else the formula itself."""
    return measure.operands if isinstance(measure, Quotient) else (measure,)


def shared_dimensions(measure: Measure) -> tuple[str, ...]:
    """What a formula can be grouped and filtered by: the dimensions all its sides have."""
    known = [side.fact.dimension_names(side.dated_by) for side in sides_of(measure)]
    return tuple(name for name in known[0] if all(name in names for names in known))
