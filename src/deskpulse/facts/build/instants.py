"""Instants as whole seconds while facts are built, and back to timestamps when they are done."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt

from deskpulse.metrics.fact import Table, Value

SEQUENCES = 1_000_000


@ibis.udf.agg.builtin(name="max_by")
def last_by(value: dt.String, order: dt.Int64) -> dt.String:  # type: ignore[empty-body]
    """The value of the row with the highest order."""


@ibis.udf.agg.builtin(name="min_by")
def first_by(value: dt.String, order: dt.Int64) -> dt.String:  # type: ignore[empty-body]
    """The value of the row with the lowest order."""


@ibis.udf.scalar.builtin(name="array_distinct")
def distinct(values: dt.Array[dt.String]) -> dt.Array[dt.String]:  # type: ignore[empty-body]
    """The different values of an array (Ibis 12's own uses a lambda arrow that DuckDB 2 refuses)."""


def seconds(instant: Value) -> Value:
    """A timestamp as whole seconds since 1970, UTC."""
    return instant.epoch_seconds().cast("int64")


def moment(epoch: Value) -> Value:
    """Whole seconds since 1970 as a timestamp, UTC."""
    return ibis.timestamp("1970-01-01 00:00:00") + epoch.as_interval("s")


def order_of(epoch: Value, seq: Value) -> Value:
    """One number that sorts what happened by instant, then by sequence (up to a million in one second)."""
    return epoch * SEQUENCES + ibis.least(seq.fill_null(0), SEQUENCES - 1)


def elapsed(start: Value, end: Value) -> Value:
    """``end - start``; null where either is or where it would be negative (a broken record, not a short wait)."""
    return (end >= start).ifelse(end - start, ibis.null("int64"))


def either(*values: Any) -> Value:
    """The first value that is known and not empty."""
    return ibis.coalesce(*(value.nullif("") for value in values))


def pick(table: Table, *names: str, **renamed: str) -> Table:
    """Columns by name, and others under a new name."""
    return table.select(*names, **{new: table[old] for new, old in renamed.items()})
