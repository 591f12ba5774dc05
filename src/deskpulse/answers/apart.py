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
from deskpulse.store.compiled import fetch_rows

TIME = "time"
UNITS = {"day": "D", "month": "M"}
ONE_SIDE = "of a time of which the other side is unknown"
Times = Mapping[datetime | None, Group]


def apart(plan: Plan, backend: Any) -> Groups:
    """Both sides of every group, brought together only after each was added up. ``plan`` is of a quotient."""
    assert isinstance(plan.measure, Quotient)
    tops, bottoms = (_in_times(part, plan.measure.in_times, backend) for part in plan.parts)
    both = _both if plan.measure.only_both else _either
    return {key: both(tops.get(key, {}), bottoms.get(key, {})) for key in {**bottoms, **tops}}


def _in_times(part: Plan, unit: str | None, backend: Any) -> Mapping[Key, Times]:
    where = scope(part, backend, is_open=True)
    if isinstance(part.measure, Census):
        return {key: {None: _standing(group, part.measure.per_unit)} for key, group in standing(where).items()}
    found = fetch_rows(backend, ("in times", unit, where.key), lambda: _added_up(where, unit), where.blanks)
    by_time: dict[datetime | None, list[dict[str, Any]]] = {}
    for row in found:
        by_time.setdefault(row.pop(TIME, None), []).append(row)
    times: dict[Key, dict[datetime | None, Group]] = {}
    for time, of_time in by_time.items():
        for key, group in grouped(where, of_time).items():
            times.setdefault(key, {})[time] = _in_wholes(group, part.measure.per_unit)
    return times


def _in_wholes(group: Group, per_unit: int) -> Group:
    return Group(sums={**group.sums, "amount": group.sums["amount"] / per_unit}, left_out=group.left_out)


def _standing(group: Group, per_unit: int) -> Group:
    amount = group.sums.get("total", group.sums["n"]) / per_unit
    return Group(sums={"n": group.sums["n"], "amount": amount}, left_out=group.left_out)


def _added_up(where: Scope, unit: str | None) -> Table:
    table, keys = rows(where), list(where.keys)
    if unit:
        local = local_time(table[where.plan.moment.name], where.pieces)
        table, keys = table.mutate(**{TIME: local.truncate(UNITS[unit])}), [*keys, TIME]
    value = table["value"]
    return table.aggregate(by=keys, n=value.count(), amount=value.sum(), **reason_counts(where, table))


def _both(top: Times, bottom: Times) -> Group:
    """Of the times both sides have something of; what lies outside is left out for the side that is missing."""
    shared = {time for time in bottom if time in top and bottom[time].sums["n"] and top[time].sums["n"]}
    found = _either(*({time: group for time, group in side.items() if time in shared} for side in (top, bottom)))
    alone = sum(int(group.sums["n"]) for time, group in bottom.items() if time not in shared)
    reasons = [group.left_out for time, group in bottom.items() if time not in shared]
    left_out = sum((Counter(reason) for reason in reasons), Counter(found.left_out))
    return Group(sums=found.sums, left_out={**left_out, **({ONE_SIDE: alone} if alone else {})})


def _either(top: Times, bottom: Times) -> Group:
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
