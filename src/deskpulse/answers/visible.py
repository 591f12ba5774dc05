"""Which tickets someone bound by row rules may see: those their team, partner or self had a part in."""

from __future__ import annotations

from functools import reduce
from operator import or_

from deskpulse.answers.question import Filter
from deskpulse.facts import ticket
from deskpulse.metrics.fact import Table


def visible(tickets: Table, rules: tuple[Filter, ...]) -> Table:
    """The rows of the fact of tickets that every rule lets through, whichever of its moments is credited."""
    for rule in rules:
        columns = [tickets[name] for name in credited(rule.dimension)]
        tickets = tickets.filter(reduce(or_, (column.isin(rule.values).fill_null(False) for column in columns)))
    return tickets


def credited(dimension: str) -> tuple[str, ...]:
    """The columns of a ticket that name its agents, teams or partners, or the dimension's own."""
    named = (getattr(moment, dimension, None) for moment in ticket.FACT.moments.values())
    known = tuple(dict.fromkeys(name for name in named if isinstance(name, str)))
    return known if dimension in ("agent", "team", "partner") else (ticket.FACT.dimensions[dimension],)
