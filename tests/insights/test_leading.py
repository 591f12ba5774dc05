"""What leads what: planted lags are found, and independent series are not called related."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Question
from deskpulse.errors import QuestionError
from deskpulse.insights.leading import cross_correlations, leading, whitened

NOW = datetime(2026, 1, 5)


def weekly(kpi: str, values: list[float | None]) -> Answer:
    starts = [NOW + timedelta(weeks=week) for week in range(len(values))]
    rows = tuple(
        Row(value=value, low=None, high=None, n=1, period_start=start)
        for value, start in zip(values, starts, strict=True)
    )
    return Answer(
        question=Question(kpi=kpi, now=NOW, grain="week"), kpi=kpi, variant="v", statistic="mean", clock="calendar",
        unit="share", dated_by="created_at", definition="d", as_of=NOW, rows=rows,
    )  # fmt: skip


def drifting(rng: np.random.Generator, weeks: int, memory: float, trend: float = 0.0) -> np.ndarray:
    shocks, values = rng.normal(size=weeks + 50), np.zeros(weeks + 50)
    for week in range(1, weeks + 50):
        values[week] = memory * values[week - 1] + shocks[week]
    return values[50:] + trend * np.arange(weeks)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_planted_lag_of_three_weeks_is_found(sign: int) -> None:
    rng = np.random.default_rng(7)
    cause = drifting(rng, 103, 0.6)
    effect = sign * 0.8 * cause[:100] + 0.5 * rng.normal(size=100)  # week t follows the cause of week t - 3
    found = leading(weekly("csat", list(cause[3:])), weekly("nps", list(effect)))
    assert found.is_established and found.best.lag == 3 and (found.best.value > 0) == (sign > 0)
    assert found.best.low > 0 if sign > 0 else found.best.high < 0
    assert found.lag_low is not None and found.lag_high is not None and found.lag_low <= 3 <= found.lag_high
    assert "3 weeks before" in found.conclusion


def test_what_moves_after_does_not_lead() -> None:
    rng = np.random.default_rng(8)
    cause = drifting(rng, 103, 0.6)
    effect = 0.8 * cause[:100] + 0.5 * rng.normal(size=100)
    found = leading(weekly("nps", list(effect)), weekly("csat", list(cause[3:])))
    assert not found.is_established and found.best.lag == -3
    assert "it is 'csat' that moves first, 3 weeks before 'nps'" in found.conclusion


@pytest.mark.parametrize(
    ("memory", "trend"),
    [(0.0, 0.0), (0.8, 0.0), (0.95, 0.0), (0.5, 0.2)],
    ids=["white", "sticky", "wandering", "trend"],
)
@pytest.mark.parametrize("weeks", [52, 104])
def test_independent_series_are_related_by_chance_in_about_one_pair_of_twenty(
    memory: float, trend: float, weeks: int
) -> None:
    """500 pairs: a true rate of 5 % gives 2.6 to 8 % in 99.9 of 100 such counts."""
    rng = np.random.default_rng(weeks)
    alarms = sum(
        any(
            each.is_beyond_noise
            for each in cross_correlations(
                list(drifting(rng, weeks, memory, trend)), list(drifting(rng, weeks, memory, -trend))
            )
        )
        for _ in range(500)
    )
    assert alarms / 500 < 0.085


def test_whitening_takes_the_memory_out() -> None:
    rng = np.random.default_rng(1)
    rest = np.asarray(whitened(list(drifting(rng, 2000, 0.9))))
    assert abs(np.corrcoef(rest[1:], rest[:-1])[0, 1]) < 0.05
    assert len(whitened([1.0] * 50)) == 46 and set(whitened([1.0] * 50)) == {0.0}


def test_correlation_by_hand_against_numpy() -> None:
    rng = np.random.default_rng(2)
    one, other = list(rng.normal(size=60)), list(rng.normal(size=60))
    x, y = np.asarray(whitened(one)), np.asarray(whitened(other))
    by_lag = {each.lag: each for each in cross_correlations(one, other)}
    assert by_lag[0].value == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert by_lag[2].value == pytest.approx(np.corrcoef(x[:-2], y[2:])[0, 1])
    assert by_lag[-2].value == pytest.approx(np.corrcoef(x[2:], y[:-2])[0, 1])
    # 17 lags at 95 % together: each at .95 ** (1 / 17) = .99699, z = 2.9683; 56 weeks at lag 0: 2.9683 / sqrt(53).
    half = np.arctanh(by_lag[0].high) - np.arctanh(by_lag[0].value)
    assert half == pytest.approx(2.9683 / np.sqrt(53), rel=1e-3)


def test_a_gap_cuts_the_series_and_few_weeks_are_refused() -> None:
    rng = np.random.default_rng(3)
    values: list[float | None] = [float(value) for value in rng.normal(size=100)]
    values[70] = None
    other: list[float | None] = [float(value) for value in rng.normal(size=100)]
    assert leading(weekly("csat", values), weekly("nps", other)).weeks == 70
    values[30] = None
    with pytest.raises(QuestionError, match="39 weeks in a row"):
        leading(weekly("csat", values), weekly("nps", other))


def test_a_series_that_never_moves_leads_nothing() -> None:
    rng = np.random.default_rng(4)
    found = leading(weekly("csat", [1.0] * 60), weekly("nps", [float(v) for v in rng.normal(size=60)]))
    assert not found.is_established and found.best.value == 0
