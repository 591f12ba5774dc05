"""Who works in support: the agents that tickets and days are credited to, and the ids that sources know them by."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ibis.common.exceptions import TableNotFound

from deskpulse.answers.profile import fact_table
from deskpulse.answers.question import Filter
from deskpulse.facts import agent_day, span
from deskpulse.metrics.fact import Fact, Moment, Table
from deskpulse.store.compiled import fetch, remembered

CREDITED: tuple[tuple[Fact, Moment], ...] = ((span.FACT, span.from_at), (agent_day.FACT, agent_day.day_at))


def agents(backend: Any, rules: tuple[Filter, ...] = ()) -> frozenset[str]:
    """The names of those who held a ticket, or worked a day, as what the rules ask for: of a team, of a partner."""
    found = remembered(backend, ("agents", rules), partial(_agents, backend, rules))
    return frozenset(found)


def _agents(backend: Any, rules: tuple[Filter, ...]) -> set[str]:
    return {name for fact, moment in CREDITED for name in _credited(backend, fact, moment, rules)}


def _credited(backend: Any, fact: Fact, moment: Moment, rules: tuple[Filter, ...]) -> Iterable[str]:
    def build() -> Table:
        table = fact_table(backend, fact)
        for rule in rules:
            table = table.filter(table[fact.dimension_column(rule.dimension, moment)].isin(rule.values))
        agent = table[fact.dimension_column("agent", moment)]
        return table.filter(agent.notnull()).select(agent=agent).distinct()

    names: list[str] = fetch(backend, ("agents of", fact.name, rules), build)["agent"].to_pylist()
    return names


def ids_of(backend: Any, names: frozenset[str]) -> frozenset[str]:
    """The ids that sources know these people by."""
    known: list[tuple[str, str]] = remembered(backend, ("ids of people",), partial(_people, backend))
    return frozenset(number for number, name in known if name in names)


def _people(backend: Any) -> list[tuple[str, str]]:
    try:
        table = backend.table("event_person")
    except TableNotFound:  # a source that names people nowhere but on tickets
        return []
    rows = backend.to_pyarrow(table.filter(table["name"].notnull()).select("source_id", "name").distinct())
    return [(row["source_id"], row["name"]) for row in rows.to_pylist()]
