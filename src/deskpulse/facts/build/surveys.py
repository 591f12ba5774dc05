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
USUAL_SCALES = {"nps": (0.0, 10.0), "ces1": (1.0, 5.0), "ces2": (1.0, 7.0), "resolved": (0.0, 1.0)}
"""The scale of a question where the source does not tell it; satisfaction has no usual one."""


def survey_rows(events: Table, tickets: Table, stretches: Table, labels: Table) -> Table:
    """One row per question of a survey; an answer outside its scale is no answer (out-of-range codes stand for blanks).

    A survey about a ticket that was merged away is about the one that survived.
    """
    rows = _answers(_scaled(events))
    sums = _invitations(rows)
    joined = _with_ticket(sums, tickets)
    dated = joined.mutate(at=ibis.coalesce(joined.answered, joined.offered, joined.blank))
    then = with_team_then(dated, stretches, agent="agent", at="at", team="team")
    named = with_names(then, labels, "agent")
    agent = ibis.coalesce(named.agent, named.solve_agent)
    final = named.mutate(
        agent=agent,
        partner=ibis.ifelse(named.agent.isnull(), ibis.coalesce(named.solve_partner, named.partner), named.partner),
        offered_at=moment(named.offered),
        answered_at=moment(ibis.coalesce(named.answered, named.blank)),
        rated_at=moment(ibis.coalesce(named.rated, named.blank)),
        is_answered=named.answered.notnull(),
        is_blank=named.answered.isnull() & named.blank.notnull(),
        **_boxes(named),
        **_second_thoughts(named),
    )
    return shaped(final, survey.FACT)


def touched_surveys(events: Table, known: Table, tickets: Table, touched: Table) -> Table:
    """The surveys (``survey``) about touched tickets: those of their events, and those the fact ``known`` has now.

    Surveys about no ticket are those of ticket 0.
    """
    told = events.semi_join(touched, events.owner_key == touched.ticket_key)
    named = tickets.semi_join(touched, "ticket_key")
    alone = known.filter(known.ticket.isnull()).mutate(ticket_key=ibis.literal(0, "int64"))
    return ibis.union(
        told.select(survey=told.source + ":" + told.survey),
        known.semi_join(named, "ticket").select("survey"),
        alone.semi_join(touched, "ticket_key").select("survey"),
        distinct=True,
    )


def _scaled(events: Table) -> Table:
    """The events with the question as text and the scale it is usually asked on, where none is told."""
    kind = events.kind.cast("string")
    usual = [
        ibis.cases(*((kind == name, ends[place]) for name, ends in USUAL_SCALES.items()), else_=ibis.null("float64"))
        for place in (0, 1)
    ]
    ends = (events.scale_low, events.scale_high)
    is_untold = (events.action.cast("string") == "answered") & (ends[0].isnull() | ends[1].isnull())
    low, high = (is_untold.ifelse(other, end) for other, end in zip(usual, ends, strict=True))
    return events.mutate(kind_text=kind, scale_low=low, scale_high=high)


def _answers(events: Table) -> Table:
    """Each row with its place in its survey, and whether it is an answer, a blank, or neither (an invitation)."""
    is_given = events.action.cast("string") == "answered"
    is_within = events.score.between(events.scale_low, events.scale_high).fill_null(events.score.notnull())
    arrival = [events["at"], events.source_id.length(), events.source_id]
    return events.mutate(
        at_seconds=seconds(events["at"]),
        place=ibis.row_number().over(ibis.window(group_by=["source", "survey", "kind_text"], order_by=arrival)),
        is_answer=is_given & is_within,
        is_no_answer=is_given & ~is_within,
    )


def _invitations(rows: Table) -> Table:
    offered = rows.action.cast("string") == "offered"
    at, place = rows.at_seconds, rows.place
    order = rows.is_answer.ifelse(place, ibis.null("int64"))
    of_ticket = rows.ticket.notnull().ifelse(place, ibis.null("int64"))
    score = rows.score.cast("string")
    found = rows.group_by(["source", "survey", "kind_text"]).agg(
        ticket=last_by(rows.ticket, of_ticket),
        ticket_key=last_by(rows.owner_key.cast("string"), of_ticket).cast("int64"),
        customer=rows.customer.max(),
        agent=last_by(rows.agent, rows.agent.notnull().ifelse(place, ibis.null("int64"))),
        team=last_by(rows.team, rows.team.notnull().ifelse(place, ibis.null("int64"))),
        sent_by=rows.channel.max(),
        offered=at.min(where=offered),
        answered=at.min(where=rows.is_answer),
        rated=at.max(where=rows.is_answer),
        blank=at.min(where=rows.is_no_answer),
        first_score=first_by(score, order).cast("float64"),
        score=last_by(score, order).cast("float64"),
        comment=last_by(rows.comment, rows.comment.notnull().ifelse(order, ibis.null("int64"))),
        scale_low=rows.scale_low.max(),
        scale_high=rows.scale_high.max(),
        weight=rows.weight.max(),
    )
    low, high = (found[name].cast("int64").cast("string") for name in ("scale_low", "scale_high"))
    return found.mutate(kind=found.kind_text, scale=low + "-" + high)


def _with_ticket(sums: Table, tickets: Table) -> Table:
    of_ticket = tickets.select(
        "ticket_key", "left_out", "channel", "type", "topic", "priority", "solve_agent", "solve_team", "solve_partner"
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
        "is_agreement": answered & (rows.score > middle),
    }


def _second_thoughts(rows: Table) -> dict[str, Value]:
    """How the last answer differs from the first: raised is from bad to good."""
    answered = rows.answered.notnull()
    raised, lowered = answered & (rows.score > rows.first_score), answered & (rows.score < rows.first_score)
    named = ibis.cases((raised, "raised"), (lowered, "lowered"), else_=ibis.null("string"))
    return {"was_raised": raised, "was_lowered": lowered, "rerating": named}
