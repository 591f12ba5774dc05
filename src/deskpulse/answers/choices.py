"""What tickets can be filtered by: the values each dimension has, among those someone may see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pyarrow as pa

from deskpulse.answers.profile import fact_table
from deskpulse.answers.question import Filter
from deskpulse.answers.visible import visible
from deskpulse.facts import ticket
from deskpulse.metrics.fact import Table
from deskpulse.store.compiled import fetch, remembered

DIMENSIONS = ("channel", "team", "partner", "topic", "priority")


def choices(backend: Any, rules: tuple[Filter, ...] = ()) -> Mapping[str, tuple[str, ...]]:
    """The values of each dimension that has several, in order; one that rules bind offers their values alone."""
    bound = {rule.dimension: rule.values for rule in rules}
    found = {name: bound.get(name) or _values(backend, name, rules) for name in DIMENSIONS}
    return {name: values for name, values in found.items() if len(values) > 1}


def _values(backend: Any, name: str, rules: tuple[Filter, ...]) -> tuple[str, ...]:
    return remembered(backend, ("choices", name, rules), partial(_sorted, backend, name, rules))


def _sorted(backend: Any, name: str, rules: tuple[Filter, ...]) -> tuple[str, ...]:
    rows: pa.Table = fetch(backend, ("choices of", name, rules), partial(_distinct, backend, name, rules))
    return tuple(sorted(rows[name].to_pylist()))


def _distinct(backend: Any, name: str, rules: tuple[Filter, ...]) -> Table:
    tickets = visible(fact_table(backend, ticket.FACT), rules)
    column = tickets[ticket.FACT.dimension_column(name, ticket.created_at)]
    return tickets.filter(column.notnull()).select(**{name: column}).distinct()
