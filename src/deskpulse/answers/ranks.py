"""Which sorted values a quantile and its interval need, for a number and for an expression."""

from __future__ import annotations

from functools import cache

import ibis

from deskpulse.metrics.fact import Value
from deskpulse.metrics.interval import Z, quantile_position, quantile_ranks
from deskpulse.store.quantile import Ranks


@cache
def ranks_of(q: float) -> Ranks:
    """The ranks of the q-quantile: those it lies between, and those that bound it (0 where the sample has none)."""
    return Ranks(of=lambda n: _of(n, q), expression=lambda n: _expression(n, q))


def _of(n: int, q: float) -> dict[str, int]:
    below = quantile_position(n, q)[0] if n else 0
    low, high = quantile_ranks(n, q)
    return {"below": below, "above": min(below + 1, n), "low": low or 0, "high": high or 0}


def _expression(n: Value, q: float) -> dict[str, Value]:
    share, half = ibis.literal(q, "float64"), ibis.literal(0.5, "float64")
    rows = n.cast("float64")
    margin = ibis.literal(Z, "float64") * (rows * share * (1 - share)).sqrt()
    below = ((rows - 1) * share).floor().cast("int64") + 1
    return {
        "below": below,
        "above": ibis.least(below + 1, n),
        "low": (rows * share - margin + half).floor().cast("int64"),
        "high": (rows * share + 1 + margin + half).floor().cast("int64"),
    }
