"""The two sides of a quotient: each added up by its own moment, and per day or month where that gives the interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskpulse.answers.census import standing
from deskpulse.answers.group import Group, Groups, Key, grouped
from deskpulse.answers.local import local_time
from deskpulse.answers.plan import Plan
from deskpulse.answers.scope import Scope, reason_counts, rows, scope
from deskpulse.metrics.fact import Table
from deskpulse.metrics.measure import Census, Quotient
from deskpulse.store.compiled import fetch

TIME = "time"
UNITS = {"day": "D", "month": "M"}
Times = Mapping[datetime | None, Group]


def apart(plan: Plan, backend: Any) -> Groups:
    """Both sides of every group, brought together only after each was added up. ``plan`` is of a quotient."""
    assert isinstance(plan.measure, Quotient)
    tops, bottoms = (_in_times(part, plan.measure.varies_by, backend) for part in plan.parts)
    return {key: _quotient(tops.get(key, {}), bottoms.get(key, {})) for key in {**bottoms, **tops}}


def _in_times(part: Plan, varies_by: str | None, backend: Any) -> Mapping[Key, Times]:
    where = scope(part, backend)
    if isinstance(part.measure, Census):
        return {key: {None: _standing(group)} for key, group in standing(where).items()}
    found = fetch(backend, ("in times", varies_by, part.key), lambda: _added_up(where, varies_by)).to_pylist()
    by_time: dict[datetime | None, list[dict[str, Any]]] = {}
    for row in found:
        by_time.setdefault(row.pop(TIME, None), []).append(row)
    times: dict[Key, dict[datetime | None, Group]] = {}
    for time, of_time in by_time.items():
        for key, group in grouped(where, of_time).items():
            times.setdefault(key, {})[time] = group
    return times


def _standing(group: Group) -> Group:
    return Group(sums={"n": group.sums["n"], "amount": group.sums["n"]}, left_out=group.left_out)


def _added_up(where: Scope, varies_by: str | None) -> Table:
    table, keys = rows(where), list(where.keys)
    if varies_by:
        local = local_time(table[where.plan.moment.name], where.pieces)
        table, keys = table.mutate(**{TIME: local.truncate(UNITS[varies_by])}), [*keys, TIME]
    value = table["value"]
    return table.aggregate(by=keys, n=value.count(), amount=value.sum(), **reason_counts(where, table))


def _quotient(top: Times, bottom: Times) -> Group:
    pairs = [(_amount(top.get(time)), _amount(bottom.get(time))) for time in {**top, **bottom}]
    sums = {
        "numerator": sum(x for x, _ in pairs),
        "denominator": sum(y for _, y in pairs),
        "n": sum(group.sums["n"] for group in bottom.values()),
        "clusters": len(pairs),
        "x": sum(x for x, _ in pairs),
        "y": sum(y for _, y in pairs),
        "xx": sum(x * x for x, _ in pairs),
        "xy": sum(x * y for x, y in pairs),
        "yy": sum(y * y for _, y in pairs),
    }
    left_out: Counter[str] = Counter()
    for group in bottom.values():
        left_out.update(group.left_out)
    return Group(sums=sums, left_out=left_out)


def _amount(group: Group | None) -> float:
    return group.sums["amount"] if group else 0.0
