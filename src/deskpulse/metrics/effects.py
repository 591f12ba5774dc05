"""How good each of several units is, and which rank that may be: random effects by a two-dimensional grid.

Every unit (agent, team, partner) has an effect: on the log odds of a share, or on the logarithm of a rate. The effects
are drawn from a normal distribution whose mean and spread are learnt from all units at once, so that a unit with few
rows is drawn towards the others and one with many speaks for itself. The two unknowns are summed over on a grid, as in
Gelman et al., Bayesian Data Analysis (2013), section 5.3. Ranks come from joint draws of all effects: a range, no
order, as Goldstein and Spiegelhalter ask for (J. R. Stat. Soc. A 159 (1996) 385-443).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
LogLikelihood = Callable[[Numbers], Numbers]

WIDEST = 8.0
FINEST = 2001
DRAWS = 4000
TAIL = 0.025
# Spread of the effects: half-normal with scale 1, on a logarithmic grid; its mean in units of it: normal.
SPREADS = np.geomspace(0.01, 2.5, 24)
MEANS = np.linspace(-2.5, 2.5, 11)


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Per unit: median, low and high of the rank (1 is the greatest effect) and of the effect; 95 % in between."""

    rank: Numbers
    rank_low: Numbers
    rank_high: Numbers
    effect: Numbers
    effect_low: Numbers
    effect_high: Numbers


def share_likelihood(hits: Numbers, rows: Numbers, log_odds: Numbers) -> LogLikelihood:
    """Units with ``hits`` of ``rows`` (unit x stratum); a unit's effect shifts each stratum's usual ``log_odds``."""
    return lambda grid: hits[:, None] * grid - rows @ np.logaddexp(0.0, log_odds[:, None] + grid)


def rate_likelihood(counts: Numbers, expected: Numbers, dispersion: float) -> LogLikelihood:
    """Units with ``counts`` where ``expected`` are usual, ``dispersion`` times as variable as Poisson counts."""
    return lambda grid: (counts[:, None] * grid - expected[:, None] * np.exp(grid)) / dispersion


def ranked(likelihood: LogLikelihood, information: Numbers, chosen: npt.NDArray[np.bool_]) -> Ranked:
    """Ranks of the ``chosen`` units among themselves; all units tell how far apart units are.

    ``information`` is each unit's (the inverse variance of its effect), which says how fine the grid must be.
    """
    grid = _grid(likelihood, float(information.max(initial=1.0)))
    logs = likelihood(grid)
    support = np.exp(logs - logs.max(axis=1, keepdims=True))
    priors = _priors(grid)
    weights = _hyper_weights(support @ priors.T)
    return _summarised(_draws(support[chosen], priors, weights, grid))


def _grid(likelihood: LogLikelihood, information: float) -> Numbers:
    """Evenly spaced effects wherever some unit's may be, half a standard error apart where that can be had."""
    coarse = np.linspace(-WIDEST, WIDEST, 161)
    logs = likelihood(coarse) - coarse**2 / 8
    possible = coarse[(logs > logs.max(axis=1, keepdims=True) - 16).any(axis=0)]
    low, high = min(float(possible[0]), -0.3) - 0.1, max(float(possible[-1]), 0.3) + 0.1
    points = int((high - low) * 2 * np.sqrt(information)) + 1
    return np.linspace(low, high, min(max(points, 121), FINEST))


def _priors(grid: Numbers) -> Numbers:
    """The distribution of effects on the grid for each pair of mean and spread."""
    spread, mean = (axis.ravel()[:, None] for axis in np.meshgrid(SPREADS, MEANS, indexing="ij"))
    step = grid[1] - grid[0]
    wide = np.maximum(spread, step / 2)  # a spread the grid cannot show is the narrowest it can
    density = np.exp(-0.5 * ((grid - mean * spread) / wide) ** 2)
    found: Numbers = density / density.sum(axis=1, keepdims=True)
    return found


def _hyper_weights(marginal: Numbers) -> Numbers:
    spread, mean = (axis.ravel() for axis in np.meshgrid(SPREADS, MEANS, indexing="ij"))
    prior = -0.5 * spread**2 + np.log(spread) - 0.5 * mean**2
    logs = prior + np.log(np.maximum(marginal, 1e-300)).sum(axis=0)
    weights = np.exp(logs - logs.max())
    found: Numbers = weights / weights.sum()
    return found


def _draws(support: Numbers, priors: Numbers, weights: Numbers, grid: Numbers) -> Numbers:
    """Joint draws of the units' effects (draw x unit); the same every time, since the seed is."""
    rng = np.random.default_rng(1)
    ends = np.floor(weights.cumsum() * DRAWS + 0.5).astype(int)
    step, units = grid[1] - grid[0], len(support)
    parts = []
    for pair, many in enumerate(np.diff(ends, prepend=0)):
        if many == 0:
            continue
        sums = (support * priors[pair]).cumsum(axis=1)
        sums = sums / sums[:, -1:] + np.arange(units)[:, None]
        asked = rng.random((many, units)) + np.arange(units)
        place = np.searchsorted(sums.ravel(), asked.ravel()).reshape(many, units) - np.arange(units) * len(grid)
        within = rng.random((many, units)) - 0.5
        parts.append(grid[np.clip(place, 0, len(grid) - 1)] + step * within)
    return np.concatenate(parts)


def _summarised(draws: Numbers) -> Ranked:
    order = (-draws).argsort(axis=1)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, draws.shape[1] + 1)[None, :], axis=1)
    low, rank, high = _quantiles(places.astype(float))
    effect_low, effect, effect_high = _quantiles(draws)
    return Ranked(
        rank=rank, rank_low=low, rank_high=high, effect=effect, effect_low=effect_low, effect_high=effect_high
    )


def _quantiles(draws: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    ordered = np.sort(draws, axis=0)
    many = len(ordered) - 1
    return ordered[round(many * TAIL)], ordered[many // 2], ordered[round(many * (1 - TAIL))]


def usual_log_odds(levels: npt.NDArray[np.int64], rows: Numbers, hits: Numbers) -> Numbers:
    """The log odds of each stratum, by its level of every mix column (stratum x column): main effects only.

    Logistic regression by iterated least squares, each level held back as by a normal prior with deviation 1, since
    many strata have few rows; half a hit and half a miss are added so that all or none leave it finite.
    """
    design = np.hstack([np.ones((len(levels), 1)), *(_indicators(column) for column in levels.T)])
    held_back = np.diag([1e-6] + [1.0] * (design.shape[1] - 1))
    part = rows / rows.sum()
    n, yes = rows + part, hits + part / 2
    found = np.zeros(design.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-(design @ found)))
        slope = design.T @ (yes - n * share) - held_back @ found
        step = np.linalg.solve((design.T * (n * share * (1 - share))) @ design + held_back, slope)
        found = found + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    log_odds: Numbers = design @ found
    return log_odds


def _indicators(column: npt.NDArray[np.int64]) -> Numbers:
    found: Numbers = (column[:, None] == np.arange(column.max(initial=0) + 1)).astype(float)
    return found


def dispersion(counts: Numbers, squares: Numbers, days: Numbers) -> float:
    """How many times as variable as Poisson the daily counts of all units are around their own mean, 1 at least.

    Pearson's chi square over its degrees of freedom: McCullagh and Nelder, Generalized Linear Models (1989), 6.2.
    """
    known = (counts > 0) & (days > 1)
    freedom = float((days[known] - 1).sum())
    if freedom <= 0:
        return 1.0
    spread = (squares[known] - counts[known] ** 2 / days[known]) / (counts[known] / days[known])
    return max(1.0, float(spread.sum()) / freedom)
