"""The fact of public reviews."""

from __future__ import annotations

import ibis

from deskpulse.facts import review
from deskpulse.facts.build.instants import seconds
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value

FEWEST, MOST = 1, 5
OF_TICKET = ("left_out", "channel", "type", "topic", "solve_agent", "solve_team", "solve_partner")


def review_rows(events: Table, tickets: Table) -> Table:
    """One row per review. Stars outside 1 to 5 are none; the wait runs from the last solve before the review."""
    named = events.mutate(ticket_name=events.source + ":" + events.ticket).drop("ticket")
    of_ticket = tickets.select("ticket", "first_solved_at", "solved_at", *OF_TICKET)
    rows = named.left_join(of_ticket, named.ticket_name == of_ticket.ticket).drop("ticket")
    is_rated = rows.stars.between(FEWEST, MOST).fill_null(False)
    solicited = ibis.cases((rows.is_solicited, "yes"), (~rows.is_solicited, "no"))
    final = rows.mutate(
        review=rows.source + ":" + rows.source_id,
        ticket=rows.ticket_name,
        customer=rows.source + ":" + rows.customer,
        agent=rows.solve_agent,
        team=rows.solve_team,
        partner=rows.solve_partner,
        published_at=rows["at"],
        stars=is_rated.ifelse(rows.stars, ibis.null("float64")),
        fewest_stars=ibis.literal(FEWEST),
        most_stars=ibis.literal(MOST),
        time_to_review=_since_solved(rows),
        is_rated=is_rated,
        is_positive=is_rated & (rows.stars == MOST),
        solicited=solicited,
    )
    return shaped(final, review.FACT)


def _since_solved(rows: Table) -> Value:
    at, last, first = (seconds(rows[name]) for name in ("at", "solved_at", "first_solved_at"))
    return ibis.cases((at >= last, at - last), (at >= first, at - first), else_=ibis.null("int64"))
