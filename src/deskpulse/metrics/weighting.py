"""Weights of answers: intervals with an effective sample size, and weights that give a sample a make-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deskpulse.metrics.interval import NOTHING, Estimate, bonett_price, wilson

Weights = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
ROUNDS = 50


def effective_size(total: float, squares: float) -> float:
    """How many equally weighted answers say as much: (sum of weights)^2 / sum of squared weights.

    Kish, Survey Sampling (1965), section 11.7.
    """
    return total * total / squares if squares > 0 else 0.0


def weighted_share(hits: float, total: float, squares: float, n: int) -> Estimate:
    """A share of the weight ``total``: Wilson's interval with the effective size. ``n`` answers stand behind it."""
    size = effective_size(total, squares)
    return replace(wilson(size * hits / total, size), n=n) if size else NOTHING


def weighted_net(plus: float, minus: float, total: float, squares: float, n: int) -> Estimate:
    """A share less another of the weight ``total``: Bonett and Price's interval with the effective size."""
    size = effective_size(total, squares)
    return replace(bonett_price(size * plus / total, size * minus / total, size), n=n) if size else NOTHING


def rake(start: Weights, groups: Sequence[Codes], shares: Sequence[Mapping[int, float]]) -> Weights:
    """Weights whose groups have the ``shares`` of the population in every margin at once; their sum stays.

    Iterative proportional fitting: Deming and Stephan, Ann. Math. Stat. 11 (1940) 427-444. One margin is
    post-stratification. A group the sample lacks cannot be mended: the others share what it had.
    """
    weights, total = start.astype(np.float64), float(start.sum())
    for _ in range(ROUNDS):
        for group, share in zip(groups, shares, strict=True):
            present = {code: share[code] for code in np.unique(group).tolist() if code in share}
            for code, part in present.items():
                mine = group == code
                weights[mine] *= total * part / sum(present.values()) / weights[mine].sum()
    return weights
