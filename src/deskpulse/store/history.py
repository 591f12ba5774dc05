"""Carrying a history's last known values forward: a window Ibis 12 cannot express, since its ``last`` keeps nulls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis.expr.operations as ops
import sqlglot.expressions as sge


def carry_forward(
    table: Any, *, key: str, order: str, carried: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> Any:
    """The ibis table with its ``carried`` columns filled with their last known value, in ``order`` within each ``key``.

    Adds ``previous_<c>`` for each of ``before`` (the value carried up to the row before) and ``next_<c>`` for each of
    ``after`` (the plain value of the row after). One sort serves all windows.
    """
    window = f"partition by {_name(key)} order by {_name(order)}"
    upto = f"({window} rows between unbounded preceding and"
    columns = [_name(c) for c in table.columns if c not in carried]
    columns += [f"last_value({_name(c)} ignore nulls) over {upto} current row) as {_name(c)}" for c in carried]
    columns += [
        f"last_value({_name(c)} ignore nulls) over {upto} 1 preceding) as {_name('previous_' + c)}" for c in before
    ]
    columns += [f"lead({_name(c)}) over ({window}) as {_name('next_' + c)}" for c in after]
    return _view(table, f"select {', '.join(columns)} from history", carried, before, after)


def _view(table: Any, query: str, carried: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Any:
    """The query as a table. Its schema is stated: asking the engine for it fails with Ibis 12.0 on DuckDB 2.0."""
    types = table.schema()
    schema = {c: types[c] for c in table.columns if c not in carried} | {c: types[c] for c in carried}
    schema |= {f"previous_{c}": types[c] for c in before} | {f"next_{c}": types[c] for c in after}
    return ops.SQLStringView(parent=table.alias("history").op(), query=query, schema=schema).to_expr()


def _name(column: str) -> str:
    return sge.to_identifier(column, quoted=True).sql(dialect="duckdb")
