"""The fact of surveys: one row per invitation, first and last answer both kept."""

from __future__ import annotations

import ibis

from deskpulse.facts import survey
from deskpulse.facts.build.instants import first_by, last_by, moment, seconds
from deskpulse.facts.build.people import with_names, with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value

FIVE_POINTS = 5
TWO_BOXES = 2


def survey_rows(events: Table, tickets: Table, stretches: Table, labels: Table) -> Table:
    """One row per survey; an answer outside its scale is no answer (out-of-range codes stand for blanks).

    A survey about a ticket that was merged away is about the one that survived.
    """
    rows = _answers_within_scale(events)
    sums = _invitations(rows)
    joined = _with_ticket(sums, tickets)
    dated = joined.mutate(at=ibis.coalesce(joined.answered, joined.offered))
    then = with_team_then(dated, stretches, agent="agent", at="at", team="team")
    named = with_names(then, labels, "agent")
    agent = ibis.coalesce(named.agent, named.solve_agent)
    final = named.mutate(
        agent=agent,
        offered_at=moment(named.offered),
        answered_at=moment(named.answered),
        rated_at=moment(named.rated),
        is_answered=named.answered.notnull(),
        **_boxes(named),
    )
    return shaped(final, survey.FACT)


def _answers_within_scale(events: Table) -> Table:
    is_answer = events.action.cast("string") == "answered"
    is_within = events.score.between(events.scale_low, events.scale_high).fill_null(events.score.notnull())
    kept = events.filter(~is_answer | is_within)
    answer = kept.action.cast("string") == "answered"
    arrival = [kept["at"], kept.source_id.length(), kept.source_id]
    return kept.mutate(
        at_seconds=seconds(kept["at"]),
        place=ibis.row_number().over(ibis.window(group_by=["source", "survey"], order_by=arrival)),
        is_answer=answer,
        kind_text=kept.kind.cast("string"),
    )


def _invitations(rows: Table) -> Table:
    offered = rows.action.cast("string") == "offered"
    at, place = rows.at_seconds, rows.place
    order = rows.is_answer.ifelse(place, ibis.null("int64"))
    of_ticket = rows.ticket.notnull().ifelse(place, ibis.null("int64"))
    score = rows.score.cast("string")
    return rows.group_by(["source", "survey"]).agg(
        kind=rows.kind_text.max(),
        ticket=last_by(rows.ticket, of_ticket),
        ticket_key=last_by(rows.owner_key.cast("string"), of_ticket).cast("int64"),
        customer=rows.customer.max(),
        agent=last_by(rows.agent, rows.agent.notnull().ifelse(place, ibis.null("int64"))),
        team=last_by(rows.team, rows.team.notnull().ifelse(place, ibis.null("int64"))),
        sent_by=rows.channel.max(),
        offered=at.min(where=offered),
        answered=at.min(where=rows.is_answer),
        rated=at.max(where=rows.is_answer),
        first_score=first_by(score, order).cast("float64"),
        score=last_by(score, order).cast("float64"),
        comment=last_by(rows.comment, rows.comment.notnull().ifelse(order, ibis.null("int64"))),
        scale_low=rows.scale_low.max(),
        scale_high=rows.scale_high.max(),
        weight=rows.weight.max(),
    )


def _with_ticket(sums: Table, tickets: Table) -> Table:
    of_ticket = tickets.select(
        "ticket_key", "left_out", "channel", "type", "topic", "priority", "solve_agent", "solve_team"
    )
    joined = sums.left_join(of_ticket, "ticket_key").drop("ticket_key_right")
    return joined.mutate(
        channel=ibis.coalesce(joined.channel, joined.sent_by),
        team=ibis.coalesce(joined.team, joined.solve_team),
        ticket=joined.source + ":" + joined.ticket,
        customer=joined.source + ":" + joined.customer,
        survey=joined.source + ":" + joined.survey,
    )


def _boxes(rows: Table) -> dict[str, Value]:
    """Satisfied is the top two boxes of a scale of five points or more, the best answer of a shorter one."""
    answered = rows.answered.notnull()
    span = rows.scale_high - rows.scale_low
    boxes = (span >= FIVE_POINTS - 1).ifelse(TWO_BOXES, 1)
    middle = (rows.scale_high + rows.scale_low) / 2
    return {
        "is_satisfied": answered & (rows.score > rows.scale_high - boxes),
        "is_top_box": answered & (rows.score == rows.scale_high),
        "is_dissatisfied": answered & (rows.score < middle),
        "is_neutral": answered & (rows.score == middle),
    }
