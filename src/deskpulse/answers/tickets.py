"""Finding tickets: by words, by dimension, in an order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.answers.filtered import Selection, counted, filtered, holding, paged, within
from deskpulse.answers.profile import fact_table
from deskpulse.answers.question import Filter
from deskpulse.answers.visible import visible
from deskpulse.errors import UnknownNameError
from deskpulse.facts import ticket
from deskpulse.metrics.fact import Table

SHOWN = (
    *("ticket", "created_at", "solved_at", "channel", "topic", "priority", "status", "customer", "left_out"),
    *("first_response_seconds", "resolution_seconds", "exchanges", "reopenings"),
)
NEWEST = "newest"
# By what name, in which words, by which column, and whether from the top.
ORDERS: Mapping[str, tuple[str, str, bool]] = {
    NEWEST: ("newest first", "created_at", True),
    "oldest": ("oldest first", "created_at", False),
    "slowest_reply": ("slowest first reply", "first_response_seconds", True),
    "slowest_solution": ("longest until solved", "resolution_seconds", True),
    "exchanges": ("most exchanges", "exchanges", True),
    "reopenings": ("most often reopened", "reopenings", True),
}


@dataclass(frozen=True, kw_only=True)
class TicketSummary:
    """A ticket in a list; ``agent`` and ``team`` solved it, else they were its first. Seconds are elapsed ones."""

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
    first_response_seconds: int | None = None
    resolution_seconds: int | None = None
    exchanges: int | None = None
    reopenings: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """Some of the tickets that were found, and how many there are in all."""

    rows: tuple[TicketSummary, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class Search(Selection):
    """What tickets are sought: those opened in the period whose id, customer or subject holds ``words``.

    ``order`` is one of ``ORDERS``. Without ``by_customer`` words are not sought in who asked.
    """

    customer: str | None = None
    by_customer: bool = True
    order: str = NEWEST


def find_tickets(backend: Any, sought: Search, *, most: int = 50, after: int = 0) -> TicketPage:
    """A page of the tickets sought; raises UnknownNameError for a dimension or an order there is none of."""
    if sought.order not in ORDERS:
        raise UnknownNameError("order of tickets", sought.order, ORDERS)
    table = _sought(backend, sought)
    rows = paged(backend, _ordered(_summarised(table), sought.order), most, after)
    return TicketPage(rows=tuple(TicketSummary(**row) for row in rows), total=counted(backend, table))


def _sought(backend: Any, sought: Search) -> Table:
    seen = visible(_with_subject(backend), sought.rules)
    table = within(
        filtered(seen, ticket.FACT, ticket.created_at, sought.where), ticket.created_at, sought.start, sought.end
    )
    table = holding(table, sought.words, ("ticket", "subject", *(("customer",) if sought.by_customer else ())))
    return table if sought.customer is None else table.filter(table["customer"] == sought.customer)


def ticket_summary(backend: Any, ticket: str, rules: tuple[Filter, ...] = ()) -> TicketSummary:
    """One ticket by its full name (``source:id``); raises UnknownNameError, also for one that ``rules`` hide."""
    table = visible(_with_subject(backend), rules)
    rows = backend.to_pyarrow(_summarised(table.filter(table["ticket"] == ticket))).to_pylist()
    if not rows:
        raise UnknownNameError("ticket", ticket, ())
    return TicketSummary(**rows[0])


def _with_subject(backend: Any) -> Table:
    tickets = fact_table(backend, ticket.FACT)
    try:
        opened = backend.table("event_ticket").select("ticket_key", "subject")
    except TableNotFound:
        return tickets.mutate(subject=ibis.null("string"))
    return tickets.left_join(opened, "ticket_key").drop("ticket_key_right")


def _summarised(table: Table) -> Table:
    agent = ibis.coalesce(table["solve_agent"], table["first_reply_agent"], table["opening_agent"])
    team = ibis.coalesce(table["solve_team"], table["first_reply_team"], table["opening_team"])
    return table.select(*SHOWN, "subject", agent=agent, team=team)


def _ordered(table: Table, order: str) -> Table:
    _, column, is_from_the_top = ORDERS[order]
    sorted_by = ibis.desc(column) if is_from_the_top else ibis.asc(column)
    return table.order_by([table[column].isnull(), sorted_by, "ticket"])
