"""What an engine returned for one bucket and one set of dimension values, before it becomes a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskpulse.answers.scope import BUCKET, Scope, label
from deskpulse.metrics.interval import NOTHING, Estimate
from deskpulse.time.zone import to_utc

# The start of the bucket (an instant in UTC; null without a grain) and the dimensions' values.
Key = tuple[datetime | None, tuple[str | None, ...]]
MAY_BE_NULL = ("low", "high")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sums, why rows were left out, and, once estimated, the value."""

    sums: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    estimate: Estimate = NOTHING


Groups = Mapping[Key, Group]
INSTANT = "instant"


def grouped(
    scope: Scope, found: Iterable[Mapping[str, Any]], starts: Sequence[datetime | None] | None = None
) -> dict[Key, Group]:
    """An engine's rows by key. Where ``starts`` is given, a row has the place of its own there."""
    return {
        (_start(scope, row) if starts is None else starts[row[INSTANT]], _labels(scope, row)): _group(scope, row)
        for row in found
    }


def labelled(scope: Scope, row: Mapping[str, Any]) -> Key:
    """The key of an engine's row."""
    return _start(scope, row), _labels(scope, row)


def _labels(scope: Scope, row: Mapping[str, Any]) -> tuple[str | None, ...]:
    names = zip(scope.dimensions, scope.plan.question.by, strict=True)
    return tuple(label(name, row[column]) for column, name in names)


def _start(scope: Scope, row: Mapping[str, Any]) -> datetime | None:
    bucket: datetime | None = row.get(BUCKET)
    if bucket is None or scope.plan.question.grain == "hour":
        return bucket
    return to_utc(bucket, scope.plan.question.zone)


def _group(scope: Scope, row: Mapping[str, Any]) -> Group:
    keys = {*scope.keys, INSTANT}
    sums = {name: _number(name, value) for name, value in row.items() if name not in keys and name[:5] != "left_"}
    counts = {reason: int(row.get(f"left_{n}") or 0) for n, reason in enumerate(scope.reasons, 1)}
    return Group(sums=sums, left_out={reason: count for reason, count in counts.items() if count})


def _number(name: str, value: Any) -> Any:
    return None if value is None and name in MAY_BE_NULL else float(value or 0)
