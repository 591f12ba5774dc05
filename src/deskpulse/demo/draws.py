"""Random draws that several parts of the invented company share."""

from __future__ import annotations

import numpy as np

from deskpulse.demo.threads import Ints, Numbers


def around(rng: np.random.Generator, size: int, median: Ints | Numbers | float, spread: float) -> Ints:
    """Log-normal seconds around a median."""
    drawn: Numbers = np.exp(spread * rng.standard_normal(size)) * median
    return drawn.astype(np.int64) + 1


def one_of(rng: np.random.Generator, shares: Numbers) -> Ints:
    """A column for each row of ``shares``, drawn with the row's probabilities (which add up to 1)."""
    drawn: Ints = (rng.random(len(shares))[:, None] > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)
    return drawn
