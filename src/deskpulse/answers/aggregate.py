"""Sums per bucket and dimension, on any engine: over rows, over days or clusters, at ranks, or at instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deskpulse.answers.apart import apart
from deskpulse.answers.census import standing
from deskpulse.answers.group import Group, Groups, Key, grouped
from deskpulse.answers.lifetimes import lifetimes
from deskpulse.answers.plan import Plan
from deskpulse.answers.ranking import ranked_groups, strata_names
from deskpulse.answers.ranks import ranks_of
from deskpulse.answers.scope import CODE, SINCE, Scope, reason_counts, rows, scope
from deskpulse.metrics.fact import Table, Value
from deskpulse.metrics.measure import QUANTILES, Census, Composition, LifetimeValue, Quotient, Ranking
from deskpulse.store.compiled import fetch_rows
from deskpulse.store.quantile import ranked_values

APART = (Quotient, Census, LifetimeValue)
"""What is added up in ways of its own, each period by itself."""


def aggregate(plan: Plan, backend: Any) -> Groups:
    """The sums of every group that has rows."""
    if isinstance(plan.measure, Quotient):
        return apart(plan, backend)
    where = scope(plan, backend, is_open=True)
    if isinstance(plan.measure, Census):
        return standing(where)
    if isinstance(plan.measure, LifetimeValue):
        return lifetimes(where)
    return read(where, _found(where))


def aggregate_both(plan: Plan, before: Plan, backend: Any) -> tuple[Groups, Groups]:
    """The sums of a period and of the one before it: from one look at the rows where one ends as the other begins."""
    if before.start is None or before.end != plan.start or isinstance(plan.measure, APART):
        return aggregate(plan, backend), aggregate(before, backend)
    where = scope(replace(plan, start=before.start), backend, is_open=True, turn=plan.start)
    found = _found(where)
    now, then = ([row for row in found if row[SINCE] == side] for side in (1, 0))
    return read(where, now), read(where, then)


def _found(where: Scope) -> list[dict[str, Any]]:
    return _at_ranks(where) if where.plan.statistic in QUANTILES else summed(where)


def summed(where: Scope) -> list[dict[str, Any]]:
    """An engine's rows of sums."""
    return fetch_rows(where.backend, ("summed", where.key), lambda: _summed(where), where.blanks)


def read(where: Scope, found: list[dict[str, Any]]) -> Groups:
    """The groups of an engine's rows of sums."""
    if isinstance(where.plan.measure, Ranking):
        return ranked_groups(where, found)
    groups = grouped(where, found)
    return _of_their_whole(groups) if isinstance(where.plan.measure, Composition) else groups


def _at_ranks(where: Scope) -> list[dict[str, Any]]:
    plan = where.plan
    return ranked_values(
        where.backend,
        where.key,
        lambda: rows(where),
        blanks=where.blanks,
        keys=where.keys,
        sums=lambda table: reason_counts(where, table),
        ranks=ranks_of(QUANTILES[plan.statistic]),
    )


def _summed(where: Scope) -> Table:
    table = rows(where)
    within = where.plan.measure.within
    if within is None:
        sums = {**where.plan.measure.sums(table), **reason_counts(where, table), **_people(where, table)}
        return table.aggregate(by=[*where.keys, *strata_names(where.plan.measure)], **sums)
    inner = table.aggregate(by=[*where.keys, within], **where.plan.measure.level(table), **reason_counts(where, table))
    ordered = where.plan.measure.in_order(inner, where.keys)
    left = {name: ordered[name].sum() for name in ordered.columns if name.startswith("left_")}
    return ordered.aggregate(by=list(where.keys), **where.plan.measure.sums(ordered), **left)


def _people(where: Scope, table: Table) -> dict[str, Value]:
    """How many different people stand behind a value that needs some."""
    least = where.plan.measure.least
    return {"people": table[least.of.name].nunique(where=table[CODE] == 0)} if least else {}


def _of_their_whole(found: Mapping[Key, Group]) -> Groups:
    wholes: dict[Any, float] = {}
    for (start, _), group in found.items():
        wholes[start] = wholes.get(start, 0) + group.sums["n"]
    return {
        key: Group(sums={**group.sums, "of": wholes[key[0]]}, left_out=group.left_out) for key, group in found.items()
    }
