"""How durations are spread: how many rows lie between one length of time and twice that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

import ibis

from deskpulse.answers.plan import plan
from deskpulse.answers.question import Question
from deskpulse.answers.scope import CODE, Scope, rows, scope
from deskpulse.metrics.fact import Table, Value
from deskpulse.metrics.measure import Spread
from deskpulse.store.compiled import fetch_rows

EDGES = (
    *(1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 900, 1800, 3600),
    *(3600 * hours for hours in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)),
)
"""Seconds; each about twice the one before, so that bins are of equal width on a log axis."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """How many rows took at least ``low`` and less than ``high`` seconds."""

    low: float
    high: float
    n: int


def distribution(question: Question, *, backend: Any) -> tuple[Bin, ...]:
    """The bins from the first to the last with a row; none for what is no duration. Raises what ``ask`` raises.

    The same rows count as for the value: filters, rules and what is left out hold.
    """
    found = plan(question)
    if not isinstance(found.measure, Spread) or found.measure.unit != "seconds" or found.measure.times:
        return ()
    where = scope(found, backend, is_open=True)
    counted = fetch_rows(backend, ("distribution", where.key), partial(_counted, where), where.blanks)
    return _bins({row["place"]: row["n"] for row in counted})


def _counted(where: Scope) -> Table:
    table = rows(where)
    kept = table.filter((table[CODE] == 0) & table["value"].notnull())
    return kept.group_by(place=_place(kept["value"])).aggregate(n=lambda rows: rows.count())


def _place(value: Value) -> Value:
    return ibis.cases(*((value < edge, place) for place, edge in enumerate(EDGES)), else_=len(EDGES))


def _bins(counts: dict[int, int]) -> tuple[Bin, ...]:
    bounds = (0, *EDGES, inf)
    if not counts:
        return ()
    places = range(min(counts), max(counts) + 1)
    return tuple(Bin(low=bounds[place], high=bounds[place + 1], n=counts.get(place, 0)) for place in places)
