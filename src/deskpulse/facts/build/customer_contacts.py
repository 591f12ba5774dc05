"""The fact of contacts: tickets and calls of one customer seen together, each with the next one."""

from __future__ import annotations

import ibis

from deskpulse.facts import contact
from deskpulse.facts.build.contacts import FOLLOWED_SECONDS
from deskpulse.facts.build.instants import moment, seconds
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value

PHONE = "phone"
OF_TICKET = (
    "ticket_key", "ticket", "left_out", "source", "channel", "topic", "customer", "first_solve_agent",
    "first_solve_team", "created_at", "first_solved_at", "next_contact_at",
)  # fmt: skip
UNKNOWN, ANY = " unknown", " any"
NEVER = 1 << 40
"""Seconds since 1970, past every instant."""


def contact_rows(tickets: Table, calls: Table, about: Table | None = None) -> Table:
    """One row per ticket and per call without one. A call about a ticket is a further contact once that was solved.

    ``about`` are the tickets that calls may be about, where ``tickets`` are not all of them. When its customer next
    opened a ticket, a ticket tells already: only those who rang are looked at again.
    """
    single = calls.filter(~calls.is_counted & (calls.direction != "outbound").fill_null(True))
    rows = _tickets(tickets).union(_calls(single.filter(single.ticket.isnull())))
    of_callers = rows.semi_join(single.filter(single.customer.notnull()).select("customer").distinct(), "customer")
    callbacks = _callbacks(single, tickets if about is None else about)
    further = _with_next(rows, of_callers, _points(of_callers).union(callbacks))
    is_soon = further.following <= ibis.coalesce(further.dealt, further.begun) + FOLLOWED_SECONDS
    following = is_soon.ifelse(further.following, NEVER)
    final = further.mutate(
        begun_at=moment(further.begun),
        dealt_with_at=moment(further.dealt),
        next_contact_at=moment(ibis.least(_or_never(further.known), _or_never(following)).nullif(NEVER)),
    )
    return shaped(final, contact.FACT)


def touched_customers(tickets: Table, former: Table, calls: Table) -> Table:
    """Whose contacts touched tickets bear on (``customer``): these are given as they are and as they were. A call
    about a ticket may be somebody else's."""
    customers = ibis.union(
        tickets.select("customer"), former.select("customer"), calls.semi_join(tickets, "ticket").select("customer")
    )
    return customers.filter(customers.customer.notnull()).distinct()


def bearing_tickets(tickets: Table, touched: Table, calls: Table, whose: Table) -> Table:
    """The tickets to look at again: touched ones, and all of customers whose contacts those bear on otherwise than by
    being tickets of theirs (who rang, or had a touched ticket before)."""
    own = tickets.semi_join(touched, "ticket_key")
    others = whose.anti_join(own, "customer").select("customer")
    theirs = others.union(calls.semi_join(whose, "customer").select("customer"))
    keys = tickets.semi_join(theirs, "customer").select("ticket_key").union(touched.select("ticket_key"))
    return tickets.semi_join(keys, "ticket_key").select(*OF_TICKET)


def stale_contacts(known: Table, tickets: Table, former: Table, whose: Table) -> Table:
    """The contacts (``contact``, ``is_call``) in the fact ``known`` of tickets that are looked at again, or were
    before, and the calls of these customers."""
    named = tickets.select("ticket").union(former.select("ticket"))
    of_tickets = known.filter(~known.is_call).semi_join(named, known.contact == named.ticket)
    theirs = known.filter(known.is_call).semi_join(whose, "customer")
    return of_tickets.union(theirs).select("contact", "is_call")


def _or_never(epoch: Value) -> Value:
    return epoch.fill_null(NEVER)


def _tickets(tickets: Table) -> Table:
    return tickets.select(
        contact="ticket",
        own_id="t " + tickets.ticket,  # a ticket and a call may have the same id
        left_out="left_out",
        source="source",
        channel="channel",
        topic="topic",
        customer="customer",
        agent="first_solve_agent",
        team="first_solve_team",
        begun=seconds(tickets.created_at),
        dealt=seconds(tickets.first_solved_at),
        known=seconds(tickets.next_contact_at),
        is_call=ibis.literal(False),
    )


def _calls(calls: Table) -> Table:
    return calls.select(
        contact="call",
        own_id="c " + calls.call,
        left_out="left_out",
        source="source",
        channel=ibis.literal(PHONE),
        topic="topic",
        customer="customer",
        agent="agent",
        team="team",
        begun=seconds(calls.offered_at),
        dealt=calls.is_answered.ifelse(seconds(calls.offered_at), ibis.null("int64")),
        known=ibis.null("int64"),
        is_call=ibis.literal(True),
    )


def _points(rows: Table) -> Table:
    """When customers made contact; what never counts is none."""
    counting = rows.filter(rows.left_out.isnull() & rows.customer.notnull())
    return counting.select("customer", "topic", at="begun")


def _callbacks(calls: Table, tickets: Table) -> Table:
    """Calls about a ticket after it was solved."""
    solved = tickets.select("ticket", solved=seconds(tickets.first_solved_at), about=tickets.topic)
    joined = calls.inner_join(solved, "ticket")
    back = joined.filter(joined.left_out.isnull() & (seconds(joined.offered_at) > joined.solved))
    return back.select("customer", topic=ibis.coalesce(back.topic, back.about), at=seconds(back.offered_at))


def _with_next(rows: Table, asking: Table, points: Table) -> Table:
    """Adds to rows that are ``asking`` when the customer next made contact about the same topic, or one of either
    unknown; later, by a second."""
    own = points.select(scope=_scope(points), at="at").union(points.select(scope=_any(points), at="at"))
    known = asking.filter(asking.topic.notnull())
    unsure = asking.filter(asking.topic.isnull())
    asked = ibis.union(
        known.select("own_id", scope=_scope(known), at="begun"),
        known.select("own_id", scope=known.customer + UNKNOWN, at="begun"),
        unsure.select("own_id", scope=_any(unsure), at="begun"),
    )
    line = asked.mutate(point=ibis.null("int64"), place=ibis.literal(1)).union(
        own.select(own_id=ibis.null("string"), scope="scope", at="at", point="at", place=ibis.literal(0))
    )
    ahead = ibis.window(group_by="scope", order_by=["at", "place"], rows=(0, None))
    found = line.mutate(after=line.point.min().over(ahead)).filter(lambda seen: seen.own_id.notnull())
    nearest = found.group_by("own_id").agg(following=found.after.min())
    return rows.left_join(nearest, "own_id").drop("own_id_right")


def _scope(rows: Table) -> Value:
    """Whose contacts about what; null, and so nobody's, where the customer is unknown."""
    return rows.customer + ibis.coalesce(" about " + rows.topic, ibis.literal(UNKNOWN))


def _any(rows: Table) -> Value:
    """Whose contacts, whatever they are about."""
    return rows.customer + ANY
