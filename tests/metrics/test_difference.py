"""Differences: Newcombe's own example, a difference of means, unbounded sides, several tests at once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deskpulse.metrics.difference import difference, discoveries
from deskpulse.metrics.interval import NOTHING, Estimate, mean, wilson


def test_newcombes_first_example() -> None:
    """56 of 70 less 48 of 80: 0.0524 to 0.3339 by method 10, table II of the paper."""
    found = difference(wilson(56, 70), wilson(48, 80))
    assert found.value == pytest.approx(0.2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert found.p < 0.05


def test_p_is_below_5_percent_exactly_when_the_interval_excludes_nought() -> None:
    for hits in range(21):
        found = difference(wilson(hits, 20), wilson(10, 20))
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_difference_of_two_estimates_by_hand() -> None:
    # 10 (8 to 13) less 4 (3 to 5): down sqrt(2^2 + 1^2), up sqrt(3^2 + 1^2).
    after = Estimate(value=10, low=8, high=13, n=9)
    before = Estimate(value=4, low=3, high=5, n=9)
    found = difference(after, before)
    assert (found.value, found.low, found.high) == (
        6,
        pytest.approx(6 - math.sqrt(5)),
        pytest.approx(6 + math.sqrt(10)),
    )


def test_what_cannot_be_judged_is_null() -> None:
    bounded = Estimate(value=10, low=8, high=13, n=9)
    without_limits = Estimate(value=4, low=None, high=None, n=3)
    assert difference(bounded, without_limits).p is None
    assert difference(bounded, NOTHING) is None


def test_equal_shares_differ_by_nothing() -> None:
    assert difference(wilson(5, 10), wilson(5, 10)).p == 1


def test_two_means_are_called_different_by_chance_in_about_5_of_100() -> None:
    samples = np.random.default_rng(5).normal(10, 3, size=(3000, 2, 20))
    found = [difference(*(mean(s.sum(), (s * s).sum(), 20) for s in pair)) for pair in samples]
    assert 0.02 <= np.mean([d.p < 0.05 for d in found]) <= 0.07


def test_benjamini_and_hochberg_by_hand() -> None:
    # Bounds .0125 .025 .0375 .05: .03 and .04 lie above theirs, so only .01 stands.
    assert discoveries([0.01, 0.04, 0.03, 0.5]) == (True, False, False, False)
    # .035 <= .0375 stands, and takes the two smaller ones along though .027 > .025.
    assert discoveries([0.035, 0.01, 0.027, 0.2]) == (True, True, True, False)
    assert discoveries([None, 0.04]) == (None, True)
    assert discoveries([]) == ()
