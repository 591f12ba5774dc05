"""Finding tickets: by words, by dimension, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.answers.profile import NONE, fact_table
from deskpulse.answers.question import Filter
from deskpulse.answers.visible import visible
from deskpulse.errors import UnknownNameError
from deskpulse.facts import ticket
from deskpulse.metrics.fact import Table

SHOWN = ("ticket", "created_at", "solved_at", "channel", "topic", "priority", "status", "customer", "left_out")


@dataclass(frozen=True, kw_only=True)
class TicketSummary:
    """A ticket in a list; ``agent`` and ``team`` solved it, else they were its first."""

    ticket: str
    subject: str | None
    created_at: datetime
    solved_at: datetime | None
    channel: str | None
    topic: str | None
    priority: str | None
    status: str | None
    customer: str | None
    agent: str | None
    team: str | None
    left_out: str | None


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """Some of the tickets that were found, and how many there are in all."""

    rows: tuple[TicketSummary, ...]
    total: int


def find_tickets(
    backend: Any,
    *,
    words: str = "",
    where: tuple[Filter, ...] = (),
    rules: tuple[Filter, ...] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    most: int = 50,
    after: int = 0,
) -> TicketPage:
    """Tickets opened in the period (UTC), newest first, whose id, customer or subject holds ``words``.

    ``rules`` hide what the one who asks may not see. Raises UnknownNameError for a dimension there is none of.
    """
    table = visible(_with_subject(backend), rules)
    for condition in where:
        table = table.filter(_passes(table, condition))
    table = table.filter(*_within(table, start, end), *_holding(table, words))
    total = int(backend.to_pyarrow(table.count()).as_py())
    page = _summarised(table).order_by([ibis.desc("created_at"), "ticket"]).limit(most, offset=after)
    return TicketPage(rows=tuple(TicketSummary(**row) for row in backend.to_pyarrow(page).to_pylist()), total=total)


def _with_subject(backend: Any) -> Table:
    tickets = fact_table(backend, ticket.FACT)
    try:
        opened = backend.table("event_ticket").select("ticket_key", "subject")
    except TableNotFound:
        return tickets.mutate(subject=ibis.null("string"))
    return tickets.left_join(opened, "ticket_key").drop("ticket_key_right")


def _passes(table: Table, condition: Filter) -> Any:
    known = ticket.FACT.dimension_names(ticket.created_at)
    if condition.dimension not in known:
        raise UnknownNameError("dimension of tickets", condition.dimension, known)
    column = table[ticket.FACT.dimension_column(condition.dimension, ticket.created_at)]
    among = column.isin([value for value in condition.values if value != NONE]).fill_null(False)
    if NONE in condition.values:
        among = among | column.isnull()
    return ~among if condition.negated else among


def _within(table: Table, start: datetime | None, end: datetime | None) -> list[Any]:
    after = [table["created_at"] >= start] if start else []
    return [*after, *([table["created_at"] < end] if end else [])]


def _holding(table: Table, words: str) -> list[Any]:
    sought = words.strip().lower()
    if not sought:
        return []
    held = [table[name].lower().contains(sought).fill_null(False) for name in ("ticket", "customer", "subject")]
    return [held[0] | held[1] | held[2]]


def _summarised(table: Table) -> Table:
    agent = ibis.coalesce(table["solve_agent"], table["first_reply_agent"], table["opening_agent"])
    team = ibis.coalesce(table["solve_team"], table["first_reply_team"], table["opening_team"])
    return table.select(*SHOWN, "subject", agent=agent, team=team)
