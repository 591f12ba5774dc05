"""Exact quantiles: the fast way and the portable one find the same values, and numpy finds them too."""

from __future__ import annotations

from collections import defaultdict

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.answers.ranks import ranks_of
from deskpulse.facts import ticket
from deskpulse.metrics.interval import quantile_position, quantile_ranks
from deskpulse.metrics.measure import Count, Share, Spread
from deskpulse.store.quantile import _with_ranks, ranked_values

from .conftest import Desk

GROUPS = st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 50)), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(rows=GROUPS, q=st.sampled_from([0.5, 0.9, 0.95]))
def test_both_ways_find_what_sorting_finds(rows: list[tuple[str, int | None]], q: float) -> None:
    backend = ibis.duckdb.connect()
    values = pa.array([value for _, value in rows], pa.float64())
    table = backend.create_table("t", pa.table({"g": [group for group, _ in rows], "value": values}))
    how = {"keys": ["g"], "sums": lambda t: {"rows": t.count()}, "ranks": ranks_of(q)}
    fast = ranked_values(backend, "question", lambda: table, **how)
    portable = backend.to_pyarrow(_with_ranks(table, **how)).to_pylist()
    expected = _sorted(rows, q)
    assert {row["g"]: row for row in fast} == expected
    assert {row["g"]: row for row in portable} == expected


def _sorted(rows: list[tuple[str, int | None]], q: float) -> dict[str, dict[str, object]]:
    groups: dict[str, list[int | None]] = defaultdict(list)
    for group, value in rows:
        groups[group].append(value)
    return {group: {"g": group, "rows": len(values)} | _picked(values, q) for group, values in groups.items()}


def _picked(values: list[int | None], q: float) -> dict[str, float | None]:
    known = sorted(value for value in values if value is not None)
    n = len(known)
    if n == 0:
        return {"n": 0, "below": None, "above": None, "low": None, "high": None}
    below, _ = quantile_position(n, q)
    low, high = quantile_ranks(n, q)
    return {
        "n": n,
        "below": known[below - 1],
        "above": known[min(below, n - 1)],
        "low": known[low - 1] if low else None,
        "high": known[high - 1] if high else None,
    }


@pytest.mark.parametrize("statistic", ["median", "p90", "p95"])
@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_an_answers_quantile_is_numpys(desk: Desk, n: int, statistic: str) -> None:
    seconds = np.random.default_rng(n).integers(0, 100_000, n)
    rows = [{"resolution_seconds": int(s), "solved_at": "2024-03-04 10:00:00"} for s in seconds]
    desk.load("ticket", rows)
    desk.declare(Spread(over=ticket.resolution, dated_by=ticket.solved_at))
    q = {"median": 0.5, "p90": 0.9, "p95": 0.95}[statistic]
    assert desk.ask(statistic=statistic).value == pytest.approx(np.quantile(seconds, q), abs=1e-9)


CHANNELS = st.sampled_from(["email", "chat", "web", None])
ROWS = st.lists(st.tuples(CHANNELS, st.integers(1, 28), st.booleans() | st.none()), min_size=1, max_size=40)


@settings(max_examples=10, deadline=None)
@given(rows=ROWS)
def test_parts_add_up_to_the_whole(rows: list[tuple[str | None, int, bool | None]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        desk = Desk(patch)
        dated = [{"channel": c, "created_at": f"2024-03-{day:02d} 10:00:00", "is_solved": s} for c, day, s in rows]
        desk.load("ticket", dated)
        desk.declare(Share(where=ticket.is_solved, dated_by=ticket.created_at), count=Count(dated_by=ticket.created_at))
        for variant in ("v", "count"):
            parts = desk.ask(variant=variant, by=("channel",), grain="week", zone="Asia/Kolkata").rows
            assert sum(row.n for row in parts) == desk.ask(variant=variant).rows[0].n == len(rows)
