"""Does one KPI move before another? Cross-correlation of two weekly series, and the lag, or "not established".

Series that drift or repeat themselves correlate by accident, so each is first filtered to white noise by an
autoregression of its own (order by AIC): under independence the cross-correlations of what is left are normal with
variance 1/n (Haugh, J. Am. Stat. Assoc. 71 (1976) 378-385; Box and Jenkins, Time Series Analysis (1976), chapter 11).
The interval is Fisher's z, at 95 % for all lags looked at together (Sidak, J. Am. Stat. Assoc. 62 (1967) 626-633).
Both directions are looked at: what moves after cannot lead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from typing import Any

from deskpulse.answers.answer import Answer
from deskpulse.errors import QuestionError

MOST_LAG = 8
MOST_ORDER = 4
LEAST_WEEKS = 40
"""With fewer weeks only the strongest relations could be told from noise."""

Series = Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """How two series go together when the second is read ``lag`` weeks after the first, with its interval."""

    lag: int
    value: float
    low: float
    high: float

    @property
    def is_beyond_noise(self) -> bool:
        """The interval excludes 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class Leading:
    """Whether ``leading`` moves before ``lagging``. ``best`` is the strongest correlation of all lags looked at.

    ``lag_low`` and ``lag_high`` bound the lags beyond noise of the same sign; null where none is established.
    """

    leading: str
    lagging: str
    weeks: int
    best: Correlation
    correlations: tuple[Correlation, ...]
    is_established: bool
    lag_low: int | None
    lag_high: int | None
    conclusion: str

    def record(self) -> dict[str, Any]:
        """A nested mapping of plain values."""
        return {
            "leading": self.leading,
            "lagging": self.lagging,
            "weeks": self.weeks,
            "is_established": self.is_established,
            "lag": self.best.lag if self.is_established else None,
            "lag_low": self.lag_low,
            "lag_high": self.lag_high,
            "correlation": self.best.value,
            "low": self.best.low,
            "high": self.best.high,
            "conclusion": self.conclusion,
        }


def leading(first: Answer, second: Answer) -> Leading:
    """Whether the KPI of ``first`` leads that of ``second``: two answers by week over the same period.

    Raises QuestionError with fewer weeks than can tell anything.
    """
    pairs = list(_longest_run(_by_week(first), _by_week(second)))
    if len(pairs) < LEAST_WEEKS:
        raise QuestionError(
            "%(weeks)s weeks in a row have a value of both: at least %(least)s are needed. "
            "Ask for a longer period, like --period all.",
            weeks=len(pairs),
            least=LEAST_WEEKS,
        )
    found = cross_correlations([x for x, _ in pairs], [y for _, y in pairs])
    return _concluded(first.kpi, second.kpi, len(pairs), found)


def _by_week(answer: Answer) -> Mapping[datetime | None, float | None]:
    return {row.period_start: row.value for row in answer.rows}


def _longest_run(
    one: Mapping[datetime | None, float | None], other: Mapping[datetime | None, float | None]
) -> Iterator[tuple[float, float]]:
    """The longest stretch of weeks in which both have a value: a gap would shift the lags."""
    runs: list[list[tuple[float, float]]] = [[]]
    for week, x in one.items():
        y = other.get(week)
        if x is None or y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    yield from max(runs, key=len)


def cross_correlations(first: Series, second: Series, *, most: int = MOST_LAG) -> tuple[Correlation, ...]:
    """The correlations of ``second`` with ``first`` from ``most`` weeks before to ``most`` weeks after."""
    x, y = whitened(first), whitened(second)
    size = min(len(x), len(y))
    x, y = x[len(x) - size :], y[len(y) - size :]
    lags = range(-most, most + 1)
    z = NormalDist().inv_cdf(0.5 + 0.95 ** (1 / len(lags)) / 2)
    return tuple(_correlation(x, y, lag, z) for lag in lags)


def _correlation(x: Series, y: Series, lag: int, z: float) -> Correlation:
    earlier, later = (x[: len(x) - lag], y[lag:]) if lag >= 0 else (x[-lag:], y[: len(y) + lag])
    value = _pearson(earlier, later)
    centre, margin = math.atanh(value), z / math.sqrt(len(earlier) - 3)
    return Correlation(lag=lag, value=value, low=math.tanh(centre - margin), high=math.tanh(centre + margin))


def _pearson(x: Series, y: Series) -> float:
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    xx = math.fsum((a - mean_x) ** 2 for a in x)
    yy = math.fsum((b - mean_y) ** 2 for b in y)
    xy = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    most = 1 - 1e-12
    return 0.0 if xx == 0 or yy == 0 else min(most, max(-most, xy / math.sqrt(xx * yy)))


def whitened(series: Series) -> list[float]:
    """What an autoregression with a trend, of the order with the least AIC, leaves of a series (newest last)."""
    import numpy as np

    values = np.asarray(series, float)
    if np.ptp(values) == 0:
        return [0.0] * (len(values) - MOST_ORDER)
    best: tuple[float, Any] | None = None
    target = values[MOST_ORDER:]
    trend = np.arange(len(target)) / len(target)
    for order in range(MOST_ORDER + 1):
        lagged = [values[MOST_ORDER - back : len(values) - back] for back in range(1, order + 1)]
        design = np.column_stack([np.ones(len(target)), trend, *lagged])
        rest = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
        aic = len(target) * math.log(max(float(rest @ rest), 1e-300) / len(target)) + 2 * design.shape[1]
        if best is None or aic < best[0]:
            best = (aic, rest)
    assert best is not None
    return [float(value) for value in best[1]]


def _concluded(leading: str, lagging: str, weeks: int, found: tuple[Correlation, ...]) -> Leading:
    best = max(found, key=lambda each: abs(each.value))
    alike = [each.lag for each in found if each.is_beyond_noise and each.lag > 0 and each.value * best.value > 0]
    is_established = best.lag > 0 and best.is_beyond_noise
    return Leading(
        leading=leading,
        lagging=lagging,
        weeks=weeks,
        best=best,
        correlations=found,
        is_established=is_established,
        lag_low=min(alike) if is_established else None,
        lag_high=max(alike) if is_established else None,
        conclusion=_words(leading, lagging, best),
    )


def _words(leading: str, lagging: str, best: Correlation) -> str:
    if not best.is_beyond_noise:
        return f"Not established: no lag of up to {MOST_LAG} weeks tells '{leading}' and '{lagging}' from noise."
    together = "together" if best.value > 0 else "opposite ways"
    if best.lag == 0:
        return f"Not established: '{leading}' and '{lagging}' move {together} in the same week; neither leads."
    if best.lag < 0:
        return f"Not established: it is '{lagging}' that moves first, {-best.lag} weeks before '{leading}', {together}."
    return f"'{leading}' moves {best.lag} weeks before '{lagging}', {together}. That is no proof of a cause."
