"""The states a ticket went through: one row per change of status, assignee, team, tier or schedule, all values carried."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.clock import business_clock, rule_edges, schedule_number
from deskpulse.facts.build.instants import order_of, seconds
from deskpulse.metrics.fact import Table, Value
from deskpulse.settings import Settings
from deskpulse.store.history import carry_forward
from deskpulse.time.business import BusinessCalendar

TRACKED = ("status", "assignee", "team", "tier", "schedule")
UNSOLVED = ("new", "open", "pending", "on_hold")
SOLVED = ("solved", "closed")
OPENING = -1


def states(events: Mapping[str, Table], settings: Settings, calendar: BusinessCalendar, slots: Table) -> Table:
    """Columns: ticket_key, ord, at, next_at, by, the tracked values now and before, number, b_from, b_to."""
    rows = _openings(events["ticket"]).union(_changes(events["change"]))
    for edge in rule_edges(settings):
        rows = rows.union(_boundary(events["ticket"], edge))
    carried = carry_forward(
        rows,
        key="ticket_key",
        order="ord",
        carried=("channel", *TRACKED),
        before=("status", "assignee", "team", "tier"),
        after=("at",),
    )
    numbered = carried.mutate(number=schedule_number(carried, settings, calendar))
    if settings.business_clock == "last_schedule":
        numbered = _under_last_schedule(numbered)
    begun = business_clock(numbered, slots, calendar, at="at", number="number", into="b_from")
    return business_clock(begun, slots, calendar, at="next_at", number="number", into="b_to")


def _openings(ticket: Table) -> Table:
    values = {name: ticket[name].cast("string").fill_null("") for name in TRACKED if name != "status"}
    return ticket.select(
        "ticket_key",
        "source",
        at=seconds(ticket.created_at),
        ord=ibis.literal(OPENING, "int64"),
        by=ibis.null("string"),
        channel=ticket.channel.fill_null(""),
        status=ticket.status.cast("string").fill_null("new"),
        **values,
    )


def _changes(change: Table) -> Table:
    tracked = change.filter(change.field.cast("string").isin(TRACKED))
    field = tracked.field.cast("string")
    at = seconds(tracked.at)
    values = {name: (field == name).ifelse(tracked.new.fill_null(""), ibis.null("string")) for name in TRACKED}
    return tracked.select(
        "ticket_key",
        "source",
        at=at,
        ord=order_of(at, tracked.seq),
        by=tracked.by,
        channel=ibis.null("string"),
        **values,
    )


def _boundary(ticket: Table, edge: int) -> Table:
    """A row where a schedule rule begins or ends, so that the stretch before keeps its own schedule."""
    open_then = ticket.filter(seconds(ticket.created_at) < edge)
    nothing = {name: ibis.null("string") for name in ("by", "channel", *TRACKED)}
    at = ibis.literal(edge, "int64")
    return open_then.select("ticket_key", "source", at=at, ord=order_of(at, ibis.literal(0)) - 1, **nothing)


def _under_last_schedule(rows: Table) -> Table:
    last = rows.filter(rows.next_at.isnull()).select("ticket_key", last_number="number")
    joined = rows.left_join(last, "ticket_key")
    return joined.mutate(number=joined.last_number).drop("last_number", "ticket_key_right")


def is_solve(rows: Table) -> Value:
    """The row takes the ticket from unsolved to solved."""
    return (rows.status == "solved") & ~rows.previous_status.isin(SOLVED).fill_null(False)


def is_reopening(rows: Table) -> Value:
    """The row takes the ticket from solved or closed back to unsolved."""
    return rows.status.isin(UNSOLVED) & rows.previous_status.isin(SOLVED).fill_null(False)


def with_clock(rows: Table) -> Table:
    """Adds ``k``, the ticket's own business clock at the row's start.

    Under one schedule k is B(at); where the schedule changes in mid-ticket it is the sum of the stretches before, each
    under the schedule then in force. Only differences of k within a ticket mean anything. A ticket of which a stretch
    has no schedule has no business time at all.
    """
    kinds = rows.group_by("ticket_key").agg(
        least=rows.number.min(), most=rows.number.max(), known=rows.number.count(), stretches=rows.count()
    )
    kinds = kinds.select("ticket_key", is_mixed=(kinds.least != kinds.most), is_known=kinds.known == kinds.stretches)
    joined = rows.left_join(kinds, "ticket_key").drop("ticket_key_right")
    single = joined.filter(joined.is_mixed.fill_null(True) == False)  # noqa: E712
    mixed = joined.filter(joined.is_mixed.fill_null(True))
    running = ibis.window(group_by="ticket_key", order_by="ord", preceding=(None, 1))
    summed = mixed.mutate(k=(mixed.b_to - mixed.b_from).sum().over(running).fill_null(0))
    known = single.mutate(k=single.b_from).union(summed.mutate(k=summed.k.cast("int64")))
    return known.mutate(k=known.is_known.ifelse(known.k, ibis.null("int64")))
