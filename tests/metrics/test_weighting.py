"""Weights: by hand, and held against scipy and an iteration written another way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from deskpulse.metrics import interval, weighting


def test_equal_weights_change_nothing() -> None:
    """Ten answers of weight 2, seven of them yes, are ten answers."""
    found = weighting.weighted_share(14, 20, 40, 10)
    plain = interval.wilson(7, 10)
    assert (found.value, found.low, found.high, found.n) == pytest.approx((0.7, plain.low, plain.high, 10))
    net, bare = weighting.weighted_net(14, 4, 20, 40, 10), interval.bonett_price(7, 2, 10)
    assert (net.value, net.low, net.high, net.n) == pytest.approx((0.5, bare.low, bare.high, 10))


def test_effective_size_by_hand() -> None:
    """Weights 3, 1, 1: (3 + 1 + 1)^2 / (9 + 1 + 1) = 25 / 11."""
    assert weighting.effective_size(5, 11) == pytest.approx(25 / 11)
    assert weighting.effective_size(0, 0) == 0
    assert weighting.weighted_share(0, 0, 0, 0) == interval.NOTHING
    assert weighting.weighted_net(0, 0, 0, 0, 0) == interval.NOTHING


def test_one_margin_is_post_stratification() -> None:
    """Three of group 0 and one of group 1, in a population half and half: each group gets 2 of 4."""
    weights = weighting.rake(np.ones(4), [np.array([0, 0, 0, 1])], [{0: 50, 1: 50}])
    assert weights.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_a_group_the_sample_lacks_leaves_its_part_to_the_others() -> None:
    """Group 2 has half of the population and no answer: 0 and 1 have a quarter each, and share all of it evenly."""
    weights = weighting.rake(np.ones(3), [np.array([0, 0, 1])], [{0: 0.25, 1: 0.25, 2: 0.5}])
    assert weights.tolist() == pytest.approx([0.75, 0.75, 1.5])


def test_two_margins_hold_at_once_and_are_those_of_least_divergence() -> None:
    """The raked table has both margins and, of all that have, the least Kullback-Leibler divergence (scipy)."""
    table = np.array([[40.0, 10.0], [20.0, 30.0]])
    first = np.array([0, 0, 1, 1])
    second = np.array([0, 1, 0, 1])
    rows, columns = {0: 0.3, 1: 0.7}, {0: 0.6, 1: 0.4}
    found = weighting.rake(table.ravel(), [first, second], [rows, columns]).reshape(2, 2)
    assert found.sum(axis=1).tolist() == pytest.approx([30, 70])
    assert found.sum(axis=0).tolist() == pytest.approx([60, 40])

    def divergence(corner: float) -> float:
        free = np.array([[corner, 30 - corner], [60 - corner, 10 + corner]])
        return float((free * np.log(free / table)).sum())

    best = optimize.minimize_scalar(divergence, bounds=(1e-6, 30 - 1e-6), method="bounded", options={"xatol": 1e-10})
    assert found[0, 0] == pytest.approx(best.x, abs=1e-5)


def test_intervals_cover_what_they_should_where_answers_are_uneven() -> None:
    """Two groups that answer 60 % and 6 % of the time, content 90 % and 50 %: the truth is 70 %.

    Post-stratified intervals hold it in at least 92 of 100 samples, unweighted ones hardly ever.
    """
    rng = np.random.default_rng(7)
    weighted = plain = 0
    for _ in range(1000):
        given = [rng.binomial(1000, 0.6), rng.binomial(1000, 0.06)]
        hits = [rng.binomial(given[0], 0.9), rng.binomial(given[1], 0.5)]
        squares = sum(1000 * 1000 / n for n in given)
        found = weighting.weighted_share(
            sum(1000 * h / n for h, n in zip(hits, given, strict=True)), 2000, squares, 660
        )
        bare = interval.wilson(sum(hits), sum(given))
        assert found.low is not None and found.high is not None and bare.low is not None and bare.high is not None
        weighted += found.low <= 0.7 <= found.high
        plain += bare.low <= 0.7 <= bare.high
    assert weighted >= 920
    assert plain <= 20
