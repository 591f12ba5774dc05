"""The last step: rows in the shape the facts declare, with names to show and instants as timestamps."""

from __future__ import annotations

import ibis

from deskpulse.facts import reply, solve, span, ticket
from deskpulse.facts.build.clock import schedule_name
from deskpulse.facts.build.instants import distinct, elapsed, moment
from deskpulse.facts.build.people import with_names
from deskpulse.facts.build.states import UNSOLVED
from deskpulse.facts.build.tickets import durations, reason_left_out, waits
from deskpulse.metrics.fact import Fact, Kind, Table, Value
from deskpulse.time.business import BusinessCalendar

TYPES: dict[Kind, str] = {
    "text": "string",
    "instant": "timestamp",
    "seconds": "int64",
    "integer": "int64",
    "number": "float64",
    "flag": "boolean",
}
DUES = tuple(f"{metric}_due_by_{by}" for metric in ("first_response", "resolution") for by in ("channel", "priority", "policy"))
TICKET_DIMENSIONS = ("channel", "type", "topic", "priority")


def shaped(rows: Table, fact: Fact) -> Table:
    """The fact's declared columns in their order and types."""
    return rows.select(**{name: rows[name].cast(TYPES[column.kind]) for name, column in fact.columns.items()})


def ticket_rows(rows: Table, labels: Table, calendar: BusinessCalendar) -> Table:
    """The fact of tickets from its gathered moments."""
    ready = rows.mutate(
        answered_at=_first_answer(rows, "at"),
        answered_k=_first_answer(rows, "k"),
        restarted_at=ibis.greatest(rows.asked_at, rows.reopened_at.fill_null(0)),
        restarted_k=ibis.greatest(rows.asked_k, rows.reopened_k.fill_null(-1)),
    )
    ready = ready.mutate(**durations(ready), **waits(ready), **_counts(ready), **_flags(ready))
    named = with_names(ready, labels, "opening_agent", "first_reply_agent", "solve_agent", "first_solve_agent")
    instants = {name: moment(named[name]) for name in ("created_at", "first_solved_at", "solved_at", *DUES)}
    final = named.mutate(
        **instants,
        left_out=reason_left_out(named),
        schedule=schedule_name(named.last_number, calendar),
        tier=named.tier.nullif(""),
        first_replied_at=moment(named.replied_at),
        first_answered_at=moment(named.answered_at),
        next_contact_at=moment(ibis.least(named.next_at, named.first_reopened_at)),
    )
    return shaped(final, ticket.FACT)


def _first_answer(rows: Table, clock: str) -> Value:
    """The first public reply of a person or a bot, whichever came first after the customer began to wait."""
    by_bot = (rows.first_bot_at >= rows.started_at).ifelse(rows[f"first_bot_{clock}"], ibis.null("int64"))
    return ibis.least(by_bot, rows[f"replied_{clock}"])


def _counts(rows: Table) -> dict[str, Value]:
    counts = ("customer_messages", "bot_messages", "exchanges", "solves", "reopenings", "reassignments")
    known = {name: rows[name].fill_null(0) for name in (*counts, "team_transfers", "tier_escalations")}
    is_outbound = (rows.opened_by == "agent:public").ifelse(1, 0)
    replies = ibis.greatest(rows.agent_messages.fill_null(0) - is_outbound.fill_null(0), 0)
    nobody = ibis.literal([], type="array<string>")
    people = distinct(ibis.coalesce(rows.assignees, nobody).concat(ibis.coalesce(rows.authors, nobody)))
    return known | {
        "agent_replies": replies,
        "messages": rows.customer_messages.fill_null(0) + rows.agent_messages.fill_null(0),
        "agents": people.length(),
    }


def _flags(rows: Table) -> dict[str, Value]:
    is_solved = rows.solved_at.notnull()
    return {
        "is_solved": is_solved,
        "is_one_touch": is_solved & (rows.exchanges == 1).fill_null(False) & (rows.reopenings == 0),
        "is_handled": rows.replied_at.notnull() | rows.assigned_at.notnull() | (rows.solves > 0),
        "has_escalation_asked": rows.last_escalation_asked.notnull(),
    }


def _of_ticket(rows: Table, tickets: Table, *more: str) -> Table:
    """The rows with their ticket's id, dimensions and reason to be left out."""
    wanted = tickets.select(
        "ticket_key", "ticket", "left_out", *TICKET_DIMENSIONS, *more, ticket_source=tickets.source
    )
    joined = rows.inner_join(wanted, "ticket_key")
    return joined.mutate(source=joined.ticket_source)


def reply_rows(replies: Table, tickets: Table, labels: Table) -> Table:
    """The fact of replies."""
    rows = _of_ticket(replies, tickets).mutate(agent=replies.author)
    later = ibis.window(group_by="ticket_key")
    is_later = rows.turn > 1
    sums = {
        "mean": rows.wait.mean(where=is_later).over(later).round().cast("int64"),
        "business_mean": rows.business_wait.mean(where=is_later).over(later).round().cast("int64"),
        "last_turn": rows.turn.max().over(later),
    }
    summed = rows.mutate(**sums)
    is_last = (summed.turn == summed.last_turn) & (summed.turn > 1)
    final = summed.mutate(
        asked_at=moment(summed.asked_at),
        replied_at=moment(summed["at"]),
        is_first=summed.turn == 1,
        wait_seconds=summed.wait,
        wait_business_seconds=summed.business_wait,
        ticket_mean_wait_seconds=is_last.ifelse(summed["mean"], ibis.null("int64")),
        ticket_mean_wait_business_seconds=is_last.ifelse(summed.business_mean, ibis.null("int64")),
    )
    return shaped(with_names(final, labels, "agent"), reply.FACT)


def span_rows(stretch: Table, tickets: Table, labels: Table, calendar: BusinessCalendar) -> Table:
    """The fact of spans."""
    rows = _of_ticket(stretch.drop("channel"), tickets, "created_at")
    by_ticket = ibis.window(group_by="ticket_key", order_by="ord")
    is_unsolved = rows.status.isin(UNSOLVED)
    final = rows.mutate(
        position=ibis.row_number().over(by_ticket) + 1,
        agent=rows.assignee.nullif(""),
        team=rows.team.nullif(""),
        tier=rows.tier.nullif(""),
        schedule=schedule_name(rows.number, calendar),
        ticket_created_at=rows.created_at,
        from_at=moment(rows["at"]),
        to_at=moment(rows.next_at),
        stretch_seconds=elapsed(rows["at"], rows.next_at),
        stretch_business_seconds=elapsed(rows.b_from, rows.b_to),
        is_unsolved=is_unsolved,
        is_unassigned=is_unsolved & (rows.assignee == ""),
    )
    return shaped(with_names(final, labels, "agent"), span.FACT)


def solve_rows(solves: Table, tickets: Table, labels: Table) -> Table:
    """The fact of solves."""
    rows = _of_ticket(solves, tickets)
    final = rows.mutate(solved_at=moment(rows["at"]), reopened_at=moment(rows.reopened_at))
    return shaped(with_names(final, labels, "agent"), solve.FACT)
