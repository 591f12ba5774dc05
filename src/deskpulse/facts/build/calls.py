"""The facts of calls and of the legs people handled."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts import call
from deskpulse.facts.build.instants import first_by, seconds
from deskpulse.facts.build.people import with_names, with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value


def call_rows(events: Mapping[str, Table], stretches: Table, labels: Table) -> Table:
    """One row per call: missed by three agents and answered by a fourth is answered."""
    legs = events["call_leg"]
    taken = legs.filter(legs.is_answered.fill_null(False))
    first = taken.group_by(["source", "call"]).agg(agent=first_by(taken.agent, seconds(taken["at"])))
    rows = events["call"]
    joined = rows.left_join(first, [rows.source == first.source, rows.source_id == first.call]).drop(
        "source_right", "call"
    )
    dated = joined.mutate(at=seconds(joined.offered_at), line_team=joined.team)
    then = with_team_then(dated, stretches, agent="agent", at="at", team="team")
    outcome = then.outcome.cast("string")
    final = then.mutate(
        call=then.source + ":" + then.source_id,
        ticket=then.source + ":" + then.ticket,
        customer=then.source + ":" + then.customer,
        team=ibis.coalesce(then.line_team, then.team),
        left_out=_reason(then),
        is_answered=(outcome == "answered") | then.agent.notnull(),
        is_abandoned=outcome == "abandoned",
    )
    return shaped(with_names(final, labels, "agent"), call.FACT)


def handle_rows(events: Mapping[str, Table], stretches: Table, labels: Table) -> Table:
    """One row per leg of a call: a transfer is two handles, and wrap-up belongs to its own leg."""
    legs = events["call_leg"].mutate(person_id=events["call_leg"].agent).drop("agent")
    calls = events["call"].select(
        "source", "queue", "topic", "is_test", call_id="source_id", line_team="team", outcome="outcome"
    )
    joined = legs.inner_join(calls, [legs.source == calls.source, legs.call == calls.call_id])
    worked = {part: joined[f"{part}_seconds"].fill_null(0) for part in ("dial", "talk", "hold", "wrap")}
    handle = worked["talk"] + worked["hold"] + worked["wrap"]
    rows = joined.mutate(
        agent=joined.person_id,
        team=joined.line_team,
        at=seconds(joined["at"]),
        handled_at=joined["at"],
        handle_seconds=handle,
        handle_with_dial_seconds=handle + worked["dial"],
        is_handled=joined.is_answered.fill_null(False),
        call=joined.source + ":" + joined.call,
        left_out=_reason(joined),
    )
    then = with_team_then(rows, stretches, agent="agent", at="at", team="team")
    return shaped(with_names(then, labels, "agent"), call.HANDLE)


def _reason(rows: Table) -> Value:
    return ibis.cases(
        (rows.outcome.cast("string") == "phantom", "phantom"), (rows.is_test.fill_null(False), "test"), else_=None
    )
