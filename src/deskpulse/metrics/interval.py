"""Values with their 95 % intervals, from the few sums an engine returns. Pure functions; every engine gives the same.

A limit of null beside a value means there is no limit on that side; a value of null means there was nothing to count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

# The 97.5 % point of the normal distribution.
Z = 1.959963984540054
CONFIDENCE_TAIL = 0.975


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value, its interval and the number of rows behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def not_below_zero(self) -> Estimate:
        """The same with the interval cut at 0: of what is never negative, as a duration or a count is not."""
        return self if self.low is None or self.low >= 0 else replace(self, low=0.0)


NOTHING = Estimate(value=None, low=None, high=None, n=0)


def wilson(hits: float, n: float) -> Estimate:
    """A share, by the score interval; an effective size ``n`` may have a fraction.

    Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
    """
    if n <= 0:
        return NOTHING
    low, high = _score_limits(hits / n, n)
    return Estimate(value=hits / n, low=low, high=high, n=int(n))


def _score_limits(p: float, n: float) -> tuple[float, float]:
    denominator = 1 + Z * Z / n
    centre = (p + Z * Z / (2 * n)) / denominator
    margin = Z / denominator * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (0.0 if p == 0 else max(0.0, centre - margin)), (1.0 if p == 1 else min(1.0, centre + margin))


def survival(log_share: float, greenwood: float, *, n: int, last: float) -> Estimate:
    """What a survival curve has come down to: its logarithm, Greenwood's sum, and how many were at risk in the end.

    Limits on the scale log(-log S): Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data (2002),
    section 1.4.3. At 1 and 0, where that has none, the score interval of the ``last`` at risk: Dorey and Korn, Stat.
    Med. 6 (1987) 679-687.
    """
    if n <= 0:
        return NOTHING
    share = math.exp(log_share)
    if share in (0.0, 1.0):
        low, high = _score_limits(share, last)
        return Estimate(value=share, low=low, high=high, n=n)
    reach = math.exp(Z * math.sqrt(greenwood) / -log_share)
    return Estimate(value=share, low=math.exp(log_share * reach), high=math.exp(log_share / reach), n=n)


def bonett_price(plus: float, minus: float, n: float) -> Estimate:
    """A share less another share of the same rows, from -1 to 1 (the net promoter score).

    The adjusted interval of Bonett and Price, J. Educ. Behav. Stat. 37 (2012) 479-488.
    """
    if n <= 0:
        return NOTHING
    a, b = (plus + 1) / (n + 2), (minus + 1) / (n + 2)
    margin = Z * math.sqrt((a + b - (a - b) ** 2) / (n + 2))
    low, high = max(-1.0, a - b - margin), min(1.0, a - b + margin)
    return Estimate(value=(plus - minus) / n, low=low, high=high, n=int(n))


def bounded_mean(total: float, squares: float, n: int, *, low: float, high: float) -> Estimate:
    """A mean of scores between ``low`` and ``high``: Wilson's interval of the rescaled mean with n / phi answers.

    phi is the dispersion s^2 / (p (1 - p)) of the rescaled scores, shrunk towards 1/2 by five answers and kept
    between 1/20 and 1: a quasi-binomial model (Wedderburn, Biometrika 61 (1974) 439-447; Papke and Wooldridge,
    J. Appl. Econom. 11 (1996) 619-632). Where nothing varies the dispersion is unknown and taken as 1 before shrinking.
    """
    if n <= 0:
        return NOTHING
    mean, span = total / n, high - low
    if span <= 0:
        return Estimate(value=mean, low=None, high=None, n=n)
    share = min(1.0, max(0.0, (mean - low) / span))
    worse, better = _score_limits(share, n / _dispersion(_variance(total, squares, n), share, n, span))
    return Estimate(value=mean, low=low + span * worse, high=low + span * better, n=n)


def _dispersion(variance: float, share: float, n: int, span: float) -> float:
    binomial = share * (1 - share)
    observed = variance / (span * span * binomial) if binomial > 1e-12 and variance > 0 else 1.0
    return min(1.0, max(0.05, (n * observed + 2.5) / (n + 5)))


def _variance(total: float, squares: float, n: int) -> float:
    return max(0.0, squares - total * total / n) / (n - 1) if n > 1 else 0.0


def mean(total: float, squares: float, n: int) -> Estimate:
    """A mean, by t. Student, Biometrika 6 (1908) 1-25. One row gives no interval."""
    if n <= 0:
        return NOTHING
    value = total / n
    if n == 1:
        return Estimate(value=value, low=None, high=None, n=n)
    margin = t_quantile(n - 1) * math.sqrt(_variance(total, squares, n) / n)
    return Estimate(value=value, low=value - margin, high=value + margin, n=n)


@lru_cache(maxsize=4096)
def t_quantile(degrees: int) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, CONFIDENCE_TAIL))


def quantile_position(n: int, q: float) -> tuple[int, float]:
    """Where the q-quantile of n sorted values lies: the rank below it (from 1) and how far on towards the next.

    Type 7 of Hyndman and Fan, Am. Stat. 50 (1996) 361-365: what numpy and spreadsheets give.
    """
    place = (n - 1) * q
    return math.floor(place) + 1, place - math.floor(place)


def quantile_ranks(n: int, q: float) -> tuple[int | None, int | None]:
    """The ranks (from 1) of the values that bound the q-quantile; null where the sample has none on that side.

    Campbell and Gardner, Br. Med. J. 296 (1988) 1454-1456: n q - z sqrt(n q (1 - q)) and 1 + n q + z sqrt(n q (1 - q)),
    rounded.
    """
    margin = Z * math.sqrt(n * q * (1 - q))
    low, high = math.floor(n * q - margin + 0.5), math.floor(1 + n * q + margin + 0.5)
    return (low if low >= 1 else None), (high if high <= n else None)


def quantile(n: int, q: float, *, below: float, above: float, low: float | None, high: float | None) -> Estimate:
    """A quantile from the values at its ranks: ``below`` and ``above`` it, and those that bound it."""
    if n <= 0:
        return NOTHING
    fraction = quantile_position(n, q)[1]
    return Estimate(value=below + fraction * (above - below), low=low, high=high, n=n)


@dataclass(frozen=True, kw_only=True)
class ClusterSums:
    """Sums over clusters (agents): of the numerators x, the denominators y, and their products."""

    clusters: int
    x: float
    y: float
    xx: float
    xy: float
    yy: float


def ratio_of_sums(sums: ClusterSums, n: int) -> Estimate:
    """A sum over a sum, where the rows of one cluster resemble each other; t with clusters - 1 degrees.

    The delta method: Cochran, Sampling Techniques (1977), section 6.3.
    """
    if n <= 0 or sums.y == 0:
        return Estimate(value=None, low=None, high=None, n=max(n, 0))
    value, clusters = sums.x / sums.y, sums.clusters
    if clusters < 2:
        return Estimate(value=value, low=None, high=None, n=n)
    residual = max(0.0, sums.xx - 2 * value * sums.xy + value * value * sums.yy)
    margin = t_quantile(clusters - 1) * math.sqrt(residual * clusters / (clusters - 1)) / abs(sums.y)
    return Estimate(value=value, low=value - margin, high=value + margin, n=n)


def count(total: int, squares: float, days: int) -> Estimate:
    """A count, from the sum of the squared daily counts; days with none are days too.

    Quasi-Poisson: S -+ t sqrt(phi S), phi = variance / mean of the daily counts, 1 at least (McCullagh and Nelder,
    Generalized Linear Models (1989), section 6.2). One day tells nothing of dispersion, and nought has no variance:
    there it is the score interval of a Poisson count, S + z^2/2 -+ z sqrt(S + z^2/4).
    """
    if days <= 0:
        return NOTHING
    if days == 1 or total == 0:
        centre, margin = total + Z * Z / 2, Z * math.sqrt(total + Z * Z / 4)
        return Estimate(value=total, low=max(0.0, centre - margin) if total else 0.0, high=centre + margin, n=total)
    dispersion = max(1.0, _variance(total, squares, days) * days / total)
    margin = t_quantile(days - 1) * math.sqrt(dispersion * total)
    return Estimate(value=total, low=max(0.0, total - margin), high=total + margin, n=total)
