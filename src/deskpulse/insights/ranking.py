"""Leaderboards looked at: the funnel that says who stands out, and an agent's own place without the others' names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal

from deskpulse import catalog
from deskpulse.answers.standings import Standing
from deskpulse.language import declared, named
from deskpulse.metrics.measure import Ranking, ShareRanking

WARNING, ALARM = 1.96, 3.09
"""Standard deviations: one in 20 and one in 500 of usual units lie outside."""
TRIMMED = 0.1
FEWEST_OTHERS = 4
STEPS = 60

Place = Literal["usual", "above warning", "above alarm", "below warning", "below alarm"]


def leaderboards() -> dict[str, str]:
    """Every leaderboard of agents, ``top_agents:satisfied``, with its title; how well before how much."""
    known = [
        (f"{name}:{variant}", f"{declared(kpi.title)}: {named(variant)}", isinstance(measure, ShareRanking))
        for name, kpi in catalog.kpis().items()
        for variant, measure in kpi.variants.items()
        if isinstance(measure, Ranking)
    ]
    return {name: title for name, title, _ in sorted(known, key=lambda one: not one[2])}


def ranks_shares(kpi: str) -> bool:
    """It ranks by shares (``top_agents:satisfied``), not by rates."""
    return isinstance(catalog.formula(kpi), ShareRanking)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A unit: what it did for its mix (``value``, on the scale of the usual one) and how far out that is (``z``)."""

    unit: str
    n: int
    size: float
    value: float
    z: float
    place: Place


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Where values of a size lie if nothing but chance tells units apart; ``alarm`` lines leave out one in 500."""

    size: float
    alarm_low: float
    warning_low: float
    warning_high: float
    alarm_high: float


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """Points by their size, the usual value, and the limits around it; ``dispersion`` says how much wider than by
    chance alone they were drawn, since units differ for reasons nobody recorded."""

    usual: float
    dispersion: float
    points: tuple[Point, ...]
    limits: tuple[Limit, ...]


def funnel(standings: Sequence[Standing]) -> Funnel | None:
    """The funnel of one group's standings; null where nobody has enough rows.

    Spiegelhalter, Stat. Med. 24 (2005) 1185-1202: the standardised value (usual x observed / expected) against its
    size, with limits at 1.96 and 3.09 deviations, widened by the square root of the mean square of the deviations of
    which the outermost tenth on either side is pulled in, so that those who stand out do not hide themselves.
    """
    known = [one for one in standings if one.rank is not None and one.expected > 0 and one.variance > 0]
    if not known:
        return None
    usual, variance = known[0].usual, known[0].variance
    bare = [_deviations(one) for one in known]
    spread = _dispersion(bare)
    points = (_point(one, z / math.sqrt(spread)) for one, z in zip(known, bare, strict=True))
    low, high = min(one.size for one in known), max(one.size for one in known)
    sizes = (low * (high / low) ** (step / STEPS) for step in range(STEPS + 1))
    return Funnel(
        usual=usual,
        dispersion=spread,
        points=tuple(points),
        limits=tuple(_limit(size, usual, math.sqrt(spread * variance / size), known[0].is_share) for size in sizes),
    )


def _standardised(one: Standing) -> float:
    return one.usual * one.observed / one.expected


def _deviations(one: Standing) -> float:
    return (_standardised(one) - one.usual) / math.sqrt(one.variance / one.size)


def _dispersion(deviations: Sequence[float]) -> float:
    """The mean square of winsorised deviations, 1 at least."""
    ordered = sorted(deviations)
    cut = int(len(ordered) * TRIMMED)
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return max(1.0, sum(min(max(z, low), high) ** 2 for z in ordered) / len(ordered))


def _point(one: Standing, z: float) -> Point:
    return Point(unit=one.unit, n=one.n, size=one.size, value=_standardised(one), z=z, place=_place(z))


def _place(z: float) -> Place:
    if z >= WARNING:
        return "above alarm" if z >= ALARM else "above warning"
    if z <= -WARNING:
        return "below alarm" if z <= -ALARM else "below warning"
    return "usual"


def _limit(size: float, usual: float, deviation: float, is_share: bool) -> Limit:
    alarm_low, warning_low, warning_high, alarm_high = (
        min(max(usual + z * deviation, 0.0), 1.0 if is_share else math.inf) for z in (-ALARM, -WARNING, WARNING, ALARM)
    )
    return Limit(
        size=size, alarm_low=alarm_low, warning_low=warning_low, warning_high=warning_high, alarm_high=alarm_high
    )


@dataclass(frozen=True, kw_only=True)
class OwnPlace:
    """An agent's own view: the value with its limits and the ranks it may mean, and how the ``others`` spread.

    ``others_low`` to ``others_high`` holds the middle half of them. What is null is not told: the agent's own for too
    few contacts, the others' where they are so few that a figure would name somebody.
    """

    unit: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None
    others: int
    others_low: float | None
    others_middle: float | None
    others_high: float | None


def own_place(standings: Sequence[Standing], unit: str) -> OwnPlace | None:
    """One unit beside the others of its group, who stay unnamed; null where it has done nothing."""
    own = next((one for one in standings if one.unit == unit), None)
    if own is None:
        return None
    others = [one.adjusted for one in standings if one.unit != unit and one.adjusted is not None]
    is_told = len(others) >= FEWEST_OTHERS
    quarters = quantiles(others, n=4, method="inclusive") if is_told else (None, None, None)
    return OwnPlace(
        unit=unit,
        n=own.n,
        value=own.adjusted,
        low=own.adjusted_low,
        high=own.adjusted_high,
        rank_low=None if own.rank_low is None else round(own.rank_low),
        rank_high=None if own.rank_high is None else round(own.rank_high),
        others=len(others),
        others_low=quarters[0],
        others_middle=median(others) if is_told else None,
        others_high=quarters[2],
    )
