"""Intervals: worked by hand, held against scipy, and each one's coverage against the interval not to use."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from deskpulse.metrics import interval
from deskpulse.metrics.interval import ClusterSums, Z


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # 74 of 107: fours and fives among 42 fives, 32 fours, 10 threes, 9 twos, 14 ones.
    [(74, 107, 59.9, 77.1), (9, 10, 59.6, 98.2), (45, 50, 78.6, 95.7), (450, 500, 87.1, 92.3)],
)
def test_wilson_of_the_golden_values(hits: int, n: int, low: float, high: float) -> None:
    found = interval.wilson(hits, n)
    assert found.value == hits / n
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 7), (3, 7), (7, 7), (74, 107), (1, 10_000)])
def test_wilson_is_scipys(hits: int, n: int) -> None:
    oracle = stats.binomtest(hits, n).proportion_ci(method="wilson")
    found = interval.wilson(hits, n)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


def test_nothing_of_nothing_is_null() -> None:
    assert interval.wilson(0, 0) == interval.NOTHING
    assert interval.bonett_price(0, 0, 0) == interval.NOTHING
    assert interval.mean(0, 0, 0) == interval.NOTHING
    assert interval.bounded_mean(0, 0, 0, low=1, high=5) == interval.NOTHING
    assert interval.count(0, 0, 0) == interval.NOTHING
    assert interval.NOTHING.value is None
    assert interval.NOTHING.n == 0


@pytest.mark.parametrize(("n", "margin"), [(100, 14.6), (1000, 4.6)])
def test_net_promoter_score_of_the_golden_values(n: int, margin: float) -> None:
    found = interval.bonett_price(0.5 * n, 0.167 * n, n)
    assert round(100 * found.value, 1) == 33.3
    assert round(50 * (found.high - found.low), 1) == margin


def test_bonett_price_by_hand() -> None:
    # 5 promoters and 2 detractors of 10: a = 6/12, b = 3/12, variance (.75 - .0625) / 12.
    found = interval.bonett_price(5, 2, 10)
    margin = 1.959964 * math.sqrt(0.6875 / 12)
    assert found.value == pytest.approx(0.3)
    assert (found.low, found.high) == pytest.approx((0.25 - margin, 0.25 + margin), abs=1e-6)


def test_mean_is_scipys_t() -> None:
    values = [10, 20, 30, 40, 100]
    found = interval.mean(sum(values), sum(v * v for v in values), 5)
    oracle = stats.ttest_1samp(values, 0).confidence_interval()
    assert found.value == 40
    assert (found.low, found.high) == pytest.approx(tuple(oracle))
    assert interval.mean(7, 49, 1) == interval.Estimate(value=7, low=None, high=None, n=1)


def test_bounded_mean_by_hand() -> None:
    # Scores 5 5 4 4 of 1 to 5: mean 4.5, rescaled .875; s^2 = 1/3, /16 = 1/48; p(1-p) = 7/64; ratio 4/21.
    # phi = (4 x 4/21 + 2.5) / 9 = .362434; Wilson's limits with 4 / .362434 = 11.0365 answers, back on 1 to 5.
    n = 4 / ((4 * 4 / 21 + 2.5) / 9)
    centre = (0.875 + Z * Z / (2 * n)) / (1 + Z * Z / n)
    margin = Z / (1 + Z * Z / n) * math.sqrt(0.875 * 0.125 / n + Z * Z / (4 * n * n))
    found = interval.bounded_mean(18, 82, 4, low=1, high=5)
    assert found.value == 4.5
    assert (found.low, found.high) == pytest.approx((1 + 4 * (centre - margin), 1 + 4 * (centre + margin)))


@pytest.mark.parametrize(
    ("n", "q", "ranks"),
    # n q -+ 1.96 sqrt(n q (1 - q)): 4.5 -+ 2.94 -> 1.56 and 1 + 7.44; 2.5 -+ 2.19 -> .31 and 1 + 4.69;
    # 90 -+ 5.88 -> 84.12 and 1 + 95.88; 9 -+ 1.86 -> 7.14 and 1 + 10.86.
    [(9, 0.5, (2, 8)), (5, 0.5, (None, None)), (100, 0.9, (84, 97)), (10, 0.9, (7, None))],
)
def test_ranks_that_bound_a_quantile(n: int, q: float, ranks: tuple[int | None, int | None]) -> None:
    assert interval.quantile_ranks(n, q) == ranks


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("n", [1, 2, 5, 11, 30, 101])
def test_quantile_is_numpys_type_7(n: int, q: float) -> None:
    values = np.sort(np.random.default_rng(n).integers(0, 1000, n)).astype(float)
    below, _ = interval.quantile_position(n, q)
    found = interval.quantile(n, q, below=values[below - 1], above=values[min(below, n - 1)], low=None, high=None)
    assert found.value == pytest.approx(np.quantile(values, q))


def test_ratio_of_sums_by_hand() -> None:
    # Agent a: 100 + 200 s in 2 contacts, agent b: 300 s in 1. R = 600/3 = 200; residuals 300 - 400 and 300 - 200;
    # variance 20000 x 2/1 / 9; t with 1 degree 12.7062.
    sums = ClusterSums(clusters=2, x=600, y=3, xx=180_000, xy=900, yy=5)
    found = interval.ratio_of_sums(sums, 3)
    margin = 12.7062 * math.sqrt(40_000 / 9)
    assert (found.value, found.low, found.high) == pytest.approx((200, 200 - margin, 200 + margin), rel=1e-5)


def test_count_by_hand() -> None:
    # 4, 0 and 2 on three days: mean 2, variance (4 + 4 + 0) / 2 = 4, phi 2; t with 2 degrees 4.30265.
    found = interval.count(6, 20, 3)
    assert (found.value, found.low) == (6, 0)
    assert found.high == pytest.approx(6 + 4.30265 * math.sqrt(12), rel=1e-6)


def test_count_of_nought_has_an_upper_limit() -> None:
    # 0 + z^2/2 + z sqrt(z^2/4) = z^2 = 3.8415.
    found = interval.count(0, 0, 30)
    assert (found.value, found.low, found.high) == (0, 0, pytest.approx(3.8415, abs=1e-4))


def test_wilson_covers_where_wald_does_not() -> None:
    shares = np.linspace(0.02, 0.98, 49)
    wilson, wald = [], []
    for n in (5, 10, 20, 50, 100):
        hits = np.arange(n + 1)
        chance = stats.binom.pmf(hits[:, None], n, shares)
        limits = np.array([(e.low, e.high) for e in (interval.wilson(int(k), n) for k in hits)])
        margin = Z * np.sqrt(hits / n * (1 - hits / n) / n)
        wilson.append(_chance_inside(chance, limits[:, 0], limits[:, 1], shares))
        wald.append(_chance_inside(chance, hits / n - margin, hits / n + margin, shares))
    assert 0.94 <= np.mean(wilson) <= 0.96
    assert np.min(wilson) >= 0.83
    assert np.min(wald) < 0.15


def _chance_inside(chance: np.ndarray, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> np.ndarray:
    inside = (low[:, None] <= truth) & (truth <= high[:, None])
    return (chance * inside).sum(axis=0)


def test_bonett_price_covers_where_wald_does_not() -> None:
    draws = np.random.default_rng(1).multinomial(10, [0.9, 0.08, 0.02], 4000)
    truth = 0.9 - 0.02
    ours = [interval.bonett_price(plus, minus, 10) for plus, _, minus in draws]
    nps = (draws[:, 0] - draws[:, 2]) / 10
    wald = Z * np.sqrt(((draws[:, 0] + draws[:, 2]) / 10 - nps**2) / 10)
    assert np.mean([e.low <= truth <= e.high for e in ours]) > 0.92
    assert np.mean(np.abs(nps - truth) <= wald) < 0.85


def test_bounded_mean_covers_at_the_ceiling_where_t_does_not() -> None:
    rng = np.random.default_rng(2)
    chances = [0.01, 0.01, 0.02, 0.06, 0.90]
    draws = rng.choice([1, 2, 3, 4, 5], size=(4000, 5), p=chances)
    truth = float(np.dot([1, 2, 3, 4, 5], chances))
    ours = [interval.bounded_mean(d.sum(), (d * d).sum(), 5, low=1, high=5) for d in draws]
    margin = interval.t_quantile(4) * draws.std(axis=1, ddof=1) / math.sqrt(5)
    assert np.mean([e.low <= truth <= e.high for e in ours]) >= 0.90
    assert np.mean(np.abs(draws.mean(axis=1) - truth) <= margin) < 0.60


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
def test_order_statistics_cover_exactly_as_the_binomial_says(q: float) -> None:
    for n in (10, 20, 50, 100, 500):
        low, high = interval.quantile_ranks(n, q)
        missed_low = stats.binom.cdf(low - 1, n, q) if low else 0
        missed_high = stats.binom.sf(high - 1, n, q) if high else 0
        assert 0.95 <= 1 - missed_low - missed_high <= 0.995


def test_clusters_cover_where_single_rows_do_not() -> None:
    rng = np.random.default_rng(3)
    ours, per_row = 0, 0
    for _ in range(800):
        agents = rng.normal(300, 80, 25)
        tickets = rng.poisson(40, 25) + 1
        times = [rng.normal(mean, 60, n) for mean, n in zip(agents, tickets, strict=True)]
        x, y = np.array([t.sum() for t in times]), tickets.astype(float)
        sums = ClusterSums(clusters=25, x=x.sum(), y=y.sum(), xx=(x * x).sum(), xy=(x * y).sum(), yy=(y * y).sum())
        found, rows = interval.ratio_of_sums(sums, int(y.sum())), np.concatenate(times)
        ours += found.low <= 300 <= found.high
        per_row += abs(rows.mean() - 300) <= Z * rows.std() / math.sqrt(len(rows))
    assert 0.91 <= ours / 800 <= 0.97
    assert per_row / 800 < 0.65


def test_dispersed_counts_cover_where_poisson_does_not() -> None:
    days = np.random.default_rng(4).negative_binomial(5, 5 / 45, size=(3000, 28))  # mean 40, variance 360
    truth = 28 * 40
    ours = [interval.count(int(d.sum()), float((d * d).sum()), 28) for d in days]
    totals = days.sum(axis=1)
    assert 0.93 <= np.mean([e.low <= truth <= e.high for e in ours]) <= 0.99
    assert np.mean(np.abs(totals - truth) <= Z * np.sqrt(totals)) < 0.60
