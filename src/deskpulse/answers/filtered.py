"""Rows of a fact as they are listed: those of a period that pass filters by dimension."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deskpulse.answers.profile import NONE
from deskpulse.answers.question import Filter
from deskpulse.errors import AccessError, UnknownNameError
from deskpulse.metrics.fact import Fact, Moment, Table


def filtered(table: Table, fact: Fact, moment: Moment, where: Iterable[Filter], rules: Iterable[Filter] = ()) -> Table:
    """The rows that pass every filter; agent, team and partner are those credited for ``moment``.

    Raises UnknownNameError for a dimension the fact has none of, AccessError for a rule on one.
    """
    known = fact.dimension_names(moment)
    for rule in rules:
        if rule.dimension not in known:
            raise AccessError(f"These are not known by {rule.dimension}, and you may see your own only.")
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
