"""Instants as whole seconds while surveys and calls are put together, and back to timestamps when they are done."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt

from deskpulse.metrics.fact import Value

# Aggregates every engine has under this name; Ibis' own argmax sorts each group on DuckDB.
SIGNATURE = ((dt.string, dt.int64), dt.string)
_LAST: Any = ibis.udf.agg.builtin(name="max_by", signature=SIGNATURE)(lambda value, order: None)
_FIRST: Any = ibis.udf.agg.builtin(name="min_by", signature=SIGNATURE)(lambda value, order: None)


def last_by(value: Value, order: Value) -> Value:
    """The text of the row with the highest order."""
    return _LAST(value, order)


def first_by(value: Value, order: Value) -> Value:
    """The text of the row with the lowest order."""
    return _FIRST(value, order)


def seconds(instant: Value) -> Value:
    """A timestamp as whole seconds since 1970, UTC."""
    return instant.epoch_seconds().cast("int64")


def moment(epoch: Value) -> Value:
    """Whole seconds since 1970 as a timestamp, UTC."""
    return ibis.timestamp("1970-01-01 00:00:00") + epoch.as_interval("s")
