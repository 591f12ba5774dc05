"""Ranks from the hierarchical model: against other ways to the same posterior, and against known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from deskpulse.metrics.effects import (
    Numbers,
    Ranked,
    dispersion,
    ranked,
    rate_likelihood,
    share_likelihood,
    usual_log_odds,
)


def of_shares(hits: list[int], rows: list[int], log_odds: float = 0.0) -> Ranked:
    counts, sizes = np.array(hits, float), np.array(rows, float)[:, None]
    likelihood = share_likelihood(counts, sizes, np.array([log_odds]))
    return ranked(likelihood, sizes[:, 0] / 4, np.ones(len(hits), np.bool_))


@pytest.mark.parametrize("rows", [(30, 30, 30), (200, 25, 60)])
def test_the_posterior_is_that_of_draws_from_the_prior_weighted_by_the_likelihood(rows: tuple[int, ...]) -> None:
    """Another way to the same thing, without a grid: a great many worlds, each as likely as the data make it."""
    hits = [round(rows[0] * 0.6), round(rows[1] * 0.5), round(rows[2] * 0.4)]
    rng = np.random.default_rng(5)
    many = 600_000
    spread = np.abs(rng.normal(0, 1, many))
    effects = rng.normal(0, 1, many)[:, None] * spread[:, None] + rng.normal(0, 1, (many, 3)) * spread[:, None]
    logs = effects @ np.array(hits, float) - np.logaddexp(0, effects) @ np.array(rows, float)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    found = of_shares(hits, list(rows))
    for unit in range(3):
        order = effects[:, unit].argsort()
        sums = weights[order].cumsum()
        low, middle, high = (effects[order[np.searchsorted(sums, q)], unit] for q in (0.025, 0.5, 0.975))
        width = high - low
        assert found.effect[unit] == pytest.approx(middle, abs=0.03 * width)
        assert found.effect_low[unit] == pytest.approx(low, abs=0.05 * width)
        assert found.effect_high[unit] == pytest.approx(high, abs=0.05 * width)
    places = (-effects).argsort(axis=1).argsort(axis=1) + 1
    for unit in range(3):
        chances = np.array([weights[places[:, unit] == place].sum() for place in (1, 2, 3)]).cumsum()
        assert found.rank[unit] in {place for place in (1, 2, 3) if abs(chances[place - 1] - 0.5) < 0.02} | {
            1 + int((chances < 0.5).sum())
        }


def test_ranges_hold_the_true_rank_and_drawing_together_halves_the_error() -> None:
    """Forty agents with thirty ratings each, twenty times over; skill varies by 0.3 on the log odds."""
    rng = np.random.default_rng(11)
    inside, bare, drawn, last = [], [], [], []
    for _ in range(20):
        skill = 1.0 + rng.normal(0, 0.3, 40)
        share = 1 / (1 + np.exp(-skill))
        hits = rng.binomial(30, share)
        found = of_shares(list(hits), [30] * 40, 1.0)
        true = (-skill).argsort().argsort() + 1
        inside.append(((found.rank_low <= true) & (true <= found.rank_high)).mean())
        bare.append(np.abs(hits / 30 - share).mean())
        drawn.append(np.abs(1 / (1 + np.exp(-1.0 - found.effect)) - share).mean())
        last.append(found.rank_high[hits.argmax()])
    assert 0.92 <= np.mean(inside) <= 0.99
    assert np.mean(drawn) < 0.65 * np.mean(bare)
    assert np.mean(last) > 10, "the best share of thirty ratings is no proof of a place among the ten best"


def test_five_of_five_is_not_before_ninety_five_of_a_hundred() -> None:
    """Among twenty agents at 70 to 89 of 100: a perfect five says little, 95 of 100 says much."""
    found = of_shares([5, 95, *range(70, 90)], [5] + [100] * 21, 1.4)
    assert found.rank[1] < found.rank[0]
    assert found.rank_high[0] - found.rank_low[0] > 15
    assert found.rank_high[1] <= 8


def test_equals_have_the_same_range() -> None:
    found = of_shares([50] * 10, [100] * 10)
    assert set(found.rank_low) == {1}
    assert set(found.rank_high) == {10}
    assert all(4 <= rank <= 7 for rank in found.rank)


def test_one_unit_is_first_and_last() -> None:
    found = of_shares([40], [50])
    assert (found.rank[0], found.rank_low[0], found.rank_high[0]) == (1, 1, 1)


@pytest.mark.parametrize("hits", [0, 100])
def test_all_or_nothing_is_finite(hits: int) -> None:
    found = of_shares([hits] * 4, [100] * 4, 4.0 if hits else -4.0)
    assert np.isfinite(found.effect).all()
    assert set(found.rank_high) == {4}


def test_many_rows_leave_no_doubt() -> None:
    """Shares of .60, .65, .70, .75 of a hundred thousand: standard errors of .0015 lie 30 times closer together."""
    found = of_shares([60_000, 65_000, 70_000, 75_000], [100_000] * 4)
    assert list(found.rank) == [4, 3, 2, 1]
    assert list(found.rank_low) == list(found.rank_high) == [4, 3, 2, 1]


def test_rates_are_told_apart_less_well_where_days_are_uneven() -> None:
    counts, days = np.array([300.0, 200, 210, 190]), np.full(4, 20.0)
    chosen = np.ones(4, np.bool_)
    even = ranked(rate_likelihood(counts, days * 11, 1.0), counts, chosen)
    uneven = ranked(rate_likelihood(counts, days * 11, 40.0), counts / 40, chosen)
    assert (even.rank[0], even.rank_high[0]) == (1, 1)
    assert uneven.rank_high[0] > 1


def test_dispersion_by_hand() -> None:
    """Days 2, 6 (mean 4): (4 + 4) / 4 = 2 over one degree; days 3, 3, 3: 0 over two. Together 2 / 3, so Poisson: 1.

    Days 0 is no day worked. With 1, 9 (mean 5): (16 + 16) / 5 = 6.4; and 2, 6: 2. Together 8.4 / 2 = 4.2.
    """
    assert dispersion(np.array([8.0, 9]), np.array([40.0, 27]), np.array([2.0, 3])) == 1.0
    assert dispersion(np.array([10.0, 8]), np.array([82.0, 40]), np.array([2.0, 2])) == pytest.approx(4.2)
    assert dispersion(np.array([4.0]), np.array([16.0]), np.array([1.0])) == 1.0


def test_usual_log_odds_are_the_penalised_maximum() -> None:
    """Found by another program's minimiser from the definition."""
    levels = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]])
    rows, hits = np.array([50.0, 20, 30, 8, 3]), np.array([40.0, 12, 12, 2, 3])
    design = np.array([[1, a == 0, a == 1, a == 2, b == 0, b == 1] for a, b in levels], float)
    n, yes = rows + rows / 111, hits + rows / 222

    def loss(beta: Numbers) -> float:
        odds = design @ beta
        return float(-(yes * odds - n * np.logaddexp(0, odds)).sum() + (beta[1:] ** 2).sum() / 2)

    wanted = design @ minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-9}).x
    assert usual_log_odds(levels, rows, hits) == pytest.approx(wanted, abs=1e-3)


def test_usual_log_odds_without_a_mix_are_those_of_all_rows() -> None:
    """60 of 100 and half of one more: 60.5 of 101, odds 60.5 to 40.5."""
    found = usual_log_odds(np.zeros((1, 0), int), np.array([100.0]), np.array([60.0]))
    assert found == pytest.approx([np.log(60.5 / 40.5)])
