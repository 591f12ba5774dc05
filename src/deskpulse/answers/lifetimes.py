"""Lifetime values: the engine gives each account's life, and each group's are put together here."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from deskpulse.answers.group import Group, Groups, Key, labelled
from deskpulse.answers.scope import CLUSTER, Scope, reason_counts, rows
from deskpulse.metrics.fact import Table
from deskpulse.metrics.measure import LifetimeValue
from deskpulse.store.compiled import fetch


def lifetimes(where: Scope) -> Groups:
    """The value of every group that has lives."""
    measure = where.plan.measure
    assert isinstance(measure, LifetimeValue)
    lives: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in fetch(where.backend, ("lives", where.key), lambda: _lives(where), where.blanks).to_pylist():
        lives[labelled(where, row)].append({name: value for name, value in row.items() if name not in where.keys})
    return {key: Group(sums=measure.of_lives(found), left_out=_left_out(where, found)) for key, found in lives.items()}


def _lives(where: Scope) -> Table:
    table = rows(where)
    parts = {**where.plan.measure.level(table), **reason_counts(where, table)}
    return table.aggregate(by=[*where.keys, CLUSTER], **parts)


def _left_out(where: Scope, found: list[dict[str, Any]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in found:
        counts.update({reason: int(row[f"left_{n}"]) for n, reason in enumerate(where.reasons, 1) if row[f"left_{n}"]})
    return dict(counts)
