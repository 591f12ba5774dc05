"""The fact of engagement answers, without whoever gave them."""

from __future__ import annotations

import ibis

from deskpulse.facts import engagement
from deskpulse.facts.build.instants import seconds
from deskpulse.facts.build.people import with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value

LOW, HIGH = 1, 10
RECOMMENDS = "enps"


def engagement_rows(events: Table, stretches: Table) -> Table:
    """One row per answer from 1 to 10 (the recommendation may be 0). People become numbers.

    Where nobody says who answered, the answers of one team to one question in one month come of as many people.
    """
    dated = events.mutate(at_seconds=seconds(events["at"]), shown_for=events.team, question=events.question.lower())
    rows = with_team_then(dated, stretches, agent="person", at="at_seconds", team="team")
    rows = rows.mutate(team=ibis.coalesce(rows.shown_for, rows.team), score=rows.score.cast("float64"))
    low = (rows.question == RECOMMENDS).fill_null(False).ifelse(0, LOW)
    is_within = rows.score.between(low, HIGH)
    numbered = rows.mutate(
        answer=_place(rows),
        respondent=_respondent(rows),
        answered_at=rows["at"],
        left_out=ibis.null("string"),
        score=is_within.ifelse(rows.score, ibis.null("float64")),
        score_low=ibis.literal(LOW),
        score_high=ibis.literal(HIGH),
        is_blank=~is_within,
    )
    return shaped(numbered, engagement.FACT)


def _place(rows: Table) -> Value:
    order = ibis.window(order_by=[rows["at"], rows.source, rows.source_id])
    return ibis.row_number().over(order).cast("string")


def _respondent(rows: Table) -> Value:
    everybody = ibis.window(order_by=[rows.source, rows.person])
    known = ibis.dense_rank().over(everybody).cast("string")
    wave = ibis.window(
        group_by=[rows.source, rows.team, rows.question, rows["at"].truncate("M")],
        order_by=[rows["at"], rows.source_id],
    )
    unnamed = rows.team.fill_null("") + ":" + ibis.row_number().over(wave).cast("string")
    return ibis.cases((rows.person.notnull(), known), else_=ibis.literal("unnamed:") + unnamed)
