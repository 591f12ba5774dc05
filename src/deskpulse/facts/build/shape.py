"""Facts in the shape they are declared in: names, order and types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from deskpulse.errors import DeclarationError
from deskpulse.facts.build.columns import NONE, arrow
from deskpulse.facts.build.money import AMOUNT, of_units
from deskpulse.metrics.fact import Fact, Kind, Table

IBIS_TYPES: dict[Kind, str] = {
    "text": "string",
    "instant": "timestamp",
    "seconds": "int64",
    "integer": "int64",
    "number": "float64",
    "money": "decimal(18, 4)",
    "flag": "boolean",
}


ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "instant": pa.timestamp("us"),
    "seconds": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}


def shaped(rows: Table, fact: Fact) -> Table:
    """An expression's declared columns in their order and types; a partner nobody looked up is unknown."""
    unknown = {name: ibis.null("string") for name in fact.partners if name not in rows.columns}
    columns = {name: unknown[name] if name in unknown else rows[name] for name in fact.columns}
    return rows.select(**{name: value.cast(IBIS_TYPES[fact.columns[name].kind]) for name, value in columns.items()})


def empty(fact: Fact) -> pa.Table:
    """The declared columns without a row."""
    kinds = {
        name: AMOUNT if column.kind == "money" else ARROW_TYPES[column.kind] for name, column in fact.columns.items()
    }
    return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})


def filled(columns: Mapping[str, Any], fact: Fact) -> pa.Table:
    """Arrays as an Arrow table: whole numbers with NONE for null, others with NaN, masks, Arrow text as it is."""
    missing = [name for name in fact.columns if name not in columns]
    if missing:
        raise DeclarationError(f"The builder of the fact '{fact.name}' does not compute {', '.join(missing)}: add it.")
    return pa.table({name: _typed(columns[name], column.kind) for name, column in fact.columns.items()})


def _typed(values: Any, kind: Kind) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if kind == "flag":
        return arrow(values)
    known = ~np.isnan(values) if values.dtype.kind == "f" else values != NONE
    if kind == "instant":
        return arrow(values * 1_000_000, known).view(pa.timestamp("us"))
    array = arrow(values, known)
    if kind == "money":
        return of_units(array)
    return array.cast(pa.float64()) if kind == "number" else array
