"""Facts from events. A batch of tickets is read as columns in ticket order and worked in whole-column passes."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from deskpulse.facts import reply, solve, span, ticket
from deskpulse.facts.build.batch import read_history
from deskpulse.facts.build.clock import lay_out
from deskpulse.facts.build.conversation import replies, talk
from deskpulse.facts.build.credit import customers
from deskpulse.facts.build.moments import Pieces
from deskpulse.facts.build.rows import reply_columns, solve_columns, span_columns
from deskpulse.facts.build.shape import filled
from deskpulse.facts.build.solves import solves
from deskpulse.facts.build.stretches import stretches
from deskpulse.facts.build.tickets import policy_rows, ticket_columns
from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.store.texts import Asked, Desk, Memory
from deskpulse.time.business import BusinessCalendar

Events = Mapping[str, Table]
BY_TICKET = ("ticket", "reply", "span", "solve")


def build_facts(
    events: Events, settings: Settings, calendar: BusinessCalendar, desk: Desk | None = None
) -> Mapping[str, pa.Table]:
    """The facts ticket, reply, span and solve of a batch of tickets.

    ``events`` holds an ibis table per event table; those bound to a ticket carry ``ticket_key`` and ``owner_key`` (the
    ticket that survived a merge). All tickets of a customer must be in the batch.
    """
    pieces = _pieces(events, settings, calendar, desk or Memory())
    tickets = ticket_columns(pieces)
    return {
        "ticket": filled(tickets, ticket.FACT),
        "reply": filled(reply_columns(pieces, tickets), reply.FACT),
        "span": filled(span_columns(pieces, tickets), span.FACT),
        "solve": filled(solve_columns(pieces, tickets), solve.FACT),
    }


def _pieces(events: Events, settings: Settings, calendar: BusinessCalendar, desk: Desk) -> Pieces:
    clock = lay_out(settings, calendar)
    history = read_history(events, desk)
    rows = stretches(history, clock)
    said = talk(history.messages, len(history.tickets))
    return Pieces(
        history=history,
        rows=rows,
        said=said,
        answered=replies(history.messages, history.tickets, said, rows, clock),
        solved=solves(rows),
        clock=clock,
        customers=customers(events, history.tickets.arrow, history.tickets.created_at, desk),
        policies=desk.fetch(Asked(name="own targets of tickets", build=lambda: policy_rows(events["policy_target"]))),
    )
