"""Is a change more than noise? Differences of two independent estimates, with an interval and a p-value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse.metrics.interval import Estimate, Z


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much one estimate lies above another, with its 95 % interval; ``p`` is null when it cannot be judged."""

    value: float
    low: float | None
    high: float | None
    p: float | None


def difference(after: Estimate, before: Estimate) -> Difference | None:
    """``after`` less ``before``, for shares, means, quantiles, ratios and counts alike; null without two values.

    The squared distances from value to limit are recovered as variances and added, on each side by itself: for two
    shares this is Newcombe's method 10 (Stat. Med. 17 (1998) 873-890); for anything with an interval it is Zou and
    Donner's generalisation (Stat. Med. 27 (2008) 1693-1702). p is that of the side which faces zero, below 5 % exactly
    when the interval excludes zero.
    """
    if after.value is None or before.value is None:
        return None
    value = after.value - before.value
    down = _joined(_reach(after, below=True), _reach(before, below=False))
    up = _joined(_reach(after, below=False), _reach(before, below=True))
    return Difference(
        value=value,
        low=None if down is None else value - down,
        high=None if up is None else value + up,
        p=_p_value(value, down if value > 0 else up),
    )


def _reach(estimate: Estimate, *, below: bool) -> float | None:
    limit = estimate.low if below else estimate.high
    return None if limit is None or estimate.value is None else abs(estimate.value - limit)


def _joined(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else math.hypot(one, other)


def _p_value(value: float, margin: float | None) -> float | None:
    if margin is None:
        return None
    if value == 0:
        return 1.0
    return math.erfc(Z * abs(value) / margin / math.sqrt(2)) if margin > 0 else 0.0


def discoveries(p_values: Sequence[float | None], *, level: float = 0.05) -> tuple[bool | None, ...]:
    """Which of several tests stand when at most ``level`` of those that stand may be noise; null stays null.

    Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
    """
    known = sorted(p for p in p_values if p is not None)
    passed = [p for rank, p in enumerate(known, 1) if p <= level * rank / len(known)]
    bound = max(passed, default=-1.0)
    return tuple(None if p is None else p <= bound for p in p_values)
