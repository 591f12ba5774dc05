"""The values at given ranks of every group: exactly, on every engine, and fast on the embedded one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from deskpulse.store.blanks import Blanks
from deskpulse.store.compiled import fetch

Table = Any
Sums = Callable[[Table], Mapping[str, Any]]
LISTED = "listed_values"
# Engines that give a group's values as a list for about the price of their mean.
LISTING = ("duckdb",)


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """Which of n sorted values are wanted, by name; ranks count from 1, and one outside 1..n has no value.

    ``of`` says it for a number, ``expression`` the same for an ibis integer column.
    """

    of: Callable[[int], Mapping[str, int]]
    expression: Callable[[Any], Mapping[str, Any]]


def ranked_values(
    backend: Any,
    key: Hashable,
    build: Callable[[], Table],
    *,
    keys: Sequence[str],
    sums: Sums,
    ranks: Ranks,
    blanks: Blanks | None = None,
) -> list[dict[str, Any]]:
    """A row per group: its ``keys``, its ``sums``, ``n`` = its values that are not null, and the value at each rank.

    ``build`` makes the ibis table with the keys and a float64 column ``value``; ``blanks`` are what belongs into it.
    """
    if backend.name in LISTING:
        rows = fetch(backend, (key, "lists"), lambda: _with_lists(build(), keys, sums), blanks)
        return _picked(rows, ranks)
    rows = fetch(backend, (key, "ranks"), lambda: _with_ranks(build(), keys, sums, ranks), blanks)
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def _with_lists(table: Table, keys: Sequence[str], sums: Sums) -> Table:
    return table.aggregate(by=list(keys), **{**sums(table), LISTED: table["value"].collect()})


def _picked(rows: pa.Table, ranks: Ranks) -> list[dict[str, Any]]:
    """DuckDB gathers a group's values about as fast as it averages them; numpy finds the ranks among them."""
    found: list[dict[str, Any]] = rows.drop_columns([LISTED]).to_pylist()
    values = (listed for chunk in rows[LISTED].chunks for listed in chunk)
    return [row | _at_ranks(listed.values, ranks) for row, listed in zip(found, values, strict=True)]


def _at_ranks(listed: pa.Array | None, ranks: Ranks) -> dict[str, Any]:
    import numpy as np

    n = 0 if listed is None else len(listed)
    wanted = {name: rank for name, rank in ranks.of(n).items() if 1 <= rank <= n}
    at: dict[str, Any] = dict.fromkeys(ranks.of(n))
    if wanted and listed is not None:
        # numpy 2 sorts with vector instructions: faster than looking for a few ranks.
        ordered = np.sort(_floats(listed))
        at |= {name: float(ordered[rank - 1]) for name, rank in wanted.items()}
    return at | {"n": n}


def _floats(listed: pa.Array) -> Any:
    """The numbers of an array without nulls, read in place: ``to_numpy`` would import pandas, a fifth of a second."""
    import numpy as np

    return np.frombuffer(listed.buffers()[1], np.float64, count=len(listed), offset=8 * listed.offset)


def _with_ranks(table: Table, keys: Sequence[str], sums: Sums, ranks: Ranks) -> Table:
    counted = table.mutate(is_counted=table["value"].notnull().ifelse(1, 0))
    groups = [*keys, "is_counted"]
    numbered = counted.mutate(
        place=ibis.row_number().over(group_by=groups, order_by=counted["value"]) + 1,
        among=counted["value"].count().over(group_by=groups),
    )
    wanted = ranks.expression(numbered["among"])
    at = {
        name: ((numbered["is_counted"] == 1) & (numbered["place"] == rank)).ifelse(numbered["value"], None).max()
        for name, rank in wanted.items()
    }
    return numbered.aggregate(by=list(keys), **{**sums(numbered), **at, "n": numbered["is_counted"].sum()})
