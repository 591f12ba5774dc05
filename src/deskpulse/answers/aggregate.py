"""Sums per bucket and dimension, on any engine: over rows, over days or clusters, at ranks, or at instants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskpulse.answers.apart import apart
from deskpulse.answers.census import standing
from deskpulse.answers.group import Group, Groups, Key, grouped
from deskpulse.answers.lifetimes import lifetimes
from deskpulse.answers.plan import Plan
from deskpulse.answers.ranking import ranked_groups, strata_names
from deskpulse.answers.ranks import ranks_of
from deskpulse.answers.scope import CODE, Scope, reason_counts, rows, scope
from deskpulse.metrics.fact import Table, Value
from deskpulse.metrics.measure import QUANTILES, Census, Composition, LifetimeValue, Quotient, Ranking
from deskpulse.store.compiled import fetch
from deskpulse.store.quantile import ranked_values


def aggregate(plan: Plan, backend: Any) -> Groups:
    """The sums of every group that has rows."""
    if isinstance(plan.measure, Quotient):
        return apart(plan, backend)
    where = scope(plan, backend, is_open=True)
    if isinstance(plan.measure, Census):
        return standing(where)
    if isinstance(plan.measure, LifetimeValue):
        return lifetimes(where)
    if plan.statistic in QUANTILES:
        return grouped(where, _at_ranks(where))
    return read(where, summed(where))


def summed(where: Scope) -> list[dict[str, Any]]:
    """An engine's rows of sums."""
    found: list[dict[str, Any]] = fetch(
        where.backend, ("summed", where.key), lambda: _summed(where), where.blanks
    ).to_pylist()
    return found


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
