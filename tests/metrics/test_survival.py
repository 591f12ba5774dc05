"""Lifetimes: worked by hand, and the survival curve held against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from deskpulse.metrics.survival import Lives, Terms, estimated, simple_value, survival, survival_value


def lives(*of: tuple[int, int, bool, float]) -> Lives:
    """Lives of (first month, last month, left in the last, margin per month)."""
    entry, last, left, margin = (np.array(column) for column in zip(*of, strict=True))
    months = (last - entry + 1).astype(float)
    return Lives(entry=entry, exit=last, months=months, left=left.astype(float), margin=margin * months)


# Three accounts from their first month: one leaves in the 1st, one in the 3rd, one pays still after the 3rd.
THREE = lives((1, 1, True, 10.0), (1, 3, True, 10.0), (1, 3, False, 10.0))
PLAIN = Terms(discount_rate=0.0, cap_months=60)


def test_survival_by_hand() -> None:
    """Of 3 one leaves: 2/3. In the 2nd month none. In the 3rd one of 2: 1/3."""
    assert survival(THREE, np.ones(3)) == pytest.approx([1, 2 / 3, 2 / 3, 1 / 3])


def test_survival_with_a_late_entry_by_hand() -> None:
    """An account that was two months old when the period began is at risk in its 3rd only: there 1 of 3 leaves."""
    both = lives((1, 3, True, 1.0), (1, 3, False, 1.0), (3, 3, False, 1.0))
    assert survival(both, np.ones(3)) == pytest.approx([1, 1, 1, 2 / 3])


def test_survival_is_scipys() -> None:
    random = np.random.default_rng(7)
    last = random.integers(1, 30, 400)
    left = random.random(400) < 0.6
    curve = stats.ecdf(stats.CensoredData(uncensored=last[left], right=last[~left])).sf
    found = survival(lives(*((1, int(m), bool(gone), 1.0) for m, gone in zip(last, left, strict=True))), np.ones(400))
    assert found[1:] == pytest.approx(curve.evaluate(np.arange(1, len(found))), abs=1e-12)


def test_value_by_hand() -> None:
    """10 a month x (1 + 2/3 + 2/3 + 1/3) = 26.67; capped at two months 16.67; discounted by 12 months' rate."""
    assert survival_value(THREE, np.ones(3), PLAIN) == pytest.approx(80 / 3)
    assert survival_value(THREE, np.ones(3), Terms(discount_rate=0.0, cap_months=2)) == pytest.approx(50 / 3)
    worth = 10 * (1 + 2 / 3 / 1.21 ** (1 / 12))
    assert survival_value(THREE, np.ones(3), Terms(discount_rate=0.21, cap_months=2)) == pytest.approx(worth)


def test_simple_value_by_hand() -> None:
    """70 of margin, two left: 35, which is 10 a month / (2 of 7 months)."""
    assert simple_value(THREE, np.ones(3), PLAIN) == pytest.approx(35)


def test_at_one_rate_of_leaving_both_agree() -> None:
    """10 % leave each month: 2 a month for 1 / .1 = 10 months; the curve lacks what lies beyond the 59th month."""
    standing = 0.9 ** np.arange(60)
    found = lives(*((1, age, True, 2.0) for age in range(1, 60)), (1, 59, False, 2.0))
    weights = np.append(standing[:-1] - standing[1:], standing[-1])
    terms = Terms(discount_rate=0.0, cap_months=200)
    assert simple_value(found, weights, terms) == pytest.approx(20)
    assert survival_value(found, weights, terms) == pytest.approx(20 * (1 - 0.9**60))


def test_nobody_left() -> None:
    """The simple value has none; the survival value is what was seen; one account gives no interval."""
    alone = lives((1, 4, False, 10.0))
    assert estimated(alone, PLAIN, "simple").value is None
    found = estimated(alone, PLAIN, "survival")
    assert (found.value, found.low, found.high, found.n) == (50, None, None, 1)


def test_the_interval_is_the_same_each_time_and_covers() -> None:
    """In 60 samples of 150 accounts, where one in eight leaves a month, the truth of the model lies in about 95 %.

    Margin 1, cap 12: sum of (7/8)^t for t of 0 to 11 = 8 (1 - (7/8)^12) = 6.388.
    """
    truth, hits = 8 * (1 - (7 / 8) ** 12), 0
    for seed in range(60):
        ages = np.minimum(np.random.default_rng(seed).geometric(1 / 8, 150), 20)
        found = estimated(
            lives(*((1, int(age), bool(age < 20), 1.0) for age in ages)),
            Terms(discount_rate=0.0, cap_months=12),
            "survival",
        )
        hits += found.low <= truth <= found.high
    assert 51 <= hits <= 60
    again = estimated(THREE, PLAIN, "survival")
    assert again == estimated(THREE, PLAIN, "survival")
