"""Rows of a fact as they are listed: those of a period that pass filters by dimension, hold words, and fit a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any

from deskpulse.answers.profile import NONE
from deskpulse.answers.question import Filter
from deskpulse.errors import AccessError, UnknownNameError
from deskpulse.language import named
from deskpulse.metrics.fact import Fact, Moment, Table


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What any list can be asked for: rows of a period (UTC) that pass filters and hold ``words``.

    ``rules`` hide what the one who asks may not see.
    """

    words: str = ""
    where: tuple[Filter, ...] = ()
    rules: tuple[Filter, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


def filtered(table: Table, fact: Fact, moment: Moment, where: Iterable[Filter], rules: Iterable[Filter] = ()) -> Table:
    """The rows that pass every filter; agent, team and partner are those credited for ``moment``.

    Raises UnknownNameError for a dimension the fact has none of, AccessError for a rule on one.
    """
    known = fact.dimension_names(moment)
    for rule in rules:
        if rule.dimension not in known:
            raise AccessError(
                "These are not known by %(dimension)s, and you may see your own only.",
                dimension=partial(named, rule.dimension),
            )
    for condition in (*where, *rules):
        if condition.dimension not in known:
            raise UnknownNameError(f"dimension of {fact.name}s", condition.dimension, known)
        table = table.filter(_passes(table[fact.dimension_column(condition.dimension, moment)], condition))
    return table


def _passes(column: Any, condition: Filter) -> Any:
    among = column.isin([value for value in condition.values if value != NONE]).fill_null(False)
    if NONE in condition.values:
        among = among | column.isnull()
    return ~among if condition.negated else among


def within(table: Table, moment: Moment, start: datetime | None, end: datetime | None) -> Table:
    """The rows whose moment lies in the period: start included, end not; null is without bound."""
    if start:
        table = table.filter(table[moment.name] >= start)
    return table.filter(table[moment.name] < end) if end else table


def holding(table: Table, words: str, columns: Iterable[str]) -> Table:
    """The rows with the words in one of the columns, in capitals or not; all where there are no words."""
    sought = words.strip().lower()
    if not sought:
        return table
    return table.filter(reduce(or_, (table[name].lower().contains(sought).fill_null(False) for name in columns)))


def paged(backend: Any, table: Table, most: int, after: int) -> list[dict[str, Any]]:
    """So many rows of a table in order, after so many."""
    found: list[dict[str, Any]] = backend.to_pyarrow(table.limit(most, offset=after)).to_pylist()
    return found


def counted(backend: Any, table: Table) -> int:
    """How many rows there are."""
    return int(backend.to_pyarrow(table.count()).as_py())
