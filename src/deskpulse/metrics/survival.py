"""What an account is worth over its life, from when accounts left; the interval resamples them. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deskpulse.metrics.interval import NOTHING, Estimate

RESAMPLES = 400
SEED = 20_260_101
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Lives:
    """One entry per life of an account: the months of it (from 1) it was first and last at risk of leaving in, how
    many these are, whether it left in the last, and the margin it brought in them.
    """

    entry: Ints
    exit: Ints
    months: Floats
    left: Floats
    margin: Floats


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a lifetime is added up: what money loses in worth per year, and for how many months at most."""

    discount_rate: float
    cap_months: int


def survival(lives: Lives, weights: Floats) -> Floats:
    """The share of accounts still paying after 0, 1, 2 ... months, as far as any was seen.

    Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958) 457-481, with accounts that enter late: those already paying when
    the period began are at risk only from then on.
    """
    last = int(lives.exit.max()) + 1
    begun = np.bincount(lives.entry, weights, last + 1)
    gone = np.bincount(lives.exit + 1, weights, last + 1)
    at_risk = np.cumsum(begun - gone)[1:last]
    left = np.bincount(lives.exit, weights * lives.left, last)[1:]
    hazard = np.divide(left, at_risk, out=np.zeros(len(left)), where=at_risk > 1e-9)
    return np.concatenate([[1.0], np.cumprod(1 - hazard)])


def survival_value(lives: Lives, weights: Floats, terms: Terms) -> float:
    """Margin per account and month, times the expected months: survival, discounted and capped."""
    months = survival(lives, weights)[: terms.cap_months]
    worth = (1 + terms.discount_rate) ** (-np.arange(len(months)) / 12)
    per_month = (weights * lives.margin).sum() / (weights * lives.months).sum()
    return float(per_month * (months * worth).sum())


def simple_value(lives: Lives, weights: Floats, terms: Terms) -> float:
    """Margin per account and month / churn per month: all margin for each account that left; NaN where none did."""
    left = (weights * lives.left).sum()
    return float((weights * lives.margin).sum() / left) if left else float("nan")


VALUES = {"survival": survival_value, "simple": simple_value}


def estimated(lives: Lives, terms: Terms, method: str) -> Estimate:
    """The value with its interval: percentiles over resampled lives (Efron, Ann. Stat. 7 (1979) 1-26), seed fixed.

    There is no upper limit where more than one in forty resamples has no account that left.
    """
    n = len(lives.months)
    if not n:
        return NOTHING
    value = VALUES[method](lives, np.ones(n), terms)
    if not np.isfinite(value):
        return Estimate(value=None, low=None, high=None, n=n)
    if n == 1:
        return Estimate(value=value, low=None, high=None, n=n)
    low, high = _limits(lives, terms, method)
    return Estimate(value=value, low=low, high=high, n=n)


def _limits(lives: Lives, terms: Terms, method: str) -> tuple[float | None, float | None]:
    n, random = len(lives.months), np.random.default_rng(SEED)
    drawn = [
        VALUES[method](lives, np.bincount(random.integers(0, n, n), minlength=n).astype(np.float64), terms)
        for _ in range(RESAMPLES)
    ]
    values = np.nan_to_num(np.array(drawn), nan=np.inf)
    found = (float(np.quantile(values, q, method="inverted_cdf")) for q in (0.025, 0.975))
    low, high = (limit if np.isfinite(limit) else None for limit in found)
    return low, high
